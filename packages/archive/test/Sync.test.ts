import { Archive } from "@colloquy/archive"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { type Database, databases, onFresh } from "./databases.ts"
import { assertInOrder, assertTrue, costOf, standings, sync } from "./syncing.ts"

const listings: ReadonlyArray<Vendor.Options> = [
  { paging: "page", order: "oldestFirst", total: "each" },
  { paging: "page", order: "oldestFirst", total: "none" },
  { paging: "page", order: "oldestFirst", total: "none", ids: false },
  { paging: "offset", order: "oldestFirst", total: "each", ids: false },
  { paging: "offset", order: "oldestFirst", total: "none" },
  { paging: "page", order: "newestFirst", total: "each" },
  { paging: "page", order: "newestFirst", total: "none" },
  { paging: "offset", order: "newestFirst", total: "none" }
]
const titled = listings.map((manners) => ({ manners, title: JSON.stringify(manners) }))
/** What differs by listing does not differ by database: Postgres has the last only. */
const listingsOn = ({ name }: Database) => (name === "SQLite" ? titled : titled.slice(-1))

describe.each(databases)("a sync into $name", (database) => {
  describe.each(listingsOn(database))("from a listing $title", ({ manners }) => {
    it.effect("costs what is new", () =>
      Effect.gen(function* () {
        const vendor = Vendor.make({ ...manners, size: 100, list: "nothing" })
        Vendor.say(vendor, "a", 250)
        assert.strictEqual((yield* costOf(vendor)).report.added, 250)
        yield* assertInOrder(vendor)
        assert.isAtMost((yield* costOf(vendor)).asked, 2)
        Vendor.say(vendor, "a", 1000)
        const { asked, report } = yield* costOf(vendor)
        assert.deepStrictEqual([report.added, report.changed, report.gone], [1000, 0, 0])
        // Windows that overlap take 1.14 times the requests.
        assert.isAtMost(asked, 15)
        yield* assertInOrder(vendor)
        Vendor.say(vendor, "a", 3)
        const few = yield* costOf(vendor)
        assert.strictEqual(few.report.added, 3)
        assert.isAtMost(few.asked, 2)
        yield* assertInOrder(vendor)
        assert.deepStrictEqual(yield* standings, { a: "complete" })
      }).pipe(onFresh(database))
    )

    it.effect("loses nothing, whichever request fails", () =>
      Effect.gen(function* () {
        const vendor = Vendor.make({ ...manners, list: "nothing" })
        Vendor.say(vendor, "a", 35)
        yield* sync(vendor)
        for (const broken of [1, 2, 4]) {
          Vendor.say(vendor, "a", 30)
          const until = vendor.asked + broken
          vendor.fails = ({ what }) =>
            what === "messages" && vendor.asked >= until ? "unavailable" : undefined
          yield* sync(vendor)
          vendor.fails = () => undefined
          Vendor.say(vendor, "a", 12)
          const report = yield* sync(vendor)
          assert.deepStrictEqual(report.failed, [])
          yield* assertInOrder(vendor)
        }
        assert.deepStrictEqual(yield* standings, { a: "complete" })
      }).pipe(onFresh(database))
    )

    it.effect("goes on where it was broken off in what is new", () =>
      Effect.gen(function* () {
        const vendor = Vendor.make({ ...manners, list: "nothing" })
        Vendor.say(vendor, "a", 35)
        yield* sync(vendor)
        Vendor.say(vendor, "a", 100)
        const until = vendor.asked + 9
        vendor.fails = ({ what }) =>
          what === "messages" && vendor.asked >= until ? "unavailable" : undefined
        yield* sync(vendor)
        vendor.fails = () => undefined
        const { asked } = yield* costOf(vendor)
        assert.isAtMost(asked, 7)
        yield* assertInOrder(vendor)
      }).pipe(onFresh(database))
    )

    it.effect("misses no row that comes while the first read is interrupted", () =>
      Effect.gen(function* () {
        const vendor = Vendor.make({ ...manners })
        Vendor.say(vendor, "a", 45)
        vendor.fails = ({ page, what }) => (what === "messages" && page > 2 ? "unavailable" : undefined)
        assert.strictEqual((yield* sync(vendor)).failed.length, 1)
        assert.deepStrictEqual(yield* standings, { a: "failed" })
        vendor.fails = () => undefined
        Vendor.say(vendor, "a", 7)
        assert.deepStrictEqual((yield* sync(vendor)).failed, [])
        yield* assertTrue(vendor)
      }).pipe(onFresh(database))
    )

    it.effect("begins again with another page size, and has the same", () =>
      Effect.gen(function* () {
        const vendor = Vendor.make({ ...manners })
        Vendor.say(vendor, "a", 33)
        yield* sync(vendor)
        vendor.manners = { ...vendor.manners, size: 7 }
        Vendor.say(vendor, "a", 5)
        const report = yield* sync(vendor)
        assert.deepStrictEqual([report.added, report.changed, report.gone], [5, 0, 0])
        yield* assertInOrder(vendor)
      }).pipe(onFresh(database))
    )
  })

  it.effect.each(["count", "activity"] as const)(
    "asks nothing of a conversation whose %s is the same",
    (list) =>
      Effect.gen(function* () {
        const vendor = Vendor.make({ list })
        Vendor.say(vendor, "a", 25)
        Vendor.say(vendor, "b", 5)
        yield* sync(vendor)
        Vendor.say(vendor, "b", 1)
        const { asked, report } = yield* costOf(vendor)
        assert.deepStrictEqual([report.read, report.unchanged, report.added], [1, 1, 1])
        assert.isAtMost(asked, 2)
        assert.strictEqual((yield* costOf(vendor)).asked, 0)
      }).pipe(onFresh(database))
  )

  it.effect("sees edits when it reads whole, and keeps what was there before", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "activity" })
      Vendor.say(vendor, "a", 25)
      Vendor.say(vendor, "b", 5)
      yield* sync(vendor)
      Vendor.editAt(vendor, "a", 3, { text: "edited" })
      assert.strictEqual((yield* sync(vendor)).changed, 0)
      const report = yield* sync(vendor, { full: true })
      assert.deepStrictEqual([report.changed, report.added, report.gone, report.read], [1, 0, 0, 2])
      yield* assertInOrder(vendor)
      const sql = yield* SqlClient.SqlClient
      const before = yield* sql<{ text: string }>`SELECT text FROM revisions`
      assert.deepStrictEqual(
        before.map(({ text }) => text),
        ["text 4 of a"]
      )
      // Again the same: nothing is kept twice.
      assert.strictEqual((yield* sync(vendor, { full: true })).changed, 0)
    }).pipe(onFresh(database))
  )

  it.effect.each([false, true])("sees edits in front of where a read was interrupted (full: %s)", (full) =>
    Effect.gen(function* () {
      const vendor = Vendor.make()
      Vendor.say(vendor, "a", 45)
      if (full) yield* sync(vendor)
      const until = vendor.asked + 3
      vendor.fails = ({ what }) => (what === "messages" && vendor.asked >= until ? "unavailable" : undefined)
      assert.strictEqual((yield* sync(vendor, { full })).failed.length, 1)
      vendor.fails = () => undefined
      Vendor.editAt(vendor, "a", 3, { text: "edited" })
      yield* sync(vendor, { full: true })
      yield* assertInOrder(vendor)
    }).pipe(onFresh(database))
  )

  it.effect("looks back at those that were active, and at those whose activity is not known", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "nothing" })
      Vendor.say(vendor, "a", 5)
      yield* sync(vendor)
      Vendor.editAt(vendor, "a", 0, { text: "edited" })
      assert.strictEqual((yield* sync(vendor, { lookback: "1 day" })).changed, 1)
      vendor.manners = { ...vendor.manners, list: "activity" }
      yield* sync(vendor)
      Vendor.editAt(vendor, "a", 1, { text: "edited" })
      // What was there at first is a year old.
      assert.strictEqual((yield* sync(vendor, { lookback: "1 day" })).changed, 0)
      vendor.clock = 0
      Vendor.say(vendor, "a", 1)
      assert.strictEqual((yield* sync(vendor, { lookback: "1 day" })).changed, 1)
    }).pipe(onFresh(database))
  )

  it.effect("marks rows as gone when the vendor's count agrees, and takes them back", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make()
      Vendor.say(vendor, "a", 25)
      yield* sync(vendor)
      const gone = Vendor.removeAt(vendor, "a", 12)
      const report = yield* sync(vendor)
      assert.deepStrictEqual([report.added, report.gone, report.failed], [0, 1, []])
      yield* assertInOrder(vendor)
      const archive = yield* Archive
      const all = yield* Stream.runCollect(archive.messages({ gone: true }))
      assert.strictEqual(all.length, 25)
      const sql = yield* SqlClient.SqlClient
      const proofs = yield* sql<{
        proof: string
      }>`SELECT gone_proof AS proof FROM messages WHERE gone_at IS NOT NULL`
      assert.deepStrictEqual(
        proofs.map(({ proof }) => proof),
        ["the vendor counts just what came"]
      )
      assert.strictEqual((yield* Stream.runCollect(archive.status.conversations()))[0]?.gone, 1)
      if (gone !== undefined) Vendor.insertAt(vendor, "a", 12, gone)
      const back = yield* sync(vendor)
      assert.deepStrictEqual([back.added, back.gone, back.failed], [0, 0, []])
      yield* assertInOrder(vendor)
      assert.deepStrictEqual(yield* standings, { a: "complete" })
    }).pipe(onFresh(database))
  )

  it.effect("without a count, calls gone what was missing in two runs, an hour apart", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ total: "none", list: "nothing" })
      Vendor.say(vendor, "a", 25)
      yield* sync(vendor)
      const hidden = Vendor.removeAt(vendor, "a", 24)
      const archive = yield* Archive
      const standing = Effect.map(Stream.runCollect(archive.status.conversations()), ([status]) => [
        status?.stored,
        status?.suspected,
        status?.gone
      ])
      const missed = yield* sync(vendor, { full: true })
      assert.deepStrictEqual([missed.gone, missed.suspected, missed.added], [0, 1, 0])
      assert.deepStrictEqual(yield* standing, [25, 1, 0])
      // A minute later is too early, and needs no --full: it is looked at again.
      assert.deepStrictEqual([(yield* sync(vendor)).gone, yield* standing], [0, [25, 1, 0]])
      if (hidden !== undefined) Vendor.insertAt(vendor, "a", 24, hidden)
      assert.deepStrictEqual([(yield* sync(vendor)).gone, yield* standing], [0, [25, 0, 0]])
      yield* assertTrue(vendor)
      Vendor.removeAt(vendor, "a", 24)
      yield* sync(vendor, { full: true })
      yield* TestClock.adjust("1 hour")
      assert.strictEqual((yield* sync(vendor)).gone, 1)
      assert.deepStrictEqual(yield* standing, [24, 0, 1])
      yield* assertTrue(vendor)
    }).pipe(onFresh(database))
  )

  it.effect("reads again where the total disagrees", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "nothing" })
      Vendor.say(vendor, "a", 25)
      yield* sync(vendor)
      // One in the middle, which the tail does not show; the total does.
      Vendor.insertAt(vendor, "a", 5, { id: "late", text: "late", at: 1_700_000_005 })
      const report = yield* sync(vendor)
      assert.deepStrictEqual([report.added, report.gone, report.failed], [1, 0, []])
      yield* assertTrue(vendor)
      assert.deepStrictEqual(yield* standings, { a: "complete" })
    }).pipe(onFresh(database))
  )

  it.effect("reads again where the total disagrees behind the head of a listing that runs newest first", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "nothing", order: "newestFirst" })
      Vendor.say(vendor, "a", 45)
      yield* sync(vendor)
      // One far behind what a head read meets, and a new one in front.
      Vendor.removeAt(vendor, "a", 5)
      Vendor.say(vendor, "a", 1)
      const report = yield* sync(vendor)
      assert.deepStrictEqual([report.added, report.gone, report.failed], [1, 1, []])
      yield* assertTrue(vendor)
      assert.deepStrictEqual(yield* standings, { a: "complete" })
    }).pipe(onFresh(database))
  )

  it.effect("reads again where the archive has lost a row", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "nothing" })
      Vendor.say(vendor, "a", 25)
      yield* sync(vendor)
      const sql = yield* SqlClient.SqlClient
      yield* sql`DELETE FROM messages WHERE place = 3`
      yield* sql`UPDATE checkpoints SET stored = stored - 1`
      assert.strictEqual((yield* sync(vendor)).added, 1)
      yield* assertInOrder(vendor)
    }).pipe(onFresh(database))
  )

  it.effect("marks as gone what only a read that had to begin again has met", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "nothing", total: "none" })
      Vendor.say(vendor, "a", 45)
      yield* sync(vendor)
      const until = vendor.asked + 3
      vendor.fails = ({ what }) => (what === "messages" && vendor.asked >= until ? "unavailable" : undefined)
      yield* sync(vendor, { full: true })
      vendor.fails = () => undefined
      Vendor.removeAt(vendor, "a", 3)
      vendor.manners = { ...vendor.manners, size: 7 }
      assert.strictEqual((yield* sync(vendor)).suspected, 1)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual((yield* sync(vendor)).gone, 1)
      yield* assertInOrder(vendor)
    }).pipe(onFresh(database))
  )

  it.effect("reads again where the listing has moved, without any total", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "nothing", total: "none" })
      Vendor.say(vendor, "a", 25)
      yield* sync(vendor)
      Vendor.insertAt(vendor, "a", 5, { id: "late", text: "late", at: 1_700_000_005 })
      yield* sync(vendor)
      yield* assertTrue(vendor)
      Vendor.removeAt(vendor, "a", 2)
      assert.strictEqual((yield* sync(vendor)).suspected, 1)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual((yield* sync(vendor)).gone, 1)
      yield* assertTrue(vendor)
    }).pipe(onFresh(database))
  )
})
