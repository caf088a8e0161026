/**
 * Options that are none: each is refused at once, by its name, and nothing is asked or written.
 */
import { Archive, Sync } from "@colloquy/archive"
import * as Postgres from "@colloquy/archive/Postgres"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { type Duration, Effect, Redacted, Stream } from "effect"
import { inject } from "vitest"
import { memory, onFresh, open, unopened } from "./databases.ts"
import * as Pages from "./pages.ts"
import { sync } from "./syncing.ts"

/** As it comes from code without types. */
const untyped = <A>(value: unknown): A => JSON.parse(JSON.stringify(value))

const numbers = [NaN, Infinity, -1, 1.5]
const durations: ReadonlyArray<Duration.Input> = [untyped("7d"), untyped("soon"), NaN, -1, Infinity, 1e17]

const times: ReadonlyArray<Duration.Input> = [untyped("1d"), NaN, 0]

const wrong: ReadonlyArray<readonly [name: string, options: Sync.Options]> = [
  ...[...numbers, 0, 65].map((parallel) => ["parallel", { parallel }] as const),
  ...[...numbers, 0, 65].map((concurrency) => ["concurrency", { concurrency }] as const),
  ...durations.map((lookback) => ["lookback", { lookback }] as const),
  ...durations.map((goneAfter) => ["goneAfter", { goneAfter }] as const),
  ...numbers.map((rows) => ["quarantine.rows", { quarantine: { rows } }] as const),
  ...[NaN, -0.1, 1.1].map((share) => ["quarantine.share", { quarantine: { share } }] as const)
]

describe("an option that is none", () => {
  it.effect("of a sync is refused by its name, before anything is asked for", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make()
      Vendor.say(vendor, "a", 3)
      const source = yield* Vendor.service(vendor)
      for (const [name, options] of wrong) {
        const planned = Stream.runDrain(Sync.plan(source, options))
        for (const each of [sync(vendor, options), planned]) {
          const error = yield* Effect.flip(each)
          assert.strictEqual(error.reason._tag, "InvalidRequest", name)
          assert.include(error.message, `: ${name} must be `)
        }
      }
      assert.strictEqual(vendor.requests, 0)
      for (const options of [{ parallel: 64 }, { lookback: 0 }, { quarantine: { rows: 0, share: 1 } }]) {
        assert.deepStrictEqual((yield* sync(vendor, options)).failed, [])
      }
    }).pipe(onFresh(memory))
  )

  it.effect("of a read session is refused by its name", () =>
    Effect.gen(function* () {
      const archive = yield* Archive
      for (const goneAfter of durations) {
        const error = yield* Effect.flip(
          archive.sessions.open(Pages.conversation("a"), { want: "incremental", goneAfter })
        )
        assert.strictEqual(error.reason._tag, "InvalidOption")
        assert.match(error.message, /^goneAfter must be /)
      }
      assert.strictEqual(yield* archive.count(), 0)
    }).pipe(onFresh(memory))
  )

  it.effect("of a database is refused by its name", () =>
    Effect.gen(function* () {
      const url = Redacted.make(inject("postgres").url)
      const cases = [
        ...numbers.map(
          (busyTimeout) => ["busyTimeout", Sqlite.layer({ filename: ":memory:", busyTimeout })] as const
        ),
        ...[...numbers, 0].map(
          (maxConnections) => ["maxConnections", Postgres.layer({ url, maxConnections })] as const
        ),
        ...times.flatMap((time) => [
          ["connectTimeout", Postgres.layer({ url, connectTimeout: time })] as const,
          ["lockTimeout", Postgres.layer({ url, lockTimeout: time })] as const,
          ["statementTimeout", Postgres.layer({ url, statementTimeout: time })] as const
        ])
      ]
      for (const [name, client] of cases) {
        const { message, reason } = yield* Effect.orDie(unopened(client))
        assert.strictEqual(reason._tag, "InvalidOption", name)
        assert.match(message, new RegExp(`^${name} must be `))
      }
      yield* open(Postgres.layer({ url, maxConnections: 1, lockTimeout: "1 second" }))
    })
  )
})
