/**
 * Writes the references of every `tsconfig.json` as the manifests have it: `pnpm types` runs it first.
 *
 * TypeScript takes no pattern for references. What a package depends on stands in its `package.json`; nobody needs to
 * write it twice. Nothing is written where nothing changed.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "../../..")
const packages = join(root, "packages")

type Dependencies = Readonly<Record<string, string>>
interface Manifest {
  readonly name: string
  readonly dependencies?: Dependencies
  readonly devDependencies?: Dependencies
}

const folders = readdirSync(packages).filter((folder) => existsSync(join(packages, folder, "tsconfig.json")))
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(packages, folder, "package.json"), "utf8"))
const folderOf = new Map(folders.map((folder) => [manifestOf(folder).name, folder]))

/** The folders of our packages among dependencies. */
const ours = (dependencies: Dependencies = {}): ReadonlyArray<string> =>
  Object.keys(dependencies).flatMap((name) => folderOf.get(name) ?? [])

interface Config {
  readonly references?: ReadonlyArray<{ readonly path: string }>
}

/** Writes the references of a configuration; all else in it stays, and so does the order of those that it has. */
const write = (file: string, paths: ReadonlyArray<string>): void => {
  const text = readFileSync(file, "utf8")
  const { references = [] }: Config = JSON.parse(text)
  const kept = references.filter(({ path }) => paths.includes(path))
  const added = paths
    .filter((path) => !references.some((each) => each.path === path))
    .map((path) => ({ path }))
  if (added.length === 0 && kept.length === references.length) return
  const list = JSON.stringify([...kept, ...added], null, 2).replaceAll("\n", "\n  ")
  writeFileSync(file, text.replace(/(?<="references": )\[[^\]]*\]/, list))
}

const tested = folders.filter((folder) => existsSync(join(packages, folder, "tsconfig.test.json")))
for (const folder of folders) {
  const { dependencies, devDependencies } = manifestOf(folder)
  const up = ours(dependencies).map((name) => `../${name}`)
  write(join(packages, folder, "tsconfig.json"), up)
  if (tested.includes(folder)) {
    const forTests = ours(devDependencies).map((name) => `../${name}`)
    write(join(packages, folder, "tsconfig.test.json"), [".", ...up, ...forTests])
  }
}
write(join(root, "tsconfig.json"), [
  ...folders.map((folder) => `packages/${folder}`),
  ...tested.map((folder) => `packages/${folder}/tsconfig.test.json`)
])
