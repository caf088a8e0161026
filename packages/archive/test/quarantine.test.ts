import { Archive, Sync } from "@colloquy/archive"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { databases, onFresh, open } from "./databases.ts"
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
  const decoder = Vendor.decoder(vendor)
  return yield* Effect.forEach(yield* Stream.runCollect(archive.quarantine.records()), (record) =>
    archive.quarantine.replay(record, decoder)
  )
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
        assert.strictEqual((yield* Stream.runCollect(archive.quarantine.records())).length, 3)
        yield* sync(vendor, { full: true })
        const records = yield* Stream.runCollect(archive.quarantine.records({ vendor: Vendor.vendor }))
        assert.strictEqual(records.length, 3)
        assert.deepInclude(records[0], { conversationId: "a" })
        assert.deepStrictEqual(
          yield* Stream.runCollect(archive.quarantine.records({ conversationId: "b" })),
          []
        )
        const [first] = records
        if (first !== undefined) assert.deepStrictEqual(yield* archive.quarantine.record(first.id), first)
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
        assert.deepStrictEqual(yield* Stream.runCollect(archive.quarantine.records()), [])
        // What follows finds nothing to mend.
        const report = yield* sync(vendor, { full: true })
        assert.deepStrictEqual([report.added, report.changed, report.gone], [0, 0, 0])
      }).pipe(onFresh(database))
  )

  it.live("is not replayed into a state that another writer has moved meanwhile", () =>
    Effect.gen(function* () {
      const client = yield* database.fresh
      const [one, other] = [yield* open(client), yield* open(client)]
      const sql = yield* Effect.provide(SqlClient.SqlClient, other)
      const vendor = vendorOf()
      yield* Effect.flatMap(Vendor.service(vendor), (source) => Sync.sync(source)).pipe(Effect.provide(one))
      vendor.mended = true
      const replaying = Effect.exit(Effect.provide(replayAll(vendor), one))
      const waiting = sql<{
        n: number
      }>`SELECT CAST(count(*) AS INTEGER) AS n
FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))`
      const moved = Effect.gen(function* () {
        yield* sql`UPDATE checkpoints SET revision = revision + 1, claimed = 7`
        const fiber = yield* Effect.forkDetach(replaying)
        if (database.name === "Postgres") {
          yield* Effect.repeat(waiting, { until: ([locks]) => locks?.n === 1 })
        }
        return fiber
      })
      const exit = yield* Fiber.join(yield* sql.withTransaction(moved))
      const [state] = yield* sql<{ claimed: number }>`SELECT claimed FROM checkpoints`
      assert.strictEqual(state?.claimed, 7)
      if (database.name === "Postgres") {
        assert.strictEqual(Exit.isFailure(exit) && Cause.pretty(exit.cause).includes("has changed"), true)
      }
      assert.deepStrictEqual(
        yield* Effect.provide(replayAll(vendor), one),
        database.name === "Postgres" ? [true, true, true] : []
      )
      yield* Effect.provide(assertInOrder(vendor), one)
    }).pipe(Effect.scoped)
  )

  it.effect("gives equal records the ids that are still free", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make()
      const equal = Vendor.fromRow(vendor.manners, { id: "same#", text: "ok", at: 1 })
      const archive = yield* Archive
      const session = yield* archive.sessions.open(Pages.conversation("a"), { want: "incremental" })
      const undecodable = [0, 1, 2].map((index) => ({ index, problem: "bad", json: equal }))
      yield* session?.write({ ...Pages.last([]), undecodable }) ?? Effect.die("forgotten")
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

  it.effect("is left by records that a full read reads well, or does not meet", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      yield* sync(vendor)
      Vendor.removeAt(vendor, "a", 5)
      vendor.mended = true
      yield* sync(vendor, { full: true })
      const archive = yield* Archive
      assert.deepStrictEqual(yield* Stream.runCollect(archive.quarantine.records()), [])
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
        const run = yield* archive.runs.begin({ ...of, listFilter: "{}", kind: "incremental" })
        yield* archive.runs.list({
          ...of,
          run,
          page: { ...Pages.last([Pages.conversation("a")]), undecodable }
        })
        return (yield* Stream.runCollect(archive.quarantine.records())).length
      })
      assert.strictEqual(yield* list([bad(0)]), 1)
      // The same conversation elsewhere in the list is the same record.
      assert.strictEqual(yield* list([bad(1)]), 1)
      assert.strictEqual(yield* list([]), 0)
    }).pipe(onFresh(database))
  )

  it.effect("is read in pages, by when records were found and where they stood", () =>
    Effect.gen(function* () {
      const archive = yield* Archive
      const of = { vendor: Vendor.vendor, account: Vendor.account }
      const bad = (index: number) => ({ index, problem: "bad", json: { id: `r${index}` } })
      const indices = Array.from({ length: 250 }, (_, index) => index)
      const session = yield* archive.sessions.open(Pages.conversation("a"), { want: "incremental" })
      yield* session?.write({ ...Pages.last([]), undecodable: indices.map(bad) }) ?? Effect.die("erased")
      const run = yield* archive.runs.begin({ ...of, listFilter: "{}", kind: "incremental" })
      yield* archive.runs.list({ ...of, run, page: { ...Pages.last([]), undecodable: indices.map(bad) } })
      const records = yield* Stream.runCollect(archive.quarantine.records())
      assert.deepStrictEqual(
        records.map(({ conversationId, place }) => `${conversationId} ${place}`),
        [null, "a"].flatMap((id) => indices.map((index) => `${id} ${index}`))
      )
    }).pipe(onFresh(database))
  )

  it.effect("keeps a record whose decoder has a fault, and holds nobody up", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      yield* sync(vendor)
      const archive = yield* Archive
      const [record] = yield* Stream.runCollect(archive.quarantine.records())
      if (record === undefined) return yield* Effect.die("nothing is in quarantine")
      const fault = (): never => {
        throw new Error("a fault")
      }
      const exit = yield* Effect.exit(
        archive.quarantine.replay(record, { message: fault, conversation: fault })
      )
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      assert.strictEqual((yield* Stream.runCollect(archive.quarantine.records())).length, 3)
      yield* archive.quarantine.discard(record.id)
      assert.strictEqual((yield* Stream.runCollect(archive.quarantine.records())).length, 2)
    }).pipe(onFresh(database))
  )

  it.effect("drops what is discarded, and says what is not there", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      yield* sync(vendor)
      const archive = yield* Archive
      const [record] = yield* Stream.runCollect(archive.quarantine.records())
      const id = record?.id ?? ""
      yield* archive.quarantine.discard(id)
      assert.strictEqual((yield* Stream.runCollect(archive.quarantine.records())).length, 2)
      assert.strictEqual((yield* Effect.flip(archive.quarantine.discard(id))).reason._tag, "Missing")
      assert.strictEqual((yield* Effect.flip(archive.quarantine.record(id))).reason._tag, "Missing")
    }).pipe(onFresh(database))
  )

  it.effect("stops a run over its budget, by number or by share", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      const rows = yield* Effect.flip(sync(vendor, { quarantine: { rows: 2 } }))
      assert.strictEqual(rows.reason._tag, "QuarantineFull")
      // What was committed stays.
      const archive = yield* Archive
      assert.isAbove((yield* Stream.runCollect(archive.quarantine.records())).length, 2)
      assert.deepStrictEqual((yield* sync(vendor, { full: true, quarantine: { rows: 3 } })).failed, [])
      // Thirteen are too few for a share to mean anything; a hundred are not.
      Vendor.say(vendor, "b", 100)
      Vendor.say(vendor, "b", 20, { bad: true })
      const share = yield* Effect.flip(sync(vendor, { quarantine: { share: 0.14 } }))
      assert.strictEqual(share.reason._tag, "QuarantineFull")
      assert.deepStrictEqual((yield* sync(vendor, { quarantine: { share: 0.2 } })).failed, [])
    }).pipe(onFresh(database))
  )
})
