/**
 * The arrows between packages, as `docs/architecture.md` draws them: every import is read, and one that is not drawn
 * fails.
 */
import { assert, describe, it } from "@effect/vitest"
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { packages, vendors } from "./vendors.ts"

const arrows: Readonly<Record<string, ReadonlyArray<string>>> = {
  core: [],
  ...Object.fromEntries(vendors.map((vendor) => [vendor, ["core"]])),
  archive: ["core"],
  engine: ["core"],
  conformance: ["core", "engine", "archive"],
  emulator: ["core", "engine", ...vendors],
  simulator: ["core", ...vendors, "engine", "emulator", "archive", "conformance"],
  "postgres-server": [],
  live: ["core", ...vendors, "archive", "conformance", "cli"],
  cli: ["core", ...vendors, "archive", "emulator"],
  examples: ["core", ...vendors, "archive", "engine", "emulator", "cli"],
  benchmarks: ["core", ...vendors, "archive", "emulator", "postgres-server", "cli"]
}
/** What a vendor's emulation may import, behind its subpath. */
const emulationArrows = ["core", "engine"]
/** What tests may start, wherever they are. */
const forTests = ["postgres-server", "engine", "conformance", "archive"]

interface Import {
  readonly file: string
  readonly owner: string
  readonly target: string
}

const importsIn = (pattern: string): ReadonlyArray<Import> =>
  globSync(pattern, { cwd: packages, exclude: (name) => name.includes("node_modules") }).flatMap((file) => {
    const text = readFileSync(join(packages, file), "utf8").replaceAll(/^ *\*.*$/gm, "")
    const owner = file.split("/")[0] ?? ""
    return [...text.matchAll(/(?:from|import) ?\(?"([^"]+)"/g)].map((match) => ({
      file,
      owner,
      target: match[1] ?? ""
    }))
  })

const sources = importsIn("*/src/**/*.ts")
const tests = importsIn("*/test/**/*.ts")
const portable = ["core", ...vendors]

const isEmulation = (file: string): boolean => /^[^/]+\/src\/emulation(?:\.ts$|\/)/.test(file)
const arrowsOf = ({ file, owner }: Import): ReadonlyArray<string> =>
  isEmulation(file) ? emulationArrows : (arrows[owner] ?? [])

/** The folder of the package of ours that is imported: the command's package has no scope. */
const folderOf = (target: string): string | undefined =>
  /^colloquy(?:\/|$)/.test(target) ? "cli" : /^@colloquy\/([^/]+)/.exec(target)?.[1]

interface Manifest {
  readonly name: string
  readonly dependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
}

const manifest = (owner: string): Manifest =>
  JSON.parse(readFileSync(join(packages, owner, "package.json"), "utf8"))

describe("package arrows", () => {
  it("are read from a fair number of imports", () => {
    assert.isAbove(sources.length, 150)
    assert.isAbove(tests.length, 30)
    assert.deepStrictEqual([...new Set(sources.map(({ owner }) => owner))].sort(), Object.keys(arrows).sort())
  })

  it("go only where the picture has them", () => {
    const wrong = (imports: ReadonlyArray<Import>, also: ReadonlyArray<string>) =>
      imports.filter((each) => {
        const folder = folderOf(each.target)
        return folder !== undefined && folder !== each.owner && ![...arrowsOf(each), ...also].includes(folder)
      })
    assert.deepStrictEqual(wrong(sources, []), [])
    assert.deepStrictEqual(wrong(tests, forTests), [])
  })

  it("lead to an emulation from the emulator alone, and never from its vendor's own modules", () => {
    const wrong = sources.filter(
      ({ file, owner, target }) =>
        /(?:^@colloquy\/[^/]+|^\.{1,2})\/emulation(?:\.ts$|\/|$)/.test(target) &&
        owner !== "emulator" &&
        !isEmulation(file)
    )
    assert.deepStrictEqual(wrong, [])
    assert.deepStrictEqual(
      vendors.filter((vendor) => !sources.some(({ file }) => file === `${vendor}/src/emulation.ts`)),
      []
    )
  })

  it("do not leave a package by a relative path", () => {
    const wrong = [...sources, ...tests].filter(({ file, target }) => {
      if (!target.startsWith(".")) return false
      const depth = file.split("/").length - 2
      return (target.match(/\.\.\//g) ?? []).length > depth
    })
    assert.deepStrictEqual(wrong, [])
  })

  it("keep Node out of core and the vendors", () => {
    const wrong = sources.filter(
      ({ owner, target }) => portable.includes(owner) && /^node:|platform-node/.test(target)
    )
    assert.deepStrictEqual(wrong, [])
  })

  it("are declared as dependencies", () => {
    const wrong = sources.filter(({ owner, target }) => {
      const [, name] = /^(@[^/]+\/[^/]+|colloquy(?=\/|$))/.exec(target) ?? []
      const { dependencies, name: own, peerDependencies } = manifest(owner)
      return (
        name !== undefined && name !== own && { ...dependencies, ...peerDependencies }[name] === undefined
      )
    })
    assert.deepStrictEqual(wrong, [])
  })

  it("take Effect by module in libraries, not by its barrel", () => {
    const libraries = [...portable, "archive", "engine", "conformance", "emulator", "cli"]
    const wrong = sources.filter(
      ({ owner, target }) => libraries.includes(owner) && /^effect(\/http|\/cli|\/sql)?$/.test(target)
    )
    assert.deepStrictEqual(wrong, [])
  })
})
