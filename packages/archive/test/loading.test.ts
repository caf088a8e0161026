import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"

/** The built-in modules of Node that a new process has asked for once it has imported these. */
const loadedBy = (...modules: ReadonlyArray<string>): string =>
  execFileSync(process.execPath, ["--input-type=module", "--eval", program(modules)], {
    cwd: import.meta.dirname,
    encoding: "utf8"
  })

const program = (modules: ReadonlyArray<string>) => `
import { registerHooks } from "node:module"
const asked = new Set()
registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context)
    if (resolved.url.startsWith("node:")) asked.add(resolved.url)
    return resolved
  }
})
for (const module of ${JSON.stringify(modules)}) await import(module)
console.log([...asked].join())
`

describe("importing the archive", () => {
  it("does not load node:sqlite, with Postgres neither", () => {
    assert.notInclude(loadedBy("@colloquy/archive"), "node:sqlite")
    assert.notInclude(loadedBy("@colloquy/archive", "@colloquy/archive/Postgres"), "node:sqlite")
  })

  it("loads it with SQLite", () => {
    assert.include(loadedBy("@colloquy/archive/Sqlite"), "node:sqlite")
  })
})
