/**
 * The rules of the manifests: every package that is published has the same fields, so that a new one cannot forget one.
 */
import { assert, describe, it } from "@effect/vitest"
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Vendor } from "@colloquy/core/vendor"
import { version } from "colloquy/Cli"
import { oldest } from "colloquy/runtime"
import { packages, vendors } from "./vendors.ts"

type Targets = Readonly<Record<string, string | null>>

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly bin?: Readonly<Record<string, string>>
  readonly exports: Targets
  readonly publishConfig: { readonly exports: Targets }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly engines: { readonly node: string }
}

const root = join(packages, "..")

const manifests = readdirSync(packages).map((folder): { folder: string; manifest: Manifest } => ({
  folder,
  manifest: JSON.parse(readFileSync(join(packages, folder, "package.json"), "utf8"))
}))
const published = manifests.filter(({ manifest }) => manifest.private !== true)
const libraries = published.filter(({ folder }) => folder !== "cli")

const words = (text: string): ReadonlyArray<string> => text.split(/\s+/)

/** The fields of a published package, in this order. */
const fields =
  words(`name version description keywords license bin files type sideEffects exports publishConfig scripts
  dependencies devDependencies peerDependencies engines`)
/** Those that a package may lack. */
const optional = words("bin devDependencies peerDependencies")
/** Those that differ from package to package. */
const own =
  words(`name description keywords bin sideEffects exports publishConfig dependencies devDependencies
  peerDependencies`)

/** What is built from a target in the sources. */
const built = (target: string | null): string | null =>
  target?.startsWith("./src/") === true ? target.replace("./src/", "./dist/").replace(/\.ts$/, ".js") : target

const command = (): Manifest => JSON.parse(readFileSync(join(packages, "cli/package.json"), "utf8"))

describe("manifests", () => {
  it("publish core, the vendors, the archive, the engine with what is built on it, and the command", () => {
    assert.deepStrictEqual(
      published.map(({ folder }) => folder).sort(),
      ["core", ...vendors, "archive", "engine", "conformance", "emulator", "cli"].sort()
    )
    assert.strictEqual(command().name, "colloquy")
    assert.deepStrictEqual(
      libraries.map(({ manifest }) => manifest.name),
      libraries.map(({ folder }) => `@colloquy/${folder}`)
    )
  })

  it("have the same fields in the same order", () => {
    for (const { folder, manifest } of published) {
      const has = new Set(Object.keys(manifest))
      assert.deepStrictEqual(
        [...has],
        fields.filter((field) => !optional.includes(field) || has.has(field)),
        folder
      )
      assert.isTrue(existsSync(join(packages, folder, "README.md")), folder)
    }
  })

  it("agree on all that is not a package's own", () => {
    const shared = (manifest: Manifest): Readonly<Record<string, unknown>> => ({
      ...Object.fromEntries(Object.entries(manifest).filter(([field]) => !own.includes(field))),
      publishConfig: { ...manifest.publishConfig, exports: "its own" }
    })
    assert.deepStrictEqual(shared(command()), {
      version: command().version,
      license: "MIT",
      files: ["dist", "!dist/.*", "!dist/test"],
      type: "module",
      scripts: { prepack: "tsc -b" },
      publishConfig: { access: "public", exports: "its own", provenance: true },
      engines: { node: `>=${oldest.major}.${oldest.minor}` }
    })
    for (const { folder, manifest } of published) {
      assert.deepStrictEqual(shared(manifest), shared(command()), folder)
    }
  })

  it("have the version that the command prints, and that a vendor carries", () => {
    assert.deepStrictEqual([version, Vendor.version], [command().version, command().version])
  })

  it("publish for each subpath what is built from its source, and export package.json", () => {
    for (const { folder, manifest } of published) {
      assert.deepStrictEqual(
        manifest.publishConfig.exports,
        Object.fromEntries(Object.entries(manifest.exports).map(([path, target]) => [path, built(target)])),
        folder
      )
      assert.strictEqual(manifest.exports["./package.json"], "./package.json", folder)
    }
  })

  it("ask for Effect's packages by the published range, as a peer in libraries, and for ours by caret", () => {
    for (const { folder, manifest } of published) {
      for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
        if (/^(?:@effect\/|effect$)/.test(name)) assert.strictEqual(range, "catalog:published", folder)
        if (name.startsWith("@colloquy/")) assert.strictEqual(range, "workspace:^", folder)
      }
    }
    for (const { folder, manifest } of libraries) {
      // A suite runs in its user's Vitest.
      const peers = folder === "conformance" ? ["@effect/vitest", "effect", "vitest"] : ["effect"]
      const expected = Object.fromEntries(peers.map((name) => [name, "catalog:published"]))
      assert.deepStrictEqual(manifest.peerDependencies, expected, folder)
    }
    assert.strictEqual(command().dependencies?.["effect"], "catalog:published")
  })

  it("leave the old name of the command's package behind", () => {
    const old = ["@colloquy", "cli"].join("/")
    const files = globSync(
      [
        "*.md",
        ".changeset/*.md",
        "docs/**/*.md",
        "packages/*/*.{md,json}",
        "packages/*/{src,test,scripts}/**/*.ts"
      ],
      { cwd: root, exclude: (name) => name.includes("node_modules") }
    )
    assert.isAbove(files.length, 200)
    assert.deepStrictEqual(
      files.filter((file) => readFileSync(join(root, file), "utf8").includes(old)),
      []
    )
  })
})
