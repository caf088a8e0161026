/**
 * What the command says where it cannot run.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Runtime from "colloquy/runtime"
import { Effect } from "effect"
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"

const sources = join(import.meta.dirname, "../src")

/** The modules that a source names at its top, and so loads before its first line runs. */
const imports = (file: string): ReadonlyArray<string | undefined> =>
  [...readFileSync(join(sources, file), "utf8").matchAll(/^(?:import|export) [^=]*?"(.+)"/gm)].map(
    (match) => match[1]
  )

/** Runs the command where `process.versions` says this. */
const runWhere = (versions: object): Effect.Effect<{ code: unknown; stdout: string; stderr: string }> =>
  Effect.callback((resume, signal) => {
    const pretend = `Object.defineProperty(process, "versions", { value: ${JSON.stringify(versions)} })`
    const args = [
      `--import=data:text/javascript,${encodeURIComponent(pretend)}`,
      join(sources, "main.ts"),
      "--version"
    ]
    execFile(process.execPath, args, { signal, timeout: 20_000, env: {} }, (error, stdout, stderr) =>
      resume(Effect.succeed({ code: error === null ? 0 : error.code, stdout, stderr }))
    )
  })

describe("the command", () => {
  it("loads nothing but the check of the runtime, which imports nothing, before it has checked", () => {
    assert.deepStrictEqual(imports("main.ts"), ["./runtime.ts"])
    assert.deepStrictEqual(imports("runtime.ts"), [])
    assert.include(imports("start.ts"), "./Cli.ts")
  })

  it.each(["22.19.0", "22.20.1", "24.0.0", "26.10.0"])("runs on Node %s", (node) => {
    assert.strictEqual(Runtime.obstacle({ node }), undefined)
  })

  it.live.each([
    { versions: { node: "20.20.2" }, words: "Node 20.20.2. Install Node 24 and try again" },
    { versions: { node: "22.18.9" }, words: "Node 22.18.9. Install Node 24 and try again" },
    { versions: { node: "24.3.0", bun: "1.4.5" }, words: "Bun 1.4.5. Run it with node" },
    { versions: { node: "24.3.0", deno: "2.9.6" }, words: "Deno 2.9.6. Run it with node" }
  ])("says in one line that it does not run, and ends with 2: $words", ({ versions, words }) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* runWhere(versions), {
        code: 2,
        stdout: "",
        stderr: `error: Usage: colloquy needs Node 22.19 or later; this is ${words}\n`
      })
    })
  )
})
