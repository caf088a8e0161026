/**
 * Conversations that a list has no more.
 */
import { Archive, type Status } from "@colloquy/archive"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { databases, onFresh } from "./databases.ts"
import * as Pages from "./pages.ts"
import { live, sync } from "./syncing.ts"

describe.each(databases)("conversations that vanish from the list, into $name", (database) => {
  const vanished = (all: ReadonlyArray<Status.ConversationStatus>) =>
    all.flatMap(({ conversationId, vanishedAt }) => (vanishedAt === null ? [] : [conversationId])).sort()
  const away = Effect.map(
    Archive.use((archive) => Stream.runCollect(archive.status.conversations())),
    vanished
  )

  it.effect("are named until they are back", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make()
      for (const id of ["a", "b", "c"]) Vendor.say(vendor, id, 3)
      yield* sync(vendor)
      const rows = Vendor.rowsOf(vendor, "b")
      vendor.conversations.delete("b")
      assert.strictEqual((yield* sync(vendor)).vanished, 1)
      assert.strictEqual((yield* sync(vendor)).vanished, 0)
      assert.deepStrictEqual(yield* away, ["b"])
      assert.strictEqual((yield* live("b")).length, 3)
      vendor.conversations.set("b", rows)
      yield* sync(vendor)
      assert.deepStrictEqual(yield* away, [])
    }).pipe(onFresh(database))
  )

  it.effect("are not those whose record cannot be decoded", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make()
      for (const id of ["a", "b"]) Vendor.say(vendor, id, 3)
      yield* sync(vendor)
      const rows = ["3!", 3].map((count, at) => ({
        id: at === 0 ? "b" : "a",
        count,
        active: null,
        extra: {}
      }))
      vendor.fails = ({ what }) => (what === "list" ? { status: 200, body: { rows, total: 2 } } : undefined)
      const report = yield* sync(vendor)
      assert.deepStrictEqual([report.quarantined, report.vanished], [1, 0])
    }).pipe(onFresh(database))
  )

  it.effect.each([{ id: null, count: "3!" }, ["?"], "b", ["b", 3], null])(
    "are none if a record of the list could be any of them (%j)",
    (record) =>
      Effect.gen(function* () {
        const vendor = Vendor.make()
        for (const id of ["a", "b", "c"]) Vendor.say(vendor, id, 3)
        yield* sync(vendor)
        const good = { id: "a", count: 3, active: null, extra: {} }
        const answers = (rows: ReadonlyArray<unknown>) => {
          vendor.fails = ({ what }) =>
            what === "list" ? { status: 200, body: { rows, total: rows.length } } : undefined
        }
        answers([good, { ...good, id: "c" }, record])
        assert.strictEqual((yield* sync(vendor)).vanished, 0)
        assert.strictEqual((yield* sync(vendor)).vanished, 0)
        // The record has been there together with this one.
        answers([good, record])
        assert.strictEqual((yield* sync(vendor)).vanished, 1)
        assert.deepStrictEqual(yield* away, ["c"])
        answers([good])
        yield* sync(vendor)
        assert.deepStrictEqual(yield* away, ["b", "c"])
      }).pipe(onFresh(database))
  )

  it.effect("are not those that a slower run has met, too", () =>
    Effect.gen(function* () {
      const archive = yield* Archive
      const of = { vendor: Vendor.vendor, account: Vendor.account }
      const begin = archive.runs.begin({ ...of, listFilter: "{}", kind: "incremental" })
      const [slow, fast] = [yield* begin, yield* begin]
      const [a, b] = ["a", "b"].map((id) => Pages.last([Pages.conversation(id)]))
      if (a === undefined || b === undefined) return yield* Effect.die("no pages")
      yield* archive.runs.list({ ...of, run: fast, page: { ...a, completion: null } })
      yield* archive.runs.list({ ...of, run: slow, page: { ...a, completion: null } })
      assert.strictEqual((yield* archive.runs.list({ ...of, run: fast, page: b })).vanished, 0)
    }).pipe(onFresh(database))
  )

  it.effect("are all of them where the list is suddenly empty", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make()
      for (const id of ["a", "b", "c"]) Vendor.say(vendor, id, 3)
      yield* sync(vendor)
      vendor.fails = ({ what }) =>
        what === "list" ? { status: 200, body: { rows: [], total: 0 } } : undefined
      assert.strictEqual((yield* sync(vendor)).vanished, 3)
      assert.deepStrictEqual(yield* away, ["a", "b", "c"])
    }).pipe(onFresh(database))
  )

  it.effect("are named no more once that is taken for right, until they vanish again", () =>
    Effect.gen(function* () {
      const archive = yield* Archive
      const vendor = Vendor.make()
      for (const id of ["a", "b"]) Vendor.say(vendor, id, 3)
      yield* sync(vendor)
      const rows = Vendor.rowsOf(vendor, "b")
      vendor.conversations.delete("b")
      yield* sync(vendor)
      assert.strictEqual(yield* archive.status.acceptVanished({ conversationId: "a" }), 0)
      assert.strictEqual(yield* archive.status.acceptVanished(), 1)
      yield* sync(vendor)
      assert.deepStrictEqual(yield* away, [])
      vendor.conversations.set("b", rows)
      yield* sync(vendor)
      vendor.conversations.delete("b")
      assert.strictEqual((yield* sync(vendor)).vanished, 1)
      assert.deepStrictEqual(yield* away, ["b"])
    }).pipe(onFresh(database))
  )
})
