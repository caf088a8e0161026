/**
 * A project of a user: an empty folder into which npm installs the tarballs, with programs that TypeScript compiles.
 */
import { cpSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { subpathsOf } from "./lint.ts"
import type { Tarball } from "./pack.ts"
import { root, run } from "./workspace.ts"

const versionOf = (name: string, folder = "packages/examples"): string =>
  JSON.parse(readFileSync(join(root, folder, "node_modules", name, "package.json"), "utf8")).version

const newest: string = JSON.parse(
  readFileSync(join(root, "node_modules/typescript/package.json"), "utf8")
).version

/** The oldest and the newest TypeScript that compile programs. Older ones cannot read Effect's declarations. */
export const compilers = { "typescript-oldest": "5.7.3", "typescript-newest": newest } as const

export type Compiler = keyof typeof compilers

/**
 * Installs the tarballs as a user does, and also these packages. Peers are checked strictly, and engines are those of the
 * Node that runs.
 */
export const install = async (
  folder: string,
  tarballs: ReadonlyArray<Tarball>,
  also: Readonly<Record<string, string>> = {}
): Promise<void> => {
  const dependencies = {
    ...Object.fromEntries(tarballs.map(({ file, manifest }) => [manifest.name, `file:${file}`])),
    effect: versionOf("effect"),
    "@effect/platform-node": versionOf("@effect/platform-node"),
    "@effect/vitest": versionOf("@effect/vitest", ""),
    vitest: versionOf("vitest", ""),
    ...also
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }))
  await run("npm", ["install", "--no-audit", "--no-fund", "--strict-peer-deps", "--engine-strict"], {
    cwd: folder
  })
}

/** Puts the programs into the folder: those of `programs`, the examples, and one that imports every subpath. */
export const writePrograms = (folder: string, tarballs: ReadonlyArray<Tarball>): number => {
  cpSync(join(import.meta.dirname, "programs"), join(folder, "src"), { recursive: true })
  cpSync(join(root, "packages/examples/src"), join(folder, "src/examples"), { recursive: true })
  const subpaths = tarballs.flatMap((tarball) =>
    subpathsOf(tarball).map((subpath) => `${tarball.manifest.name}${subpath.slice(1)}`)
  )
  const imports = subpaths.map((subpath, index) => `import * as module${index} from "${subpath}"`)
  const names = subpaths.map((_, index) => `module${index}`)
  writeFileSync(
    join(folder, "src/everySubpath.ts"),
    `${imports.join("\n")}\nprocess.stdout.write(String([${names.join(", ")}].length))\n`
  )
  return subpaths.length
}

/**
 * The kit as a vendor's author uses it: puts its own tests into the folder, which are the suite of a vendor of three
 * endpoints, its doubles, and the suite of one of them.
 */
export const writeKit = (folder: string): string => {
  const kit = join(folder, "kit")
  cpSync(join(root, "packages/conformance/test"), kit, { recursive: true })
  writeFileSync(
    join(kit, "broken.test.ts"),
    `import { Conformance } from "@colloquy/conformance"\nimport { doubles } from "./doubles.ts"\nConformance.suite(doubles.absentList[1])\n`
  )
  return kit
}

/** How a program finds modules; only one of the two also checks all declarations. */
export const resolutions = {
  NodeNext: { module: "NodeNext", moduleResolution: "NodeNext", skipLibCheck: false },
  Bundler: { module: "ESNext", moduleResolution: "Bundler", skipLibCheck: true }
} as const

/** Compiles the programs in the folder; those resolved as Node does go to `out`. */
export const compile = async (
  folder: string,
  compiler: Compiler,
  resolution: keyof typeof resolutions
): Promise<void> => {
  const file = join(folder, `tsconfig.${compiler}.${resolution}.json`)
  const compilerOptions = {
    ...resolutions[resolution],
    target: "ES2022",
    lib: ["ESNext", "DOM", "DOM.Iterable"],
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    rootDir: "src",
    ...(compiler === "typescript-oldest" && resolution === "NodeNext" ? { outDir: "out" } : { noEmit: true })
  }
  writeFileSync(file, JSON.stringify({ compilerOptions, include: ["src"] }))
  await run(process.execPath, [`node_modules/${compiler}/bin/tsc`, "-p", file], { cwd: folder })
}

/** The command as npm installed it. */
export const commandIn = (folder: string): string => join(folder, "node_modules/.bin/colloquy")
