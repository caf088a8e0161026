import { Archive } from "@colloquy/archive"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { databases, onFresh } from "./databases.ts"
import { assertTrue, breakOffAt, costOf, standings, sync } from "./syncing.ts"

const ids = ["a", "b", "c", "d", "e", "f", "g", "h"]

/** Eight conversations, of which the list tells nothing but that they are there; the last is listed first. */
const vendorOf = (manners: Vendor.Options = {}) => {
  const vendor = Vendor.make({ list: "nothing", ...manners })
  for (const id of ids) Vendor.say(vendor, id, 12)
  return vendor
}

const outcomes = Effect.flatMap(SqlClient.SqlClient, (sql) =>
  Effect.map(sql<{ outcome: string | null }>`SELECT outcome FROM runs ORDER BY key`, (runs) =>
    runs.map(({ outcome }) => outcome)
  )
)

describe.each(databases)("a run into $name", (database) => {
  it.effect.each([false, true])("goes on where the one before it was broken off (full: %s)", (full) =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      yield* sync(vendor)
      for (const id of ids) Vendor.say(vendor, id, 1)
      yield* breakOffAt(vendor, "d", full)
      const { report } = yield* costOf(vendor, { full })
      assert.deepStrictEqual([report.read, report.unchanged], [4, 4])
      yield* assertTrue(vendor)
      assert.deepStrictEqual(yield* outcomes, ["complete", "interrupted", "complete"])
      // That run is over: the next one reads everything.
      assert.strictEqual((yield* sync(vendor, { full })).read, 8)
    }).pipe(onFresh(database))
  )

  it.effect("goes on after one that was killed, and reads again what has news meanwhile", () =>
    Effect.gen(function* () {
      const vendor = vendorOf({ list: "count" })
      yield* sync(vendor)
      for (const id of ids) Vendor.say(vendor, id, 1)
      yield* breakOffAt(vendor, "d")
      const sql = yield* SqlClient.SqlClient
      yield* sql`UPDATE runs SET outcome = NULL, ended_at = NULL, report = NULL WHERE outcome = 'interrupted'`
      Vendor.say(vendor, "h", 1)
      const report = yield* sync(vendor)
      assert.deepStrictEqual([report.read, report.unchanged], [5, 3])
      yield* assertTrue(vendor)
    }).pipe(onFresh(database))
  )

  it.effect("of chosen conversations is no beginning of a run of all", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      const chosen = yield* sync(vendor, { conversations: ["a", "c"] })
      assert.deepStrictEqual([chosen.conversations, chosen.read], [2, 2])
      yield* breakOffAt(vendor, "g")
      Vendor.say(vendor, "a", 5)
      Vendor.say(vendor, "h", 5)
      assert.strictEqual((yield* sync(vendor, { conversations: ["h"] })).added, 5)
      yield* sync(vendor)
      yield* assertTrue(vendor)
    }).pipe(onFresh(database))
  )

  it.effect("reads the others when one conversation fails, and that one the next time", () =>
    Effect.gen(function* () {
      const vendor = vendorOf({ list: "count" })
      vendor.fails = ({ conversationId }) => (conversationId === "e" ? "notFound" : undefined)
      const report = yield* sync(vendor)
      assert.deepStrictEqual([report.read, report.failed.length, report.conversations], [7, 1, 8])
      assert.deepInclude(report.failed[0], { conversationId: "e", reason: "NotFound" })
      assert.strictEqual((yield* standings)["e"], "failed")
      const archive = yield* Archive
      const [status] = (yield* Stream.runCollect(archive.status.conversations({ conversationId: "e" }))).map(
        ({ failure }) => failure
      )
      assert.match(status ?? "", /^NotFound: /)
      vendor.fails = () => undefined
      const next = yield* sync(vendor)
      assert.deepStrictEqual([next.read, next.unchanged, next.failed], [1, 7, []])
      yield* assertTrue(vendor)
      assert.strictEqual((yield* standings)["e"], "complete")
      // What failed in part does not hold up later runs, either: each reads all that it can.
      vendor.manners = { ...vendor.manners, list: "nothing" }
      vendor.before = () => TestClock.adjust("1 milli")
      vendor.fails = ({ conversationId }) => (conversationId === "h" ? "unavailable" : undefined)
      for (const id of ids) Vendor.say(vendor, id, 1)
      assert.strictEqual((yield* sync(vendor)).read, 7)
      for (const id of ids) Vendor.say(vendor, id, 1)
      assert.strictEqual((yield* sync(vendor)).read, 7)
      assert.deepStrictEqual(yield* outcomes, ["partial", "complete", "partial", "partial"])
    }).pipe(onFresh(database))
  )

  it.effect("keeps nothing of a conversation that was asked for and is not there", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make()
      Vendor.say(vendor, "a", 3)
      const gone = "notFound"
      vendor.fails = ({ conversationId }) => (conversationId === "typo" ? gone : undefined)
      const report = yield* sync(vendor, { conversations: ["a", "typo"] })
      assert.deepStrictEqual(
        report.failed.map(({ conversationId, reason }) => [conversationId, reason]),
        [["typo", "NotFound"]]
      )
      assert.deepStrictEqual(yield* standings, { a: "complete" })
      // One that was there is kept, with its failure.
      vendor.fails = () => gone
      yield* sync(vendor, { conversations: ["a"] })
      assert.deepStrictEqual(yield* standings, { a: "failed" })
    }).pipe(onFresh(database))
  )

  it.effect("stops where the token is refused, and keeps what it has", () =>
    Effect.gen(function* () {
      const vendor = vendorOf({ list: "count" })
      vendor.fails = ({ conversationId }) => (conversationId === "e" ? "unauthorized" : undefined)
      const error = yield* Effect.flip(sync(vendor, { parallel: 1 }))
      assert.strictEqual(error.reason._tag, "Unauthorized")
      assert.deepStrictEqual(yield* outcomes, ["stopped"])
      vendor.fails = () => undefined
      const report = yield* sync(vendor)
      assert.deepStrictEqual([report.read, report.unchanged], [5, 3])
      yield* assertTrue(vendor)
    }).pipe(onFresh(database))
  )

  it.effect("stops when five conversations in a row cannot be reached, not when four cannot", () =>
    Effect.gen(function* () {
      const vendor = vendorOf({ list: "count" })
      const down = new Set(["g", "f", "e", "d", "b"])
      vendor.fails = ({ conversationId }) => (down.has(conversationId ?? "") ? "unavailable" : undefined)
      const report = yield* sync(vendor, { parallel: 1 })
      assert.deepStrictEqual([report.read, report.failed.length], [3, 5])
      down.add("c")
      Vendor.say(vendor, "c", 1)
      const before = vendor.asked
      const error = yield* Effect.flip(sync(vendor, { parallel: 1 }))
      assert.strictEqual(error.reason._tag, "Unavailable")
      assert.strictEqual(vendor.asked - before, 5)
    }).pipe(onFresh(database))
  )

  it.effect("fails if the list cannot be read, before anything is asked of a conversation", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      vendor.fails = ({ what }) => (what === "list" ? "unavailable" : undefined)
      const before = vendor.asked
      assert.strictEqual((yield* Effect.flip(sync(vendor))).reason._tag, "Unavailable")
      assert.strictEqual(vendor.asked, before)
    }).pipe(onFresh(database))
  )
})

// Postgres opens its connections meanwhile, and whoever has the first may run ahead.
describe.each(databases.filter(({ name }) => name === "SQLite"))("a run into $name", (database) => {
  it.effect("gives every conversation its turn", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "nothing" })
      for (const id of ["a", "b", "c", "d"]) Vendor.say(vendor, id, 100)
      const turns: Array<string> = []
      vendor.before = ({ conversationId }) =>
        Effect.andThen(
          Effect.sync(() => void (conversationId !== null && turns.push(conversationId))),
          Effect.yieldNow
        )
      yield* sync(vendor, { parallel: 4 })
      // None waits for another's end.
      const firstEnd = ["a", "b", "c", "d"].map((id) => turns.lastIndexOf(id)).toSorted((a, b) => a - b)[0]
      const meanwhile = turns.slice(0, firstEnd)
      for (const id of ["a", "b", "c", "d"]) {
        assert.include(meanwhile, id, turns.join(" "))
      }
    }).pipe(onFresh(database))
  )
})
