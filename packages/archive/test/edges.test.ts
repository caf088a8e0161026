/**
 * Edges at which messages were once lost under the word "complete", or called gone while they were there.
 */
import { Archive, Sync } from "@colloquy/archive"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { databases, onFresh } from "./databases.ts"
import * as Pages from "./pages.ts"
import { assertTrue, breakOffAt, live, sync } from "./syncing.ts"

const statusOf = (conversationId: string) =>
  Effect.flatMap(
    Archive.use((archive) => Stream.runCollect(archive.status.conversations({ conversationId }))),
    ([status]) => (status === undefined ? Effect.die("no status") : Effect.succeed(status))
  )

/** A sync from another list of the same account. */
const syncList = (vendor: Vendor.SimulatedVendor, listFilter: string, options: Sync.Options = {}) =>
  Effect.andThen(
    TestClock.adjust("1 minute"),
    Effect.flatMap(Vendor.service(vendor), (source) => Sync.sync({ ...source, listFilter }, options))
  )

/** Answers that there is nothing. */
const nothing = { status: 200, body: { rows: [] } }

describe.each(databases)("tokens, newest first, into $name", (database) => {
  it.effect("bring what came in front before the order was known", () =>
    Effect.gen(function* () {
      // No count that would have it read whole.
      const vendor = Vendor.make({ paging: "token", order: "newestFirst", total: "none", list: "nothing" })
      Vendor.say(vendor, "a", 1)
      yield* sync(vendor)
      Vendor.say(vendor, "a", 2)
      assert.strictEqual((yield* sync(vendor)).added, 2)
      yield* assertTrue(vendor)
    }).pipe(onFresh(database))
  )

  it.effect("bring what came in front while a read was interrupted", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ paging: "token", order: "newestFirst", total: "none", list: "nothing" })
      Vendor.say(vendor, "a", 35)
      vendor.fails = ({ nth, what }) => (what === "messages" && nth > 3 ? "unavailable" : undefined)
      assert.strictEqual((yield* sync(vendor)).failed.length, 1)
      vendor.fails = () => undefined
      Vendor.say(vendor, "a", 3)
      assert.deepStrictEqual((yield* sync(vendor)).failed, [])
      yield* assertTrue(vendor)
    }).pipe(onFresh(database))
  )
})

describe.each(databases)("tokens whose rows' times are wrong, into $name", (database) => {
  it.effect("bring what came in front", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ paging: "token", order: "newestFirst", total: "none", list: "nothing" })
      Vendor.say(vendor, "a", 1, { at: 1000 })
      Vendor.say(vendor, "a", 1, { at: 999 })
      yield* sync(vendor)
      Vendor.say(vendor, "a", 3)
      assert.strictEqual((yield* sync(vendor)).added, 3)
      yield* assertTrue(vendor)
    }).pipe(onFresh(database))
  )
})

describe.each(databases)("two lists of one account, into $name", (database) => {
  it.effect("do not go on where the other's run was broken off", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "nothing" })
      for (const id of ["a", "b", "c"]) Vendor.say(vendor, id, 3)
      yield* sync(vendor)
      yield* breakOffAt(vendor, "a", true)
      Vendor.editAt(vendor, "c", 0, { text: "edited" })
      assert.strictEqual((yield* syncList(vendor, "other", { full: true })).changed, 1)
    }).pipe(onFresh(database))
  )

  it.effect("do not take each other's runs for their own", () =>
    Effect.gen(function* () {
      const one = Vendor.make({ list: "nothing" })
      for (const id of ["a", "b", "c"]) Vendor.say(one, id, 5)
      const other = Vendor.make({ list: "nothing" })
      for (const id of ["x", "y"]) Vendor.say(other, id, 5)
      yield* breakOffAt(one, "b")
      yield* syncList(other, "other")
      yield* breakOffAt(one, "a")
      for (const id of ["x", "y"]) Vendor.say(other, id, 1)
      const report = yield* syncList(other, "other")
      assert.deepStrictEqual([report.read, report.added, report.vanished], [2, 2, 0])
      yield* assertTrue(other)
      yield* sync(one)
      yield* assertTrue(one)
    }).pipe(onFresh(database))
  )

  it.effect("do not clear each other's quarantine", () =>
    Effect.gen(function* () {
      const archive = yield* Archive
      const of = { vendor: Vendor.vendor, account: Vendor.account }
      const bad = { index: 0, problem: "bad", json: { id: 7 } }
      const list = Effect.fnUntraced(function* (listFilter: string, undecodable: ReadonlyArray<typeof bad>) {
        const run = yield* archive.runs.begin({ ...of, listFilter, kind: "incremental" })
        yield* archive.runs.list({
          ...of,
          run,
          page: { ...Pages.last([Pages.conversation("a")]), undecodable }
        })
        return (yield* Stream.runCollect(archive.quarantine.records())).length
      })
      assert.strictEqual(yield* list("one", [bad]), 1)
      assert.strictEqual(yield* list("other", []), 1)
      assert.strictEqual(yield* list("one", []), 0)
    }).pipe(onFresh(database))
  )
})

describe.each(databases)("a clock that was ahead, into $name", (database) => {
  it.effect.each([{}, { full: true }, { lookback: "1 day" }] as const)("hides nothing from %j", (options) =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "nothing" })
      Vendor.say(vendor, "a", 5)
      const before = DateTime.toEpochMillis(yield* DateTime.now)
      yield* TestClock.adjust("10 minutes")
      yield* sync(vendor)
      yield* TestClock.setTime(before)
      for (let nth = 1; nth <= 3; nth++) {
        Vendor.say(vendor, "a", 2)
        assert.strictEqual((yield* sync(vendor, options)).added, 2)
      }
      yield* assertTrue(vendor)
    }).pipe(onFresh(database))
  )
})

describe.each(databases)("a run that always stops, into $name", (database) => {
  it.effect.each([false, true])("gets every time what it can reach (full: %s)", (full) =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "nothing", size: 2 })
      for (const id of ["a", "b", "c"]) Vendor.say(vendor, id, 3)
      vendor.fails = ({ page, what }) => (what === "list" && page > 1 ? "unauthorized" : undefined)
      for (let nth = 1; nth <= 5; nth++) {
        for (const id of ["a", "b", "c"]) Vendor.say(vendor, id, 1)
        assert.strictEqual(
          (yield* Effect.flip(sync(vendor, { full, parallel: 1 }))).reason._tag,
          "Unauthorized"
        )
      }
      // The first page of the list has the two that came last; what came before the fifth run may wait for a sixth.
      yield* Effect.exit(sync(vendor, { full, parallel: 1 }))
      assert.deepStrictEqual([(yield* live("c")).length, (yield* live("b")).length], [8, 8])
    }).pipe(onFresh(database))
  )
})

describe.each(databases)(
  "a message removed and another added while pages are read, into $name",
  (database) => {
    it.effect.each([
      { list: "count", total: "each" },
      { list: "count", total: "none" },
      { list: "nothing", total: "each" }
    ] as const)("calls nothing gone that is there, with %j", (manners) =>
      Effect.gen(function* () {
        const vendor = Vendor.make({ size: 5, ...manners })
        Vendor.say(vendor, "a", 10)
        yield* sync(vendor)
        vendor.before = ({ page, what }) =>
          Effect.sync(() => {
            if (what !== "messages" || page !== 2 || vendor.said > 10) return
            Vendor.removeAt(vendor, "a", 1)
            Vendor.say(vendor, "a", 1)
          })
        yield* sync(vendor, { full: true })
        yield* assertTrue(vendor)
      }).pipe(onFresh(database))
    )
  }
)

describe.each(databases)("messages that did not come, into $name", (database) => {
  it.effect("are never called gone where that takes for ever", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "nothing", total: "none" })
      Vendor.say(vendor, "a", 12)
      yield* sync(vendor)
      Vendor.removeAt(vendor, "a", 3)
      for (let nth = 1; nth <= 3; nth++) {
        const report = yield* sync(vendor, { full: true, goneAfter: "36500 days" })
        assert.deepStrictEqual([report.gone, report.suspected], [0, 1])
        yield* TestClock.adjust("2 hours")
      }
    }).pipe(onFresh(database))
  )

  it.effect("are counted once, though they are looked for again at the run's end", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "nothing", total: "none" })
      Vendor.say(vendor, "a", 3)
      Vendor.say(vendor, "b", 22)
      yield* sync(vendor)
      vendor.fails = ({ conversationId }) => (conversationId === "b" ? nothing : undefined)
      const report = yield* sync(vendor, { full: true, parallel: 1 })
      assert.deepStrictEqual([report.conversations, report.suspected], [2, 22])
    }).pipe(onFresh(database))
  )
})

describe.each(databases)("a broken --full, into $name", (database) => {
  it.effect("is not gone on with behind a complete run", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make()
      for (const id of ["a", "b", "c"]) Vendor.say(vendor, id, 3)
      yield* sync(vendor)
      yield* breakOffAt(vendor, "a", true)
      yield* sync(vendor)
      Vendor.editAt(vendor, "c", 0, { text: "edited" })
      assert.strictEqual((yield* sync(vendor, { full: true })).changed, 1)
    }).pipe(onFresh(database))
  )
})

describe.each(databases)("a vendor that is empty by mistake, into $name", (database) => {
  it.effect("has lost nothing, and what did not come is suspected", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "nothing", total: "none" })
      Vendor.say(vendor, "a", 22)
      Vendor.say(vendor, "b", 3)
      yield* sync(vendor)
      vendor.fails = ({ what }) => (what === "messages" ? nothing : undefined)
      for (let nth = 1; nth <= 3; nth++) {
        const report = yield* sync(vendor, { full: true })
        assert.deepStrictEqual([report.gone, report.suspected], [0, 25])
        // A vendor that gives nothing at all proves nothing, however long.
        yield* TestClock.adjust("2 hours")
      }
      assert.deepInclude(yield* statusOf("a"), { stored: 22, gone: 0, suspected: 22 })
      vendor.fails = () => undefined
      yield* sync(vendor)
      assert.deepInclude(yield* statusOf("a"), { stored: 22, gone: 0, suspected: 0 })
      yield* assertTrue(vendor)
    }).pipe(onFresh(database))
  )

  it.effect("has lost nothing where its list counts more than it serves", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "count", total: "none" })
      Vendor.say(vendor, "a", 45)
      yield* sync(vendor)
      vendor.fails = ({ page, what }) => (what === "messages" && page > 2 ? nothing : undefined)
      const report = yield* sync(vendor, { full: true })
      assert.deepStrictEqual([report.gone, report.suspected], [0, 25])
      vendor.fails = () => undefined
      yield* sync(vendor)
      assert.deepInclude(yield* statusOf("a"), { standing: "complete", stored: 45, suspected: 0 })
    }).pipe(onFresh(database))
  )

  it.effect("is asked again where it said that an active conversation has no messages", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "activity", total: "none" })
      Vendor.say(vendor, "a", 5)
      vendor.fails = ({ what }) => (what === "messages" ? nothing : undefined)
      yield* sync(vendor)
      vendor.fails = () => undefined
      assert.strictEqual((yield* sync(vendor)).added, 5)
    }).pipe(onFresh(database))
  )
})

describe.each(databases)("a list that tells only a count, into $name", (database) => {
  it.effect("hides that one was removed and one came, which status says, and a full read shows", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "count", total: "none" })
      Vendor.say(vendor, "a", 5)
      yield* sync(vendor)
      Vendor.removeAt(vendor, "a", 2)
      Vendor.say(vendor, "a", 1)
      assert.strictEqual((yield* sync(vendor)).unchanged, 1)
      assert.match((yield* statusOf("a")).unverified.join(), /the list tells only a count/)
      const report = yield* sync(vendor, { full: true })
      assert.deepStrictEqual([report.added, report.gone], [1, 1])
      yield* assertTrue(vendor)
    }).pipe(onFresh(database))
  )

  it.effect("has a conversation read again while it counts more than is known", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "count", total: "none" })
      Vendor.say(vendor, "a", 15)
      vendor.fails = ({ page, what }) => (what === "messages" && page > 1 ? nothing : undefined)
      yield* sync(vendor)
      vendor.fails = () => undefined
      assert.strictEqual((yield* sync(vendor)).added, 5)
      yield* assertTrue(vendor)
    }).pipe(onFresh(database))
  )
})

describe.each(databases)("a conversation that is never at rest, into $name", (database) => {
  it.effect("fails as an IncompleteWalk after eight readings", () =>
    Effect.gen(function* () {
      const page = Pages.last([Pages.message("a", "m1", 0)])
      let readings = 0
      const source = Effect.map(Vendor.service(Vendor.make()), (source) => ({
        ...source,
        messageOrder: "newestFirst" as const,
        conversationPages: () => Stream.succeed(Pages.last([Pages.conversation("a")])),
        // Each time rows have come in front.
        messagePages: () => {
          readings += 1
          return Stream.succeed({ ...page, checkpoint: { ...page.checkpoint, shift: 1 } })
        }
      }))
      const report = yield* Sync.sync(yield* source)
      assert.deepStrictEqual(
        report.failed.map(({ conversationId, reason }) => [conversationId, reason]),
        [["a", "IncompleteWalk"]]
      )
      assert.strictEqual(readings, 8)
    }).pipe(onFresh(database))
  )
})

describe.each(databases)("a run that goes on, into $name", (database) => {
  it.effect("has what came to conversations that the broken one had read", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make({ list: "nothing" })
      for (const id of ["a", "b", "c"]) Vendor.say(vendor, id, 3)
      yield* breakOffAt(vendor, "a")
      Vendor.say(vendor, "c", 2)
      yield* sync(vendor)
      yield* assertTrue(vendor)
    }).pipe(onFresh(database))
  )
})

describe.each(databases)(
  "a list by small pages that grows in front while it is read, into $name",
  (database) => {
    it.effect("leaves no hole, and is read again", () =>
      Effect.gen(function* () {
        const vendor = Vendor.make({
          size: 2,
          order: "newestFirst",
          total: "none",
          list: "nothing",
          times: false
        })
        Vendor.say(vendor, "a", 5)
        vendor.before = ({ nth }) => Effect.sync(() => void (nth === 4 && Vendor.say(vendor, "a", 7)))
        yield* sync(vendor)
        yield* assertTrue(vendor)
      }).pipe(onFresh(database))
    )
  }
)
