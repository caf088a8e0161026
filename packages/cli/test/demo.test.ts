/**
 * `demo` and `emulate`, as a stranger runs them.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Support from "./support.ts"

describe("demo", () => {
  it.live("reads all four vendors, and the files hold what the table says", () =>
    Effect.gen(function* () {
      const folder = yield* Support.temporaryFolder
      const out = join(folder, "demo")
      const result = yield* Support.colloquy(["demo", "--out", out, "--json"])
      assert.strictEqual(result.code, 0, result.stderr)
      assert.match(result.stderr, /Complete: [\d,]+ messages, exactly as many as the emulator holds/)
      const summaries: ReadonlyArray<{ vendor: string; messages: number; retries: number }> = JSON.parse(
        result.stdout
      )
      assert.deepStrictEqual(
        readdirSync(out).sort(),
        summaries.map(({ vendor }) => `${vendor}.ndjson`).sort()
      )
      let mended = 0
      for (const { messages, retries, vendor } of summaries) {
        const lines = Support.parseLines(readFileSync(join(out, `${vendor}.ndjson`), "utf8"))
        assert.strictEqual(lines.length, messages)
        assert.isAbove(messages, 500)
        mended += retries
      }
      assert.isAbove(mended, 5)
    }).pipe(Effect.scoped)
  )
})

describe("emulate", () => {
  it.live("says where it listens and how to read it, and ends on a signal", () =>
    Effect.gen(function* () {
      const result = yield* Support.colloquy(["emulate", "--port", "0"], {
        signalOn: { stdout: "GPTBOTS_API_KEY", signal: "SIGTERM" }
      })
      assert.strictEqual(result.code, 130)
      assert.match(result.stdout, /^listening on http:\/\/127\.0\.0\.1:\d+\n/)
    })
  )
})
