/**
 * `demo` and `emulate`, as a stranger runs them.
 */
import { names } from "colloquy/Vendors"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
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
  it.live("syncs every vendor into one archive that equals the truth, and again for almost nothing", () =>
    Effect.gen(function* () {
      const folder = yield* Support.temporaryFolder
      const out = join(folder, "demo")
      const result = yield* Support.colloquy(["demo", "--out", out, "--json"])
      assert.strictEqual(result.code, 0, result.stderr)
      assert.match(result.stderr, /Complete: [\d,]+ messages, in every field what the emulator holds/)
      assert.deepStrictEqual(readdirSync(out).sort(), ["demo.sha256", "history.db"])
      const { accounts, first, second }: Output = JSON.parse(result.stdout)
      assert.deepStrictEqual(first.map(({ vendor }) => vendor).sort(), [...names].sort())
      for (const { added, requests, vendor } of first) {
        const account = accounts.find((each) => each.vendor === vendor)
        assert.isAbove(added, 500)
        assert.strictEqual(account?.messages, added)
        assert.strictEqual(account?.complete, account?.conversations)
        const again = second.find((each) => each.vendor === vendor)
        assert.strictEqual(again?.added, 0)
        // A list may say of no conversation that it is as it was: then each costs a request.
        const most = Math.max(requests / 8, (account?.conversations ?? 0) + 10)
        assert.isAtMost(again?.requests ?? requests, most)
      }
      assert.isAbove(
        first.reduce((sum, { retries }) => sum + retries, 0),
        5
      )
    }).pipe(Effect.scoped)
  )
})

describe("the folder of a demo", () => {
  /** A folder with these files, and what a demo in it ends with. */
  const demoIn = (files: Readonly<Record<string, string>>) =>
    Effect.gen(function* () {
      const folder = yield* Support.temporaryFolder
      for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
      const result = yield* Support.colloquy(["demo", "--out", folder])
      const after = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")])
      return { result, after: Object.fromEntries(after) }
    })

  const digest = "0".repeat(64)
  const foreign: ReadonlyArray<Readonly<Record<string, string>>> = [
    { "history.db": "a history of mine" },
    { "history.db": "" },
    { "history.db": "a history of mine", "demo.sha256": `${digest}  history.db\n` },
    { "history.db": "a history of mine", "demo.sha256": "mine, too" },
    { "demo.sha256": "mine alone" },
    { "history.db-wal": "a log of mine" }
  ]
  for (const files of foreign) {
    it.live(`keeps what no demo left: ${JSON.stringify(files)}`, () =>
      Effect.gen(function* () {
        const { after, result } = yield* demoIn(files)
        assert.strictEqual(result.code, 2, result.stderr)
        assert.match(
          result.last,
          /^error: Usage: .* is not as a demo left it; give another --out, or move it away/
        )
        assert.deepStrictEqual(after, files)
      }).pipe(Effect.scoped)
    )
  }

  it.live(
    "is used again by a demo as long as nobody else wrote to its archive",
    () =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const demo = (line = "") => Support.shell(`colloquy demo --out ${folder} ${line}`, {})
        // A demo that fails on the way, by a stdout that is full, leaves its archive as another's to replace.
        const failed = yield* demo("> /dev/full")
        assert.strictEqual(failed.code, 8, failed.stderr)
        const again = yield* demo()
        assert.strictEqual(again.code, 0, again.stderr)
        const archive = join(folder, "history.db")
        const read = yield* Support.colloquy(["status", "--archive", archive])
        assert.strictEqual(read.code, 0, read.stderr)
        const third = yield* demo("> /dev/full")
        assert.strictEqual(third.code, 8, third.stderr)
        yield* Support.withEmulator({}, (baseUrl) =>
          Support.colloquy(["sync", "botuj", "--archive", archive, "--base-url", baseUrl], {
            env: Support.tokens
          })
        )
        const before = readFileSync(archive)
        const refused = yield* demo()
        assert.strictEqual(refused.code, 2, refused.stderr)
        assert.isTrue(before.equals(readFileSync(archive)))
      }).pipe(Effect.scoped),
    90_000
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
