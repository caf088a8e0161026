/**
 * Records that could not be decoded: they prove nothing of other rows, and are read again.
 */
import { Archive } from "@colloquy/archive"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { databases, onFresh, open } from "./databases.ts"
import { assertTrue, costOf, live, sync } from "./syncing.ts"

const quarantined = Archive.use((archive) => Stream.runCount(archive.quarantine.records()))

const status = Effect.map(
  Archive.use((archive) => Stream.runCollect(archive.status.conversations({ conversationId: "a" }))),
  ([a]) => ({ stored: a?.stored, gone: a?.gone, suspected: a?.suspected })
)

/** A conversation of twelve rows, synced. */
const synced = Effect.fnUntraced(function* (manners: Vendor.Options = {}) {
  const vendor = Vendor.make(manners)
  Vendor.say(vendor, "a", 12)
  yield* sync(vendor)
  return vendor
})

const orders = [{ order: "oldestFirst" }, { order: "newestFirst" }] as const

describe.each(databases)("an undecodable record, into $name", (database) => {
  it.effect.each(orders)("is no proof that the message which it is has gone (%o)", (manners) =>
    Effect.gen(function* () {
      const vendor = yield* synced(manners)
      Vendor.editAt(vendor, "a", 1, { bad: true })
      assert.strictEqual((yield* sync(vendor, { full: true })).gone, 0)
      assert.deepStrictEqual(yield* status, { stored: 12, gone: 0, suspected: 1 })
      Vendor.editAt(vendor, "a", 1, { bad: false })
      yield* sync(vendor)
      assert.deepStrictEqual(yield* status, { stored: 12, gone: 0, suspected: 0 })
      assert.strictEqual(yield* quarantined, 0)
      yield* assertTrue(vendor)
    }).pipe(onFresh(database))
  )

  it.effect.each([{ list: "count" }, { list: "nothing", total: "none" }] as const)(
    "does not prove it by two runs either, and does not have it read for ever (%o)",
    (manners) =>
      Effect.gen(function* () {
        const vendor = yield* synced({ order: "newestFirst", ...manners })
        Vendor.say(vendor, "b", 1)
        Vendor.editAt(vendor, "a", 10, { bad: true })
        // Met by a read of the head.
        Vendor.say(vendor, "a", 1)
        for (let run = 0; run < 4; run++) {
          yield* TestClock.adjust("1 hour")
          assert.strictEqual((yield* sync(vendor)).gone, 0)
        }
        assert.deepStrictEqual(yield* status, { stored: 13, gone: 0, suspected: 1 })
        const { asked } = yield* costOf(vendor)
        assert.isAtMost(asked, manners.list === "count" ? 0 : 3)
      }).pipe(onFresh(database))
  )

  it.effect.each(orders)("that was there before hides no removal (%o)", (manners) =>
    Effect.gen(function* () {
      const vendor = Vendor.make(manners)
      Vendor.say(vendor, "a", 1, { bad: true })
      Vendor.say(vendor, "a", 12)
      yield* sync(vendor)
      Vendor.say(vendor, "a", 1)
      yield* sync(vendor)
      Vendor.removeAt(vendor, "a", 5)
      assert.strictEqual((yield* sync(vendor, { full: true })).gone, 1)
      assert.deepStrictEqual(yield* status, { stored: 12, gone: 1, suspected: 0 })
    }).pipe(onFresh(database))
  )

  it.effect("explains no more than rows that came before it: what follows it is found gone", () =>
    Effect.gen(function* () {
      const vendor = yield* synced()
      Vendor.editAt(vendor, "a", 1, { bad: true })
      yield* sync(vendor, { full: true })
      yield* TestClock.adjust("1 hour")
      yield* sync(vendor)
      Vendor.removeAt(vendor, "a", 5)
      yield* sync(vendor)
      assert.deepStrictEqual(yield* status, { stored: 11, gone: 1, suspected: 1 })
    }).pipe(onFresh(database))
  )

  it.effect("that came well in a read of a part is no known record", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ order: "newestFirst", list: "nothing", total: "none" })
      Vendor.say(vendor, "a", 12)
      Vendor.say(vendor, "a", 1, { bad: true })
      Vendor.say(vendor, "b", 1)
      yield* sync(vendor)
      yield* TestClock.adjust("1 hour")
      yield* sync(vendor)
      Vendor.editAt(vendor, "a", 12, { bad: false })
      Vendor.say(vendor, "a", 1)
      yield* sync(vendor)
      assert.strictEqual((yield* live("a")).length, 14)
      Vendor.editAt(vendor, "a", 12, { bad: true })
      for (let run = 0; run < 3; run++) {
        yield* TestClock.adjust("1 hour")
        assert.strictEqual((yield* sync(vendor, { full: true })).gone, 0)
      }
    }).pipe(onFresh(database))
  )

  it.effect.each([{ list: "count" }, { list: "nothing", total: "none" }] as const)(
    "is read again by the next run, and replaced (%o)",
    (manners) =>
      Effect.gen(function* () {
        const vendor = Vendor.make(manners)
        Vendor.say(vendor, "a", 30)
        Vendor.say(vendor, "b", 3)
        Vendor.editAt(vendor, "a", 3, { bad: true })
        assert.strictEqual((yield* sync(vendor)).quarantined, 1)
        Vendor.editAt(vendor, "a", 3, { bad: false })
        assert.strictEqual((yield* sync(vendor)).added, 1)
        assert.strictEqual(yield* quarantined, 0)
        yield* assertTrue(vendor)
      }).pipe(onFresh(database))
  )

  it.effect("is read again until another run has met it an hour later, and again when it is another", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make()
      Vendor.say(vendor, "a", 5)
      Vendor.say(vendor, "a", 1, { bad: true })
      const asked = Effect.map(costOf(vendor), (cost) => cost.asked)
      yield* sync(vendor)
      assert.isAbove(yield* asked, 0)
      yield* TestClock.adjust("1 hour")
      assert.isAbove(yield* asked, 0)
      assert.strictEqual(yield* asked, 0)
      Vendor.say(vendor, "a", 1, { bad: true })
      yield* sync(vendor)
      assert.isAbove(yield* asked, 0)
    }).pipe(onFresh(database))
  )

  it.effect("is counted by the report of every run while it is in quarantine", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make()
      Vendor.say(vendor, "a", 5)
      Vendor.say(vendor, "a", 1, { bad: true })
      const counts: Array<number | null> = []
      for (let run = 0; run < 3; run++) {
        counts.push((yield* sync(vendor)).inQuarantine)
        yield* TestClock.adjust("1 hour")
      }
      assert.deepStrictEqual(counts, [1, 1, 1])
      Vendor.editAt(vendor, "a", 5, { bad: false })
      assert.strictEqual((yield* sync(vendor, { full: true })).inQuarantine, 0)
    }).pipe(onFresh(database))
  )

  it.effect("that is replayed, and is a suspected message, has its conversation read again", () =>
    Effect.gen(function* () {
      const archive = yield* Archive
      const vendor = yield* synced()
      Vendor.editAt(vendor, "a", 1, { bad: true })
      yield* sync(vendor, { full: true })
      yield* TestClock.adjust("1 hour")
      yield* sync(vendor)
      assert.strictEqual((yield* costOf(vendor)).asked, 0)
      vendor.mended = true
      for (const record of yield* Stream.runCollect(archive.quarantine.records())) {
        assert.isTrue(yield* archive.quarantine.replay(record, Vendor.decoder(vendor)))
      }
      yield* sync(vendor)
      assert.deepStrictEqual(yield* status, { stored: 12, gone: 0, suspected: 0 })
      yield* assertTrue(vendor)
    }).pipe(onFresh(database))
  )

  it.effect("of an archive of version 3 is read again, and what it had made gone comes back", () =>
    Effect.gen(function* () {
      const client = yield* database.fresh
      const vendor = Vendor.make()
      Vendor.say(vendor, "a", 12)
      yield* Effect.gen(function* () {
        yield* sync(vendor)
        Vendor.editAt(vendor, "a", 1, { bad: true })
        yield* sync(vendor, { full: true })
        const sql = yield* SqlClient.SqlClient
        yield* sql`UPDATE messages SET gone_at = stored_at, gone_proof = 'so', missing_at = NULL WHERE missing_at IS NOT NULL`
        yield* sql`UPDATE checkpoints SET suspected = 0, stored = 11`
        yield* sql`ALTER TABLE quarantine DROP COLUMN first_reading`
        yield* sql`ALTER TABLE quarantine DROP COLUMN first_run`
        yield* sql`ALTER TABLE checkpoints DROP COLUMN doubted`
        yield* sql`ALTER TABLE checkpoints DROP COLUMN capped`
        yield* sql`DELETE FROM colloquy_migrations WHERE migration_id > 3`
      }).pipe(Effect.provide(yield* open(client)))
      Vendor.editAt(vendor, "a", 1, { bad: false })
      yield* Effect.gen(function* () {
        yield* sync(vendor)
        assert.deepStrictEqual(yield* status, { stored: 12, gone: 0, suspected: 0 })
      }).pipe(Effect.provide(yield* open(client)))
    })
  )

  it.effect("counts once for the budget, however often it is read", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "nothing" })
      Vendor.say(vendor, "a", 80)
      Vendor.say(vendor, "a", 20, { bad: true })
      Vendor.say(vendor, "b", 200)
      yield* sync(vendor, { parallel: 1, quarantine: { rows: 20, share: 0.3 } })
      assert.deepStrictEqual((yield* sync(vendor, { quarantine: { share: 0.1 } })).failed, [])
      assert.deepStrictEqual((yield* sync(vendor, { full: true, quarantine: { rows: 0 } })).failed, [])
    }).pipe(onFresh(database))
  )
})
