/**
 * Two `colloquy sync` of one source at the same time: the second ends at once, unless the first is dead.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readdirSync } from "node:fs"
import { dirname, join } from "node:path"
import { postgres } from "./postgres.ts"
import * as Support from "./support.ts"

const main = join(import.meta.dirname, "../src/main.ts")

const archives = {
  SQLite: Effect.map(Support.temporaryFolder, (folder) => join(folder, "history.db")),
  Postgres: Effect.map(
    Effect.flatMap(postgres, ({ fresh }) => fresh),
    Redacted.value
  )
}

const argsOf = (archive: string, baseUrl: string) => [
  "sync",
  "botuj",
  "--archive",
  archive,
  "--base-url",
  baseUrl
]

/** A sync that has sent requests and has more to send; it is killed with the scope. */
const begun = Effect.fnUntraced(function* (archive: string, baseUrl: string) {
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [main, ...argsOf(archive, baseUrl)], {
        env: { PATH: process.env["PATH"], ...Support.tokens },
        stdio: "ignore"
      })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
  const closed = once(child, "close")
  const isReading = Effect.map(Support.requestsAt(baseUrl), (count) => count >= 2)
  yield* isReading.pipe(Effect.delay("10 millis"), Effect.repeat({ until: (is) => is }))
  return { child, closed: Effect.promise(() => closed) }
})

const sync = (archive: string, baseUrl: string) =>
  Support.colloquy(argsOf(archive, baseUrl), { env: Support.tokens })

/** That a second sync ends `Busy`, and that its vendor saw nothing of it. */
const assertBusy = Effect.fnUntraced(function* (archive: string, baseUrl: string) {
  const second = yield* sync(archive, baseUrl)
  assert.strictEqual(second.code, 8, second.stderr)
  assert.match(
    second.last,
    /^error: Busy: another run is syncing botuj, account default.* into this archive; let it finish, or stop it, and run again$/
  )
  assert.strictEqual(yield* Support.requestsAt(baseUrl), 0)
})

/** Every second request is not answered for so long that a run stands there until it gives the request up. */
const standing = { faults: "latency=60000@every:2" }

describe.each(["SQLite", "Postgres"] as const)("a sync into %s beside another", (name) => {
  it.live(
    "of the same source ends Busy, also if the other is stopped, and goes on at once if it is killed",
    () =>
      Support.withEmulator(standing, (baseUrl) =>
        Effect.gen(function* () {
          const archive = yield* archives[name]
          const first = yield* begun(archive, baseUrl)
          // Another server of the same vendor, which knows only of the second.
          yield* Support.withEmulator({}, (baseUrl) =>
            Effect.gen(function* () {
              yield* assertBusy(archive, baseUrl)
              first.child.kill("SIGSTOP")
              yield* assertBusy(archive, baseUrl)
              assert.isNull(first.child.exitCode)
              first.child.kill("SIGKILL")
              yield* first.closed
              const again = yield* sync(archive, baseUrl)
              assert.strictEqual(again.code, 0, again.stderr)
              assert.match(again.stderr, /botuj: 6 conversations/)
            })
          )
          if (name === "SQLite") assert.deepStrictEqual(readdirSync(dirname(archive)), ["history.db"])
        })
      ).pipe(Effect.scoped),
    60_000
  )

  it.live(
    "of another source or account is not hindered",
    () =>
      Support.withEmulator(standing, (baseUrl) =>
        Effect.gen(function* () {
          const archive = yield* archives[name]
          const first = yield* begun(archive, baseUrl)
          const others = [
            ["chatling", ...Support.which("chatling")],
            ["botuj", "--account", "eu"]
          ]
          yield* Support.withEmulator({}, (baseUrl) =>
            Effect.forEach(others, (other) =>
              Effect.gen(function* () {
                const args = ["sync", ...other, "--archive", archive, "--base-url", baseUrl]
                const env = { ...Support.tokens, BOTUJ_API_KEY_EU: Support.canary }
                const result = yield* Support.colloquy(args, { env })
                assert.strictEqual(result.code, 0, result.stderr)
              })
            )
          )
          assert.isNull(first.child.exitCode)
        })
      ).pipe(Effect.scoped),
    60_000
  )
})
