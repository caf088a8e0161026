/**
 * The rules of `docs/house-style.md` that a machine can check.
 */
import { assert, describe, it } from "@effect/vitest"
import { globSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { packages, vendors } from "./vendors.ts"

const root = join(packages, "..")
const files = ["Wire.ts", "Errors.ts", "Listings.ts", "Codecs.ts", "index.ts", "emulation.ts"]

/** The files of a vendor that not every vendor has: the one that is named after its service. */
const ownFilesOf = (vendor: string): ReadonlyArray<string> =>
  readdirSync(join(packages, vendor, "src")).filter((name) => name !== "emulation" && !files.includes(name))

const read = (path: string): string => readFileSync(join(root, path), "utf8")

/** The titles between rules of dashes, in order. */
const sectionsOf = (path: string): ReadonlyArray<string> =>
  [...read(path).matchAll(/^\/\/ -{20,}\n\/\/ (.+)\n\/\/ -{20,}$/gm)].map((match) => match[1] ?? "")

/** The order in which sections stand, wherever they stand. */
const order: Readonly<Record<string, ReadonlyArray<string>>> = {
  Wire: [
    "Messages",
    "Messages, v1",
    "Messages, v2",
    "Conversations",
    "Conversations of a bot (v1)",
    "Conversations of an organization (v2)",
    "Envelopes and errors"
  ],
  Errors: [],
  Listings: [
    "Paging facts",
    "Messages",
    "Conversations",
    "Conversations of a bot (v1)",
    "Conversations of an organization (v2)"
  ],
  Codecs: [
    "Identity",
    "Messages",
    "Messages, v1",
    "Messages, v2",
    "Conversations",
    "Conversations of a bot (v1)",
    "Conversations of an organization (v2)"
  ],
  vendor: []
}

describe("vendor packages", () => {
  for (const vendor of vendors) {
    const service = (ownFilesOf(vendor)[0] ?? "").replace(/\.ts$/, "")

    it(`${vendor} has the files that every vendor has, and no other`, () => {
      const found = readdirSync(join(packages, vendor, "src"))
      assert.includeMembers(found, files)
      assert.strictEqual(ownFilesOf(vendor).length, 1)
      assert.strictEqual(service.toLowerCase(), vendor)
      // Without the folder, the emulation is the one that follows from the definition.
      if (!found.includes("emulation")) return
      assert.deepStrictEqual(readdirSync(join(packages, vendor, "src/emulation")).sort(), [
        "api.ts",
        "assumptions.ts",
        "corpus.ts",
        "fixtures.ts",
        "readers.ts"
      ])
    })

    it(`${vendor} has its sections in the common order`, () => {
      for (const [name, titles] of Object.entries(order)) {
        const sections = sectionsOf(`packages/${vendor}/src/${name === "vendor" ? service : name}.ts`)
        assert.deepStrictEqual(
          sections,
          titles.filter((title) => sections.includes(title)),
          name
        )
      }
    })

    it(`${vendor} is tried by the conformance kit`, () => {
      assert.match(read(`packages/${vendor}/test/conformance.test.ts`), /^Conformance\.suite\(/m)
    })

    it(`${vendor} is one value`, () => {
      const text = read(`packages/${vendor}/src/${service}.ts`)
      assert.strictEqual(text.split("Vendor.make(").length, 2)
      assert.match(text, new RegExp(`export const ${service} = Vendor\\.make\\(`))
    })
  }
})

describe("the source", () => {
  const sources = globSync("packages/*/{src,test,scripts}/**/*.ts", { cwd: root })

  it("has no file over 400 lines", () => {
    const long = sources.filter((file) => read(file).split("\n").length > 401)
    assert.isAbove(sources.length, 60)
    assert.deepStrictEqual(long, [])
  })

  it("reads no environment but through Config, and no clock but through Clock, in libraries", () => {
    const libraries = globSync(`packages/{core,${vendors.join()},engine,conformance,emulator}/src/**/*.ts`, {
      cwd: root
    })
    const wrong = libraries.filter((file) =>
      /process\.env|Date\.now|Math\.random|new Date\(\)/.test(read(file))
    )
    assert.deepStrictEqual(wrong, [])
  })

  it("says in the first lines of every module what it is", () => {
    const wrong = globSync("packages/*/src/**/*.ts", { cwd: root }).filter(
      (file) => !/^(#!.*\n)?\/\*\*\n \* \S/.test(read(file))
    )
    assert.deepStrictEqual(wrong, [])
  })
})
