/**
 * The rules of `docs/house-style.md` that a machine can check.
 */
import { assert, describe, it } from "@effect/vitest"
import { globSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "../../..")
const vendors = { opencopilot: "OpenCopilot", chatling: "Chatling", botuj: "Botuj", gptbots: "Gptbots" }
const files = ["Wire", "Errors", "Listings", "Mapping", "index"]

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
    "Messages",
    "Conversations",
    "Conversations of a bot (v1)",
    "Conversations of an organization (v2)",
    "Paging facts"
  ],
  Mapping: [
    "Messages",
    "Messages, v1",
    "Messages, v2",
    "Identity",
    "Conversations",
    "Conversations of a bot (v1)",
    "Conversations of an organization (v2)"
  ],
  service: ["Facts", "Service", "Source"]
}

describe("vendor packages", () => {
  for (const [vendor, service] of Object.entries(vendors)) {
    it(`${vendor} has the files that every vendor has, and no other`, () => {
      const expected = [...files, service].map((name) => `${name}.ts`).sort()
      assert.deepStrictEqual(readdirSync(join(root, "packages", vendor, "src")).sort(), expected)
    })

    it(`${vendor} has its sections in the common order`, () => {
      for (const [name, titles] of Object.entries(order)) {
        const sections = sectionsOf(`packages/${vendor}/src/${name === "service" ? service : name}.ts`)
        assert.deepStrictEqual(
          sections,
          titles.filter((title) => sections.includes(title)),
          name
        )
      }
      assert.deepStrictEqual(sectionsOf(`packages/${vendor}/src/${service}.ts`), order["service"])
    })

    it(`${vendor} has make, layer, layerConfig and layerSource`, () => {
      const text = read(`packages/${vendor}/src/${service}.ts`)
      for (const member of ["make = ", "layer(", "layerConfig(", "layerSource("]) {
        assert.isTrue(
          text.includes(`  static readonly ${member}`) || text.includes(`  static ${member}`),
          member
        )
      }
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
    const libraries = globSync("packages/{core,opencopilot,chatling,botuj,gptbots,emulator}/src/**/*.ts", {
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
