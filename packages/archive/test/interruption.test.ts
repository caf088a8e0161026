import { Archive, type ArchiveError, type ReadSession, Sync } from "@colloquy/archive"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { type Database, databases, onFresh, open, withoutLocks } from "./databases.ts"
import * as Pages from "./pages.ts"
import { assertInOrder, assertTrue, live, standings, sync } from "./syncing.ts"

/** A read session of a conversation that was not erased. */
const sessionOf = Effect.fnUntraced(function* (id: string, want: ReadSession.Want = "incremental") {
  const archive = yield* Archive
  const session = yield* archive.sessions.open(Pages.conversation(id), { want })
  return session ?? (yield* Effect.die("forgotten"))
})

const stateOf = Effect.fnUntraced(function* (id: string) {
  const archive = yield* Archive
  return yield* archive.sessions.state(Pages.conversation(id))
})

const reasonOf = <A, R>(effect: Effect.Effect<A, ArchiveError.ArchiveError, R>) =>
  Effect.map(Effect.flip(effect), ({ reason }) => reason._tag)

/** Makes the database refuse rows with this text, in the middle of a page. */
const refuse = ({ name }: Database, text: string) =>
  SqlClient.SqlClient.use((sql) =>
    name === "SQLite"
      ? sql.unsafe(`CREATE TRIGGER refuse BEFORE INSERT ON messages WHEN NEW.text = '${text}'
BEGIN SELECT RAISE(ABORT, 'refused'); END`)
      : sql.unsafe(`ALTER TABLE messages ADD CONSTRAINT refuse CHECK (text <> '${text}')`)
  )

const vendorOf = (manners: Vendor.Options) => {
  const vendor = Vendor.make({ size: 5, ...manners })
  Vendor.say(vendor, "a", 23)
  Vendor.say(vendor, "b", 12)
  Vendor.say(vendor, "c", 0)
  return vendor
}

/** Syncs, and is interrupted while the nth request is under way. */
const interruptedAt = Effect.fnUntraced(function* (vendor: Vendor.SimulatedVendor, nth: number) {
  const reached = yield* Deferred.make<void>()
  const first = vendor.requests
  vendor.before = () =>
    vendor.requests - first === nth
      ? Effect.andThen(Deferred.succeed(reached, undefined), Effect.never)
      : Effect.void
  const fiber = yield* Effect.forkChild(sync(vendor, { parallel: 1 }))
  yield* Effect.raceFirst(Deferred.await(reached), Fiber.await(fiber))
  yield* Fiber.interrupt(fiber)
  vendor.before = () => Effect.void
  return vendor.requests - first >= nth
})

describe.each(databases)("writing into $name", (database) => {
  it.effect("leaves neither rows nor checkpoint of a page that fails in its middle", () =>
    Effect.gen(function* () {
      const session = yield* sessionOf("a")
      const rows = (from: number) => [0, 1, 2].map((at) => Pages.message("a", `m${from + at}`, from + at))
      yield* session.write(Pages.middle(rows(0)))
      const before = yield* stateOf("a")
      yield* refuse(database, "text of m4")
      assert.strictEqual(yield* reasonOf(session.write(Pages.middle(rows(3), 3))), "Refused")
      assert.deepStrictEqual(yield* live("a"), rows(0))
      assert.deepStrictEqual(yield* stateOf("a"), before)
      // The session is still good: the page may be written in another form.
      yield* session.write(Pages.last([Pages.message("a", "m3", 3)], 3))
      assert.strictEqual((yield* live("a")).length, 4)
      assert.strictEqual((yield* stateOf("a"))?.stored, 4)
    }).pipe(onFresh(database))
  )

  it.effect("lets one of two readings through, and doubles nothing", () =>
    Effect.gen(function* () {
      const one = yield* sessionOf("a")
      const other = yield* sessionOf("a")
      const page = Pages.middle([Pages.message("a", "m0", 0)])
      yield* one.write(page)
      assert.strictEqual(yield* reasonOf(other.write(page)), "Conflict")
      assert.strictEqual(yield* reasonOf(other.write(Pages.last([]))), "Conflict")
      yield* one.write(Pages.last([Pages.message("a", "m1", 1)], 1))
      assert.deepStrictEqual(
        (yield* live("a")).map(({ id }) => id),
        ["m0", "m1"]
      )
      assert.strictEqual((yield* stateOf("a"))?.stored, 2)
    }).pipe(onFresh(database))
  )

  it.effect("lets exactly one of many at once through", () =>
    Effect.gen(function* () {
      const readings = yield* Effect.forEach(Array.from({ length: 6 }), () => sessionOf("a"))
      const page = Pages.middle(Array.from({ length: 50 }, (_, at) => Pages.message("a", `m${at}`, at)))
      const outcomes = yield* Effect.forEach(
        readings,
        (session) =>
          Effect.match(session.write(page), { onFailure: (e) => e.reason._tag, onSuccess: () => "written" }),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(outcomes.sort(), [...Array(5).fill("Conflict"), "written"])
      assert.strictEqual((yield* live("a")).length, 50)
    }).pipe(onFresh(database))
  )

  it.effect("by a sink is done when the session is", () =>
    Effect.gen(function* () {
      const session = yield* sessionOf("a")
      const pages = [
        Pages.middle([Pages.message("a", "m0", 0)]),
        Pages.last([Pages.message("a", "m1", 1)], 1)
      ]
      yield* Stream.run(
        Stream.concat(Stream.fromIterable(pages), Stream.die("pulled too far")),
        Archive.sink(session)
      )
      assert.strictEqual((yield* stateOf("a"))?.finished, true)
    }).pipe(onFresh(database))
  )
})

describe.each(databases)("syncs into $name", (database) => {
  it.effect.each([{ order: "oldestFirst" }, { order: "newestFirst" }] as const)(
    "come to the same archive, wherever one was interrupted before (%o)",
    (manners) =>
      Effect.gen(function* () {
        const step = database.name === "SQLite" ? 1 : 5
        for (let nth = 1, reached = true; reached; nth += step) {
          const vendor = vendorOf(manners)
          const client = yield* database.fresh
          reached = yield* Effect.provide(interruptedAt(vendor, nth), yield* open(client))
          // Another process goes on.
          yield* Effect.gen(function* () {
            const sql = yield* SqlClient.SqlClient
            const ahead = yield* sql`SELECT 1 AS one FROM checkpoints p WHERE stored <>
  (SELECT count(*) FROM messages m WHERE m.conversation = p.conversation)`
            assert.deepStrictEqual(ahead, [])
            Vendor.say(vendor, "a", 3)
            assert.deepStrictEqual((yield* sync(vendor)).failed, [])
            yield* assertInOrder(vendor)
            assert.deepStrictEqual(yield* standings, { a: "complete", b: "complete", c: "complete" })
            // Interrupted in what is new, too.
            Vendor.say(vendor, "a", 11)
            Vendor.say(vendor, "b", 11)
            yield* interruptedAt(vendor, nth)
            Vendor.say(vendor, "b", 2)
            assert.deepStrictEqual((yield* sync(vendor)).failed, [])
            yield* assertInOrder(vendor)
          }).pipe(Effect.provide(yield* open(client)))
        }
      }).pipe(Effect.scoped)
  )

  it.effect("come to the truth when two run at once without a lock, each with its own connection", () =>
    Effect.gen(function* () {
      const client = yield* database.fresh
      const vendor = vendorOf({})
      const one = withoutLocks(yield* open(client))
      const other = withoutLocks(yield* open(client))
      for (let round = 0; round < 3; round++) {
        Vendor.say(vendor, "a", 12)
        Vendor.say(vendor, "c", 31)
        vendor.before = () => Effect.yieldNow
        // Time must not leap while connections are made.
        yield* TestClock.adjust("1 minute")
        const source = yield* Vendor.service(vendor)
        const both = [one, other].map((opened) => Effect.provide(Sync.sync(source), opened))
        yield* Effect.all(both, { concurrency: 2 })
        yield* assertTrue(vendor).pipe(Effect.provide(one))
      }
      assert.deepStrictEqual((yield* sync(vendor).pipe(Effect.provide(other))).failed, [])
      assert.deepStrictEqual(yield* Effect.provide(standings, one), {
        a: "complete",
        b: "complete",
        c: "complete"
      })
    })
  )
})
