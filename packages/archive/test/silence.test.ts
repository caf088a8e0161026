/**
 * Postgres that stops answering, or whose locks others hold: nothing waits for ever, and what it was is told.
 */
import { Archive, type ArchiveError, Sync } from "@colloquy/archive"
import * as Postgres from "@colloquy/archive/Postgres"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import * as Server from "@colloquy/postgres-server"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Duration, Effect, Fiber, Layer, Redacted, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { inject } from "vitest"
import { open, schemaUrl } from "./databases.ts"

const of = { vendor: Vendor.vendor, account: Vendor.account }

/** A schema of its own, by a route of its own. */
const routed = Effect.gen(function* () {
  const direct = yield* schemaUrl(inject("postgres").url)
  const route = yield* Effect.acquireRelease(
    Effect.promise(() => Server.route(direct)),
    ({ close }) => Effect.promise(close)
  )
  return { direct, route }
})

const impatient = (url: string) =>
  Postgres.layer({
    url: Redacted.make(url),
    connectTimeout: "300 millis",
    lockTimeout: "200 millis",
    statementTimeout: "500 millis"
  })

const plain = (url: string) => Postgres.layer({ url: Redacted.make(url) })

const reasonOf = <A, R>(effect: Effect.Effect<A, ArchiveError.ArchiveError, R>) =>
  Effect.map(Effect.flip(effect), ({ reason }) => reason._tag)

const vendorOf = () => {
  const vendor = Vendor.make({ size: 50 })
  Vendor.say(vendor, "a", 100)
  return vendor
}

/** Holds a table's lock until it is told to let go. */
const holding = Effect.fnUntraced(function* (url: string, table: string) {
  const sql = yield* Effect.provide(SqlClient.SqlClient, yield* Layer.build(plain(url)))
  const held = yield* Deferred.make<void>()
  const lock = sql`LOCK TABLE ${sql(table)} IN ACCESS EXCLUSIVE MODE`
  yield* Effect.forkScoped(
    sql.withTransaction(Effect.andThen(Effect.andThen(lock, Deferred.succeed(held, undefined)), Effect.never))
  )
  yield* Deferred.await(held)
})

describe("a route to Postgres that swallows packets", () => {
  it.live("is Unreachable for opening, reading and writing", () =>
    Effect.gen(function* () {
      const { route } = yield* routed
      const opened = yield* open(impatient(route.url))
      const archive = yield* Effect.provide(Archive, opened)
      route.swallow()
      assert.strictEqual(yield* reasonOf(Stream.runCollect(archive.status.conversations())), "Unreachable")
      const sync = Sync.sync(yield* Vendor.service(vendorOf())).pipe(Effect.provide(opened))
      assert.strictEqual((yield* Effect.flip(sync)).reason._tag, "Unreachable")
      assert.strictEqual(yield* reasonOf(archive.erasures.forgetUser({ ...of, id: "u" })), "Unreachable")
      assert.strictEqual(yield* reasonOf(open(impatient(route.url))), "Unreachable")
    })
  )

  it.live.each(["COMMIT", "INSERT INTO messages"])(
    "is Unreachable from %s on, and the next sync goes on by another",
    (text) =>
      Effect.gen(function* () {
        const { direct, route } = yield* routed
        yield* Effect.scoped(open(plain(direct)))
        const opened = yield* open(impatient(route.url))
        const vendor = vendorOf()
        route.swallowAt(text)
        const sync = Sync.sync(yield* Vendor.service(vendor))
        assert.strictEqual((yield* Effect.flip(Effect.provide(sync, opened))).reason._tag, "Unreachable")
        // What the server still has of it goes with its connections.
        yield* Effect.promise(route.close)
        const report = yield* Effect.provide(sync, yield* open(plain(direct)))
        assert.strictEqual(report.added, 100)
      })
  )

  it.live("does not hold up an interruption", () =>
    Effect.gen(function* () {
      const { route } = yield* routed
      const opened = yield* open(plain(route.url))
      route.swallowAt("INSERT INTO messages")
      const fiber = yield* Sync.sync(yield* Vendor.service(vendorOf())).pipe(
        Effect.provide(opened),
        Effect.forkChild
      )
      yield* Effect.sleep("300 millis")
      const [took] = yield* Effect.timed(Fiber.interrupt(fiber))
      assert.isBelow(Duration.toMillis(took), 14_000)
    })
  )
})

describe("a lock that another session holds", () => {
  it.live("is Busy for opening, writing and forgetting, and all goes on behind it", () =>
    Effect.gen(function* () {
      const { direct } = yield* routed
      const opened = yield* open(impatient(direct))
      const archive = yield* Effect.provide(Archive, opened)
      const sync = Sync.sync(yield* Vendor.service(vendorOf())).pipe(Effect.provide(opened))
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* holding(direct, "conversations")
          assert.strictEqual((yield* Effect.flip(sync)).reason._tag, "Busy")
          assert.strictEqual(yield* reasonOf(archive.erasures.forgetUser({ ...of, id: "u" })), "Busy")
          assert.strictEqual(yield* reasonOf(Stream.runCollect(archive.status.conversations())), "Busy")
        })
      )
      assert.strictEqual((yield* sync).added, 100)
    })
  )

  it.live("does not hold up an interruption", () =>
    Effect.gen(function* () {
      const { direct } = yield* routed
      const opened = yield* open(plain(direct))
      yield* holding(direct, "messages")
      const fiber = yield* Sync.sync(yield* Vendor.service(vendorOf())).pipe(
        Effect.provide(opened),
        Effect.forkChild
      )
      yield* Effect.sleep("300 millis")
      const [took] = yield* Effect.timed(Fiber.interrupt(fiber))
      assert.isBelow(Duration.toMillis(took), 3000)
    })
  )
})

describe("a connection that is lost in the first migration", () => {
  it.live.each([
    "colloquy_migrations",
    'CREATE TABLE "colloquy_migrations"',
    "BEGIN",
    "LOCK TABLE",
    'INSERT INTO "colloquy_migrations"',
    "CREATE TABLE settings",
    "CREATE TABLE lists",
    "CREATE VIEW feedback",
    "COMMIT",
    "INSERT INTO settings"
  ])("is Unreachable at %s, and opening it again makes it", (text) =>
    Effect.gen(function* () {
      const { direct, route } = yield* routed
      route.breakAt(text)
      assert.strictEqual(yield* reasonOf(open(impatient(route.url))), "Unreachable")
      yield* open(plain(direct))
    })
  )
})
