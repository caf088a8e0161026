/**
 * One run of a list at a time: who has it, who ends `Busy`, and when it is free again.
 */
import { Archive, Sync } from "@colloquy/archive"
import * as Postgres from "@colloquy/archive/Postgres"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Redacted, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { execFile } from "node:child_process"
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import { inject } from "vitest"
import { databases, databaseUrl, file, memory, type Opened, open, schemaUrl } from "./databases.ts"
import { assertTrue } from "./syncing.ts"

const vendorOf = () => {
  const vendor = Vendor.make({ size: 50 })
  Vendor.say(vendor, "a", 20)
  Vendor.say(vendor, "b", 20)
  return vendor
}

const syncOf = Effect.fnUntraced(function* (
  vendor: Vendor.SimulatedVendor,
  opened: Opened,
  options: Sync.Options & { readonly listFilter?: string; readonly account?: string } = {}
) {
  const { account, listFilter, ...rest } = options
  const source = yield* Vendor.service(vendor)
  const named = { ...source, account: account ?? source.account, listFilter: listFilter ?? "{}" }
  return yield* Effect.provide(Sync.sync(named, rest), opened)
})

/** A sync that stands still in its middle until it is told to go on. */
const standing = Effect.fnUntraced(function* (opened: Opened, options: Sync.Options = {}) {
  const vendor = vendorOf()
  const reached = yield* Deferred.make<void>()
  const go = yield* Deferred.make<void>()
  vendor.before = ({ what }) =>
    what === "list" ? Effect.void : Effect.andThen(Deferred.succeed(reached, undefined), Deferred.await(go))
  const fiber = yield* Effect.forkScoped(syncOf(vendor, opened, options))
  yield* Effect.raceFirst(Deferred.await(reached), Fiber.join(fiber))
  return { vendor, fiber, goOn: Effect.andThen(Deferred.succeed(go, undefined), Fiber.join(fiber)) }
})

/** That a sync ends `Busy`, says of which source, and asks the vendor nothing. */
const assertBusy = Effect.fnUntraced(function* (opened: Opened, options: Sync.Options = {}) {
  const vendor = vendorOf()
  const error = yield* Effect.flip(syncOf(vendor, opened, options))
  assert.strictEqual(error.reason._tag, "Busy")
  assert.include(error.message, `another run is syncing ${Vendor.vendor}, account ${Vendor.account} into`)
  assert.strictEqual(vendor.requests, 0)
})

const runsOf = (opened: Opened) =>
  Effect.map(
    Effect.provide(
      SqlClient.SqlClient.use((sql) => sql`SELECT key FROM runs`),
      opened
    ),
    (rows) => rows.length
  )

describe.each([...databases, { ...memory, name: "SQLite in memory" }])("a list in $name", (database) => {
  it.effect("is read by one of two runs over one archive; the other ends Busy and leaves no trace", () =>
    Effect.gen(function* () {
      const opened = yield* open(yield* database.fresh)
      const { goOn, vendor } = yield* standing(opened)
      yield* assertBusy(opened)
      yield* assertBusy(opened, { full: true })
      assert.strictEqual(yield* runsOf(opened), 1)
      assert.strictEqual((yield* goOn).added, 40)
      assert.deepStrictEqual((yield* syncOf(vendor, opened)).failed, [])
      yield* Effect.provide(assertTrue(vendor), opened)
    })
  )

  it.effect("is read by exactly one of many that begin at once", () =>
    Effect.gen(function* () {
      const opened = yield* open(yield* database.fresh)
      const runs = Array.from({ length: 8 }, () => Effect.result(syncOf(vendorOf(), opened)))
      const results = yield* Effect.all(runs, { concurrency: "unbounded" })
      const outcomes = results.map((each) => (each._tag === "Success" ? "read" : each.failure.reason._tag))
      assert.deepStrictEqual(outcomes.sort(), [...Array(7).fill("Busy"), "read"])
    })
  )

  it.effect("is free again when its run is interrupted, fails or dies", () =>
    Effect.gen(function* () {
      const opened = yield* open(yield* database.fresh)
      const { fiber } = yield* standing(opened)
      yield* Fiber.interrupt(fiber)
      const refused = vendorOf()
      refused.fails = () => "unauthorized"
      assert.strictEqual((yield* Effect.flip(syncOf(refused, opened))).reason._tag, "Unauthorized")
      const broken = syncOf(vendorOf(), opened, { onEvent: () => Effect.die("a mistake of the caller") })
      assert.isTrue(Exit.hasDies(yield* Effect.exit(broken)))
      const vendor = vendorOf()
      assert.deepStrictEqual((yield* syncOf(vendor, opened)).failed, [])
      yield* Effect.provide(assertTrue(vendor), opened)
    })
  )

  it.effect("does not hinder other lists, accounts, chosen conversations and plans", () =>
    Effect.gen(function* () {
      const opened = yield* open(yield* database.fresh)
      const { goOn } = yield* standing(opened)
      assert.strictEqual((yield* syncOf(vendorOf(), opened, { account: "other" })).conversations, 2)
      assert.strictEqual((yield* syncOf(vendorOf(), opened, { conversations: ["b"] })).conversations, 1)
      assert.strictEqual((yield* syncOf(vendorOf(), opened, { listFilter: `{"bot":"2"}` })).conversations, 2)
      const plan = Sync.plan(yield* Vendor.service(vendorOf()))
      assert.strictEqual((yield* Effect.provide(Stream.runCollect(plan), opened)).length, 2)
      yield* assertBusy(opened)
      yield* goOn
    })
  )

  it.effect("may be taken again by what runs while it is held", () =>
    Effect.gen(function* () {
      const opened = yield* open(yield* database.fresh)
      const archive = yield* Effect.provide(Archive, opened)
      const source = yield* Vendor.service(vendorOf())
      const within = Effect.gen(function* () {
        assert.strictEqual((yield* Effect.provide(Sync.sync(source), opened)).added, 40)
        return "done"
      })
      assert.strictEqual(yield* archive.runs.exclusively(source, within), "done")
      assert.deepStrictEqual((yield* syncOf(vendorOf(), opened)).failed, [])
    })
  )
})

describe.each(databases)("a list in $name", (database) => {
  it.effect("is read by one of two runs, each with its own connection", () =>
    Effect.gen(function* () {
      const client = yield* database.fresh
      const [one, other] = [yield* open(client), yield* open(client)]
      const { goOn } = yield* standing(one)
      yield* assertBusy(other)
      yield* goOn
      assert.deepStrictEqual((yield* syncOf(vendorOf(), other)).failed, [])
    })
  )

  it.effect("is held by whoever holds it, between its runs too", () =>
    Effect.gen(function* () {
      const client = yield* database.fresh
      const [one, other] = [yield* open(client), yield* open(client)]
      const archive = yield* Effect.provide(Archive, one)
      const source = yield* Vendor.service(vendorOf())
      const within = Effect.andThen(Effect.provide(Sync.sync(source), one), assertBusy(other))
      yield* archive.runs.exclusively(source, within)
      assert.deepStrictEqual((yield* syncOf(vendorOf(), other)).failed, [])
    })
  )

  it.effect("is not that of another archive", () =>
    Effect.gen(function* () {
      const { goOn } = yield* standing(yield* open(yield* database.fresh))
      const vendor = vendorOf()
      assert.strictEqual((yield* syncOf(vendor, yield* open(yield* database.fresh))).added, 40)
      yield* goOn
    })
  )
})

describe("a lock beside a SQLite file", () => {
  const lockIn = (filename: string) =>
    readdirSync(dirname(filename)).filter((name) => name.startsWith("archive.db-lock-"))

  it.effect("is an empty file with the archive's mode, and goes with its run", () =>
    Effect.gen(function* () {
      const filename = yield* file
      writeFileSync(filename, "")
      chmodSync(filename, 0o660)
      const opened = yield* open(Sqlite.layer({ filename }))
      const { goOn } = yield* standing(opened)
      const [name = "", ...others] = lockIn(filename)
      assert.deepStrictEqual(others, [])
      const { mode, size } = statSync(join(dirname(filename), name))
      assert.deepStrictEqual([size, (mode & 0o777).toString(8)], [0, "660"])
      yield* goOn
      assert.deepStrictEqual(lockIn(filename), [])
    })
  )

  it.effect("is the same by another path", () =>
    Effect.gen(function* () {
      const filename = yield* file
      const one = yield* open(Sqlite.layer({ filename }))
      const link = join(yield* Effect.map(file, dirname), "link.db")
      symlinkSync(filename, link)
      const { goOn } = yield* standing(one)
      yield* assertBusy(yield* open(Sqlite.layer({ filename: link })))
      yield* goOn
    })
  )

  it.live("is held by one of many processes that take it and free it", () =>
    Effect.gen(function* () {
      const filename = yield* file
      const script = join(import.meta.dirname, "locking.ts")
      const run = Effect.promise(() => promisify(execFile)(process.execPath, [script, filename]))
      const all = yield* Effect.all([run, run, run, run], { concurrency: "unbounded" })
      const told: ReadonlyArray<{ had: number; met: number }> = all.map(({ stdout }) => JSON.parse(stdout))
      assert.isAbove(
        told.reduce((sum, { had }) => sum + had, 0),
        4
      )
      assert.deepStrictEqual(
        told.map(({ met }) => met),
        [0, 0, 0, 0]
      )
      assert.deepStrictEqual(lockIn(filename), [])
    })
  )

  it.effect("that cannot be made ends the run with the reason, before a request", () =>
    Effect.gen(function* () {
      const filename = yield* file
      const opened = yield* open(Sqlite.layer({ filename }))
      const { fiber } = yield* standing(opened)
      const [name = ""] = lockIn(filename)
      yield* Fiber.interrupt(fiber)
      mkdirSync(join(dirname(filename), name))
      const vendor = vendorOf()
      const error = yield* Effect.flip(syncOf(vendor, opened))
      assert.strictEqual(error.reason._tag, "Unreachable")
      assert.include(error.message, `its lock file ${join(dirname(filename), name)} cannot be used`)
      assert.strictEqual(vendor.requests, 0)
    })
  )

  it.effect("that something else has taken over stays as it is", () =>
    Effect.gen(function* () {
      const filename = yield* file
      const opened = yield* open(Sqlite.layer({ filename }))
      const { fiber } = yield* standing(opened)
      const path = join(dirname(filename), lockIn(filename)[0] ?? "")
      yield* Fiber.interrupt(fiber)
      writeFileSync(path, "a note of mine\n".repeat(100))
      assert.strictEqual((yield* Effect.flip(syncOf(vendorOf(), opened))).reason._tag, "Corrupt")
      assert.match(readFileSync(path, "utf8"), /^(a note of mine\n){100}$/)
    })
  )
})

describe("a lock in Postgres", () => {
  const layerOf = (url: string, options = "") =>
    Postgres.layer({
      url: Redacted.make(options === "" ? url : `${url}${encodeURIComponent(` ${options}`)}`),
      maxConnections: 1
    })

  it.effect("takes no connection from the runs", () =>
    Effect.gen(function* () {
      const opened = yield* open(layerOf(yield* schemaUrl(inject("postgres").url)))
      assert.strictEqual((yield* syncOf(vendorOf(), opened)).added, 40)
    })
  )

  it.live("outlasts the server's limit for idle transactions", () =>
    Effect.gen(function* () {
      const url = yield* schemaUrl(inject("postgres").url)
      const client = layerOf(url, "-c idle_in_transaction_session_timeout=1000")
      const [one, other] = [yield* open(client), yield* open(client)]
      const { goOn } = yield* standing(one)
      yield* Effect.sleep("2 seconds")
      yield* assertBusy(other)
      yield* goOn
    })
  )

  it.effect("that is lost with its connection lets another run in, and nothing is lost", () =>
    Effect.gen(function* () {
      const client = layerOf(yield* databaseUrl(inject("postgres").url))
      const [one, other] = [yield* open(client), yield* open(client)]
      const { goOn } = yield* standing(one, { parallel: 1 })
      const sql = yield* Effect.provide(SqlClient.SqlClient, other)
      yield* sql`SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
      const vendor = vendorOf()
      assert.strictEqual((yield* syncOf(vendor, other)).added, 40)
      yield* Effect.exit(goOn)
      yield* Effect.provide(assertTrue(vendor), other)
    })
  )

  it.effect("holds back no vacuum, and is no lock of a table", () =>
    Effect.gen(function* () {
      const opened = yield* open(layerOf(yield* databaseUrl(inject("postgres").url)))
      const { goOn } = yield* standing(opened)
      const sql = yield* Effect.provide(SqlClient.SqlClient, opened)
      const held = yield* sql<{ xmin: string | null; locks: number }>`SELECT a.backend_xmin::text AS xmin,
  (SELECT CAST(count(*) AS INTEGER) FROM pg_locks t WHERE t.pid = a.pid AND t.locktype = 'relation') AS locks
FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid WHERE l.locktype = 'advisory' AND a.datname = current_database()`
      assert.deepStrictEqual(held, [{ xmin: null, locks: 0 }])
      yield* goOn
    })
  )
})

describe("a list behind a client of another driver", () => {
  it.effect("is read by one of the runs that share the client", () =>
    Effect.gen(function* () {
      const client = yield* Layer.build(Layer.fresh(Sqlite.layer({ filename: ":memory:" })))
      const shared = Layer.succeed(SqlClient.SqlClient, yield* Effect.provide(SqlClient.SqlClient, client))
      const [one, other] = [yield* open(shared), yield* open(shared)]
      const { goOn } = yield* standing(one)
      yield* assertBusy(other)
      yield* goOn
    })
  )
})
