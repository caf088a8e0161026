/**
 * Installations in which packages have copies of Effect of their own.
 */
import { assert, describe, it } from "@effect/vitest"
import { obstacle } from "colloquy/copies"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

/** A folder with these packages, by the paths of their folders. */
const installed = (...paths: ReadonlyArray<string>) => {
  const root = mkdtempSync(join(tmpdir(), "colloquy-copies-"))
  for (const path of ["node_modules/colloquy", ...paths]) {
    mkdirSync(join(root, path), { recursive: true })
    writeFileSync(
      join(root, path, "package.json"),
      JSON.stringify({ name: path.split("node_modules/").at(-1) })
    )
  }
  return {
    from: join(root, "node_modules/colloquy/main.js"),
    [Symbol.dispose]: () => rmSync(root, { recursive: true })
  }
}

describe("an installation", () => {
  it("of this repository has one copy", () => {
    assert.strictEqual(obstacle(join(dirname(import.meta.dirname), "src/main.ts")), undefined)
  })

  it("with one copy can be used", () => {
    using folder = installed(
      "node_modules/effect",
      "node_modules/@colloquy/core",
      "node_modules/@colloquy/archive"
    )
    assert.strictEqual(obstacle(folder.from, ["@colloquy/archive", "@colloquy/core"]), undefined)
  })

  it("in which a package has a copy of its own cannot, and is told so by name", () => {
    using folder = installed(
      "node_modules/colloquy/node_modules/effect",
      "node_modules/colloquy/node_modules/@colloquy/core",
      "node_modules/@colloquy/archive",
      "node_modules/@colloquy/archive/node_modules/effect"
    )
    assert.match(
      obstacle(folder.from, ["@colloquy/core", "@colloquy/archive"]) ?? "",
      /^@colloquy\/archive is installed with a copy of effect of its own, .*; install all packages and effect into one folder/
    )
  })
})
