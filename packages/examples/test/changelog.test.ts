/**
 * How a release writes the changelog.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cli } from "colloquy"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { released, summaryOf } from "../scripts/packages/changelog.ts"
import { packages } from "./vendors.ts"

describe("the changelog", () => {
  it("takes the text of a changeset, without its head", () => {
    assert.strictEqual(
      summaryOf('---\n"colloquy": minor\n---\n\nA new flag.\n\nIt helps.\n'),
      "A new flag.\n\nIt helps."
    )
    assert.strictEqual(summaryOf("---\n---\nNothing\n"), "Nothing")
  })

  it("gets a release at its top, of what stood under Unreleased and of the changesets", () => {
    assert.strictEqual(
      released("# Changelog\n\nWords.\n\n## Unreleased\n\n### Added\n\n- a\n\n## 0.1.0\n\n- old\n", "0.2.0", [
        "One.\n\nMore.",
        "Two."
      ]),
      `# Changelog

Words.

## Unreleased

## 0.2.0

### Added

- a

### Changes

- One.

  More.
- Two.

## 0.1.0

- old
`
    )
  })

  it("gets its first release, with nothing after it", () => {
    assert.strictEqual(
      released("# Changelog\n\n## Unreleased\n\n- a\n", "0.1.0", []),
      "# Changelog\n\n## Unreleased\n\n## 0.1.0\n\n- a\n"
    )
  })

  it("gets no release of nothing", () => {
    assert.isUndefined(released("# Changelog\n\n## Unreleased\n\n## 0.1.0\n\n- old\n", "0.1.1", []))
  })

  it("has a place for the next release, and the command says the version of its package", () => {
    assert.include(readFileSync(join(packages, "../CHANGELOG.md"), "utf8"), "\n## Unreleased\n")
    const { version } = JSON.parse(readFileSync(join(packages, "cli/package.json"), "utf8"))
    assert.strictEqual(Cli.version, version)
  })
})
