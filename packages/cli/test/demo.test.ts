/**
 * `demo` and `emulate`, as a stranger runs them.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import * as Support from "./support.ts"

interface Synced {
  readonly vendor: string
  readonly added: number
  readonly requests: number
  readonly retries: number
}

interface Output {
  readonly first: ReadonlyArray<Synced>
  readonly second: ReadonlyArray<Synced>
  readonly accounts: ReadonlyArray<{
    readonly vendor: string
    readonly messages: number
    readonly conversations: number
    readonly complete: number
  }>
}

describe("demo", () => {
  it.live("syncs all four vendors into one archive that equals the truth, and again for almost nothing", () =>
    Effect.gen(function* () {
      const folder = yield* Support.temporaryFolder
      const out = join(folder, "demo")
      const result = yield* Support.colloquy(["demo", "--out", out, "--json"])
      assert.strictEqual(result.code, 0, result.stderr)
      assert.match(result.stderr, /Complete: [\d,]+ messages, in every field what the emulator holds/)
      assert.deepStrictEqual(readdirSync(out), ["history.db"])
      const { accounts, first, second }: Output = JSON.parse(result.stdout)
      assert.strictEqual(first.length, 4)
      for (const { added, requests, vendor } of first) {
        const account = accounts.find((each) => each.vendor === vendor)
        assert.isAbove(added, 500)
        assert.strictEqual(account?.messages, added)
        assert.strictEqual(account?.complete, account?.conversations)
        const again = second.find((each) => each.vendor === vendor)
        assert.strictEqual(again?.added, 0)
        assert.isAtMost((again?.requests ?? requests) * 8, requests)
      }
      assert.isAbove(
        first.reduce((sum, { retries }) => sum + retries, 0),
        5
      )
    }).pipe(Effect.scoped)
  )
})

describe("emulate", () => {
  it.live("says that a port is taken, and what to do", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const { port } = new URL(baseUrl)
        const result = yield* Support.colloquy(["emulate", "--port", port])
        assert.strictEqual(result.code, 2, result.stderr)
        assert.match(
          result.last,
          new RegExp(
            `^error: Usage: port ${port} on 127\\.0\\.0\\.1 cannot be listened on \\(EADDRINUSE\\); give another --port`
          )
        )
      })
    )
  )

  it.live.each(["65536", "-1", "1e5", "80.5"])("takes no port that there is none of: %s", (port) =>
    Effect.gen(function* () {
      const result = yield* Support.colloquy(["emulate", `--port=${port}`])
      assert.strictEqual(result.code, 2, result.stderr)
      assert.match(result.last, /^error: Usage: .*--port/)
    })
  )

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
