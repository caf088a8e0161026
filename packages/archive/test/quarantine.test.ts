import { Archive } from "@colloquy/archive"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { databases, onFresh } from "./databases.ts"
import * as Pages from "./pages.ts"
import { assertInOrder, live, standings, sync } from "./syncing.ts"

/** A conversation of thirteen rows, three of them bad. */
const vendorOf = (manners: Vendor.Options = {}) => {
  const vendor = Vendor.make(manners)
  Vendor.say(vendor, "a", 5)
  Vendor.say(vendor, "a", 2, { bad: true })
  Vendor.say(vendor, "a", 5)
  Vendor.say(vendor, "a", 1, { bad: true })
  return vendor
}

const replayAll = Effect.fnUntraced(function* (vendor: Vendor.SimulatedVendor) {
  const archive = yield* Archive
  const source = yield* Vendor.service(vendor)
  return yield* Effect.forEach(yield* archive.quarantined(), (record) => archive.replay(record, source))
})

describe.each(databases)("quarantine in $name", (database) => {
  it.effect.each([{ order: "oldestFirst" }, { order: "newestFirst" }] as const)(
    "keeps each bad record once, and counts it (%o)",
    (manners) =>
      Effect.gen(function* () {
        const vendor = vendorOf({ ...manners, size: 20, list: "nothing", total: "none" })
        const report = yield* sync(vendor)
        assert.deepStrictEqual([report.added, report.quarantined], [10, 3])
        assert.deepStrictEqual(yield* standings, { a: "complete" })
        const archive = yield* Archive
        Vendor.say(vendor, "a", 1)
        yield* sync(vendor)
        assert.strictEqual((yield* archive.quarantined()).length, 3)
        yield* sync(vendor, { full: true })
        const records = yield* archive.quarantined({ vendor: Vendor.vendor })
        assert.strictEqual(records.length, 3)
        assert.deepInclude(records[0], { conversationId: "a" })
        assert.deepStrictEqual(yield* archive.quarantined({ conversationId: "b" }), [])
        const [first] = records
        if (first !== undefined) assert.deepStrictEqual(yield* archive.quarantinedRecord(first.id), first)
        assert.deepStrictEqual(yield* standings, { a: "complete" })
        yield* assertInOrder(vendor)
      }).pipe(onFresh(database))
  )

  it.effect.each([{ order: "oldestFirst" }, { order: "newestFirst" }] as const)(
    "gives back its records by replay, in their places, once the schema is mended (%o)",
    (manners) =>
      Effect.gen(function* () {
        const vendor = vendorOf(manners)
        yield* sync(vendor)
        Vendor.say(vendor, "a", 2)
        Vendor.say(vendor, "a", 1, { bad: true })
        yield* sync(vendor)
        assert.deepStrictEqual(yield* replayAll(vendor), [false, false, false, false])
        vendor.mended = true
        assert.deepStrictEqual(yield* replayAll(vendor), [true, true, true, true])
        yield* assertInOrder(vendor)
        assert.deepStrictEqual(yield* standings, { a: "complete" })
        const archive = yield* Archive
        assert.deepStrictEqual(yield* archive.quarantined(), [])
        // What follows finds nothing to mend.
        const report = yield* sync(vendor, { full: true })
        assert.deepStrictEqual([report.added, report.changed, report.gone], [0, 0, 0])
      }).pipe(onFresh(database))
  )

  it.effect("gives equal records the ids that are still free", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make()
      const equal = Vendor.fromRow(vendor.manners, { id: "same#", text: "ok", at: 1 })
      const archive = yield* Archive
      const reading = yield* archive.reading(Pages.conversation("a"), { want: "new" })
      const undecodable = [0, 1, 2].map((index) => ({ index, problem: "bad", json: equal }))
      yield* reading?.write({ ...Pages.last([]), undecodable }) ?? Effect.die("forgotten")
      vendor.mended = true
      assert.deepStrictEqual(yield* replayAll(vendor), [true, true, true])
      assert.deepStrictEqual(
        (yield* live("a")).map(({ id }) => id),
        ["same#0", "same#1", "same#2"]
      )
    }).pipe(onFresh(database))
  )

  it.effect("is left by a record that is stored already", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      yield* sync(vendor)
      vendor.mended = true
      yield* sync(vendor, { full: true })
      const sql = yield* SqlClient.SqlClient
      const [wire] = Vendor.listed(vendor, "a")
        .slice(5)
        .map((row) => Vendor.fromRow(vendor.manners, row))
      yield* sql`INSERT INTO quarantine (id, vendor, account, conversation, place, reading, problem, json, found_at)
SELECT 'again', ${Vendor.vendor}, 'default', conversation, place, last_reading, 'bad', ${JSON.stringify(wire)}, ''
FROM messages WHERE place = 5`
      assert.deepStrictEqual(yield* replayAll(vendor), [true])
      Vendor.say(vendor, "a", 1)
      yield* sync(vendor)
      yield* assertInOrder(vendor)
      assert.deepStrictEqual(yield* standings, { a: "complete" })
    }).pipe(onFresh(database))
  )

  it.effect("is left by records that a whole reading reads well, or does not meet", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      yield* sync(vendor)
      Vendor.removeAt(vendor, "a", 5)
      vendor.mended = true
      yield* sync(vendor, { full: true })
      const archive = yield* Archive
      assert.deepStrictEqual(yield* archive.quarantined(), [])
      yield* assertInOrder(vendor)
      assert.deepStrictEqual(yield* standings, { a: "complete" })
    }).pipe(onFresh(database))
  )

  it.effect("keeps bad records of the list of conversations until a list has them no more", () =>
    Effect.gen(function* () {
      const archive = yield* Archive
      const of = { vendor: Vendor.vendor, account: Vendor.account }
      const bad = (index: number) => ({ index, problem: "bad", json: { id: 7, odd: true } })
      const list = Effect.fnUntraced(function* (undecodable: ReadonlyArray<ReturnType<typeof bad>>) {
        const run = yield* archive.beginRun({ ...of, listFilter: "{}", kind: "new" })
        yield* archive.list({ ...of, run, page: { ...Pages.last([Pages.conversation("a")]), undecodable } })
        return (yield* archive.quarantined()).length
      })
      assert.strictEqual(yield* list([bad(0)]), 1)
      // The same conversation elsewhere in the list is the same record.
      assert.strictEqual(yield* list([bad(1)]), 1)
      assert.strictEqual(yield* list([]), 0)
    }).pipe(onFresh(database))
  )

  it.effect("drops what is discarded, and says what is not there", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      yield* sync(vendor)
      const archive = yield* Archive
      const [record] = yield* archive.quarantined()
      const id = record?.id ?? ""
      yield* archive.discard(id)
      assert.strictEqual((yield* archive.quarantined()).length, 2)
      assert.strictEqual((yield* Effect.flip(archive.discard(id))).reason._tag, "Missing")
      assert.strictEqual((yield* Effect.flip(archive.quarantinedRecord(id))).reason._tag, "Missing")
    }).pipe(onFresh(database))
  )

  it.effect("stops a run over its budget, by number or by share", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      const rows = yield* Effect.flip(sync(vendor, { quarantine: { rows: 2 } }))
      assert.strictEqual(rows.reason._tag, "QuarantineFull")
      // What was committed stays.
      const archive = yield* Archive
      assert.isAbove((yield* archive.quarantined()).length, 2)
      assert.deepStrictEqual((yield* sync(vendor, { full: true, quarantine: { rows: 3 } })).failed, [])
      // Thirteen are too few for a share to mean anything; a hundred are not.
      Vendor.say(vendor, "b", 100)
      Vendor.say(vendor, "b", 20, { bad: true })
      const share = yield* Effect.flip(sync(vendor, { quarantine: { share: 0.15 } }))
      assert.strictEqual(share.reason._tag, "QuarantineFull")
      assert.deepStrictEqual((yield* sync(vendor, { quarantine: { share: 0.2 } })).failed, [])
    }).pipe(onFresh(database))
  )
})
