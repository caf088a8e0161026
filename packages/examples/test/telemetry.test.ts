/**
 * The page about telemetry has the names that the code has, and no others.
 */
import { Status, Sync } from "@colloquy/archive"
import { FromDefinition } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import * as Vendors from "colloquy/Vendors"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { packages, vendors } from "./vendors.ts"

const page = readFileSync(join(packages, "../docs/telemetry.md"), "utf8")

/** The names in the first column of the tables between a heading, or another line, and the next heading. */
const named = (heading: string): ReadonlyArray<string> => {
  const [, after = ""] = page.split(`\n${heading}\n`)
  const [section = ""] = after.split(/\n#+ |\n\S.*:\n/)
  return [...section.matchAll(/^\| `([^`]+)`/gm)].flatMap(([, name]) => name ?? [])
}

/** The sources of these packages, without their comments. */
const sourcesOf = (names: ReadonlyArray<string>): string =>
  names
    .flatMap((name) => {
      const folder = join(packages, name, "src")
      return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith(".ts"))
        .map((path) => readFileSync(join(folder, path), "utf8"))
    })
    .join("\n")
    .replaceAll(/\/\*\*[\s\S]*?\*\//g, "")

const found = (code: string, pattern: RegExp): ReadonlyArray<string> => [
  ...new Set([...code.matchAll(pattern)].flatMap(([, name]) => name ?? []))
]

const sameNames = (page: ReadonlyArray<string>, code: ReadonlyArray<string>) => {
  assert.isNotEmpty(code)
  assert.deepStrictEqual([...page].sort(), [...code].sort())
}

describe("docs/telemetry.md", () => {
  const libraries = sourcesOf(["core", "archive", ...vendors])

  it("has every metric", () => {
    sameNames(named("## Metrics"), found(libraries, /(?:counter|gauge|timer|histogram)\(\s*"([^"]+)"/g))
  })

  it("has every span", () => {
    const functions = found(libraries, /(?:Effect\.fn|withSpan)\(\s*"([^"]+)"/g)
    // The span of a request has the name of its operation.
    const operations = Vendors.vendors.flatMap(({ definition }) =>
      FromDefinition.listingsOf(definition).map(({ operation }) => operation)
    )
    sameNames(named("## Spans"), [...functions, ...operations])
  })

  it("has every field of the reports that the archive makes", () => {
    sameNames(named("### `sync --json`"), Object.keys(Sync.Report.fields))
    sameNames(named("A conversation has:"), Object.keys(Status.ConversationStatus.fields))
  })
})
