/**
 * Builds and packs every published package: `pnpm packages:pack [FOLDER]`, by default into `dist/tarballs`.
 *
 * Earlier builds are removed first, so that no tarball has a file whose source is gone.
 */
import { globSync, mkdirSync, rmSync, statSync } from "node:fs"
import { join, relative, resolve } from "node:path"
import { type Manifest, manifestIn, must, published, root, run, say } from "./workspace.ts"

/** A packed package. */
export interface Tarball {
  readonly file: string
  readonly bytes: number
  /** The manifest as packed. */
  readonly manifest: Manifest
  /** Paths within the package. */
  readonly files: ReadonlyArray<string>
}

const read = async (file: string): Promise<Tarball> => ({
  file,
  bytes: statSync(file).size,
  manifest: JSON.parse(await run("tar", ["-xzOf", file, "package/package.json"])),
  files: (await run("tar", ["-tzf", file]))
    .trimEnd()
    .split("\n")
    .map((path) => path.replace(/^package\//, ""))
})

/** A tarball has what its sources make, the manifest, the README and the licence, and nothing else. */
const checkFiles = ({ files, manifest }: Tarball): void => {
  const folder = published.find((folder) => manifestIn(folder).name === manifest.name) ?? ""
  const built = globSync("**/*.ts", { cwd: join(folder, "src") }).flatMap((source) => {
    const path = `dist/${source.replace(/\.ts$/, "")}`
    return [`${path}.js`, `${path}.d.ts`]
  })
  const expected = ["LICENSE", "README.md", "package.json", ...built].sort()
  const actual = files.toSorted()
  must(
    JSON.stringify(actual) === JSON.stringify(expected),
    `${manifest.name} packs ${actual.join(" ")}\nand should pack ${expected.join(" ")}`
  )
}

/** Packs every published package into a folder. */
export const pack = async (folder: string): Promise<ReadonlyArray<Tarball>> => {
  for (const owner of published) rmSync(join(owner, "dist"), { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const filters = published.map((owner) => `--filter=${manifestIn(owner).name}`)
  await run("npx", ["-y", "pnpm@12", "-r", ...filters, "pack", "--pack-destination", folder])
  const tarballs = await Promise.all(
    globSync("*.tgz", { cwd: folder }).map((name) => read(join(folder, name)))
  )
  must(tarballs.length === published.length, `${tarballs.length} of ${published.length} packages were packed`)
  for (const tarball of tarballs) checkFiles(tarball)
  return tarballs.toSorted((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1))
}

if (import.meta.main) {
  const folder = resolve(process.argv[2] ?? join(root, "dist/tarballs"))
  rmSync(folder, { recursive: true, force: true })
  for (const { bytes, file } of await pack(folder)) say(`${relative(process.cwd(), file)}  ${bytes} bytes`)
}
