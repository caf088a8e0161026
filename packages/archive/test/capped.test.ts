/**
 * Conversations of which the vendor gives only the last messages, in one answer.
 */
import { Archive, Sync } from "@colloquy/archive"
import {
  type Message,
  Pagination,
  type Reason,
  Source,
  SourceError,
  type SourceService
} from "@colloquy/core"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Stream } from "effect"
import { databases, onFresh } from "./databases.ts"
import { assertInOrder, assertTrue, costOf, live, standings } from "./syncing.ts"

/** A vendor that gives a conversation in one answer of at most ten messages. */
const cappedAtTen = (options: Vendor.Options = {}) =>
  Vendor.make({
    messages: { paging: "oneAnswer", serves: 10, ...options.messages },
    list: "both",
    ...options
  })

const timeOf = (nth: number) => DateTime.formatIso(DateTime.makeUnsafe(nth * 60_000))

/** A vendor that gives the first two of so many messages, and the last ten. */
const firstAndLast = (size: number): SourceService => {
  const messages = Array.from({ length: size }, (_, nth) => ({
    id: String(nth),
    role: "user" as const,
    text: `Message ${nth}`,
    createdAt: timeOf(nth)
  }))
  const served = size <= 12 ? messages : [...messages.slice(0, 2), ...messages.slice(-10)]
  const memory = Source.fromConversations([{ id: "a", updatedAt: timeOf(size), messages: served }])
  const answer = Stream.runCollect(Pagination.items(memory.messagePages({ conversationId: "a" })))
  const fail = (reason: Reason) => new SourceError({ vendor: "memory", operation: "messages", reason })
  return {
    ...memory,
    messagePages: ({ from }) =>
      Pagination.pages(
        Pagination.oneAnswer({ maxSize: 12 }),
        () => Effect.map(answer, (rows) => Pagination.received(rows, { total: size })),
        { from, key: ({ id }: Message) => id }
      ).pipe(Stream.mapError((error) => (error._tag === "SourceError" ? error : fail(error))))
  }
}

const status = Effect.map(
  Effect.flatMap(Archive, (archive) => Stream.runCollect(archive.status.conversations())),
  ([only]) => only
)

const totals = [
  { total: "each", claimed: 14 },
  { total: "none", claimed: null }
] as const

describe.each(databases)("a conversation in one answer, in $name,", (database) => {
  it.effect("is complete below the vendor's maximum, and costs one request each time it changes", () =>
    Effect.gen(function* () {
      const vendor = cappedAtTen()
      Vendor.say(vendor, "a", 7)
      assert.strictEqual((yield* costOf(vendor)).asked, 1)
      assert.strictEqual((yield* costOf(vendor)).asked, 0)
      Vendor.say(vendor, "a", 2)
      const { asked, report } = yield* costOf(vendor)
      assert.deepStrictEqual([asked, report.added, report.failed.length], [1, 2, 0])
      yield* assertInOrder(vendor)
      assert.deepInclude(yield* status, { standing: "complete", proof: "oneAnswer", claimed: 9 })
    }).pipe(onFresh(database))
  )

  it.effect.each(totals)(
    "is short above it, and is not read again until its entry changes ($total)",
    ({ claimed, total }) =>
      Effect.gen(function* () {
        const vendor = cappedAtTen({ messages: { paging: "oneAnswer", serves: 10, total }, list: "activity" })
        Vendor.say(vendor, "a", 14)
        const first = yield* costOf(vendor)
        assert.deepStrictEqual([first.asked, first.report.added], [1, 10])
        assert.deepStrictEqual(
          first.report.failed.map(({ conversationId, reason }) => [conversationId, reason]),
          [["a", "IncompleteWalk"]]
        )
        const found = yield* status
        assert.deepInclude(found, {
          standing: "short",
          stored: 10,
          gone: 0,
          suspected: 0,
          claimed,
          failure: null
        })
        assert.include(found?.unverified.join(), "the vendor gives no more of it: 10 rows came")
        const again = yield* costOf(vendor)
        assert.deepStrictEqual([again.asked, again.report.unchanged, again.report.failed], [0, 1, []])
        Vendor.say(vendor, "a", 3)
        const changed = yield* costOf(vendor)
        assert.deepStrictEqual([changed.asked, changed.report.added, changed.report.gone], [1, 3, 0])
        assert.strictEqual((yield* live("a")).length, 13)
        assert.deepStrictEqual(yield* standings, { a: "short" })
        assert.strictEqual((yield* costOf(vendor)).asked, 0)
        assert.strictEqual((yield* costOf(vendor, { full: true })).asked, 1)
      }).pipe(onFresh(database))
  )

  it.effect.each([
    { order: "oldestFirst", newest: "last" },
    { order: "newestFirst", newest: "first" }
  ] as const)(
    "that was whole before it grew over it stays whole and in order, where the vendor counts it ($order)",
    ({ newest, order }) =>
      Effect.gen(function* () {
        const vendor = cappedAtTen({ order, messages: { paging: "oneAnswer", serves: 10, newest } })
        Vendor.say(vendor, "a", 8)
        yield* costOf(vendor)
        for (const full of [false, false, true]) {
          Vendor.say(vendor, "a", 5)
          yield* costOf(vendor, { full })
          const stored = yield* live("a")
          assert.deepStrictEqual(
            stored.map(({ id }) => id),
            Vendor.listed(vendor, "a").map(({ id }) => id)
          )
          assert.deepStrictEqual(yield* standings, { a: "complete" })
        }
        assert.strictEqual((yield* costOf(vendor)).asked, 0)
      }).pipe(onFresh(database))
  )

  it.effect("keeps its order where its first messages come with the last ones", () =>
    Effect.gen(function* () {
      for (const size of [11, 17, 25, 31]) {
        yield* Sync.sync(firstAndLast(size))
        const whole = Array.from({ length: size }, (_, nth) => String(nth))
        assert.deepStrictEqual(
          (yield* live("a")).map(({ id }) => id),
          whole
        )
      }
      assert.deepStrictEqual(yield* standings, { a: "complete" })
    }).pipe(onFresh(database))
  )

  it.effect("that falls below it again is complete, and has no row that is gone", () =>
    Effect.gen(function* () {
      const vendor = cappedAtTen()
      Vendor.say(vendor, "a", 12)
      yield* costOf(vendor)
      assert.deepStrictEqual(yield* standings, { a: "short" })
      for (let removed = 0; removed < 4; removed++) Vendor.removeAt(vendor, "a", 5)
      yield* costOf(vendor)
      yield* assertTrue(vendor)
      assert.deepStrictEqual(yield* standings, { a: "complete" })
    }).pipe(onFresh(database))
  )

  it.effect("that fails for another reason afterwards is read again", () =>
    Effect.gen(function* () {
      const vendor = cappedAtTen()
      Vendor.say(vendor, "a", 12)
      yield* costOf(vendor)
      vendor.fails = ({ what }) => (what === "messages" ? "unavailable" : undefined)
      Vendor.say(vendor, "a", 1)
      yield* costOf(vendor)
      assert.deepStrictEqual(yield* standings, { a: "failed" })
      vendor.fails = () => undefined
      assert.strictEqual((yield* costOf(vendor)).asked, 1)
      assert.deepStrictEqual(yield* standings, { a: "short" })
    }).pipe(onFresh(database))
  )
})
