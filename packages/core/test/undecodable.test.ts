import type { Listing } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import { attempt, codecOf, listingOf, named } from "./acme.ts"
import { fakeVendor, json } from "./vendor.ts"

const Row = Schema.Struct({ id: Schema.String, text: Schema.String })

const codec = codecOf(Row, "id")
const paging: Listing.Paging = { by: "page", size: 3, ends: ["emptyPage"] }
const listing = listingOf(codec, { envelope: named, paging })

/** Reads the rows that a server has, three to a page, or by offset. */
const read = Effect.fnUntraced(function* (
  rows: ReadonlyArray<unknown>,
  of: typeof listing = listing,
  reading: Listing.ReadOptions = { undecodable: "keep" }
) {
  const vendor = fakeVendor((_, { url }) => {
    const page = Number(url.searchParams.get("page") ?? 1)
    const start = Number(url.searchParams.get("offset") ?? (page - 1) * 3)
    return json({ rows: rows.slice(start, start + 3) })
  })
  const { completion, error, pages } = yield* attempt(vendor, of, reading)
  return {
    emitted: pages,
    items: pages.map(({ items }) => items.map(({ id }) => id).join("")),
    undecodable: pages.map(({ undecodable }) => undecodable.map(({ index }) => index)),
    starts: pages.map(({ start }) => start),
    completion,
    reason: error?.reason ?? null
  }
})

const good = (id: string) => ({ id, text: `text of ${id}` })
const bad = (id: string) => ({ id, text: 5551234 })
const offsets: Listing.Paging = { by: "offset", size: 3, ends: ["emptyPage"] }
const byOffset = listingOf(codecOf(Row), { envelope: named, paging: offsets })

describe("rows that cannot be decoded, kept", () => {
  it.effect("go with their page, at their place, as they came and with a problem that says no value", () =>
    Effect.gen(function* () {
      const { emitted } = yield* read([good("a"), bad("b"), good("c")])
      assert.deepStrictEqual(emitted[0]?.items, [good("a"), good("c")])
      const [kept, ...others] = emitted[0]?.undecodable ?? []
      assert.deepInclude(kept, { index: 1, json: bad("b") })
      assert.include(kept?.problem, "text")
      assert.notInclude(kept?.problem, "5551234")
      assert.deepStrictEqual(others, [])
      assert.deepStrictEqual(emitted.at(-1)?.undecodable, [])
    })
  )

  it.effect("are counted as rows wherever in a page they are, and a page of nothing else is no end", () =>
    Effect.gen(function* () {
      const rows = [
        [bad("a"), good("b"), good("c")],
        [good("d"), bad("e"), good("f")],
        [good("g"), good("h"), bad("i")],
        [bad("j"), bad("k"), bad("l")],
        [good("m")]
      ].flat()
      const found = yield* read(rows)
      assert.isNull(found.reason)
      assert.deepStrictEqual(found.items, ["bc", "df", "gh", "", "m", ""])
      assert.deepStrictEqual(found.undecodable, [[0], [4], [8], [9, 10, 11], [], []])
      assert.deepStrictEqual(found.starts, [0, 3, 6, 9, 12, 13])
      assert.deepInclude(found.completion, { proof: "emptyPage", count: 13 })
    })
  )

  it.effect("do not disturb the overlap of offsets", () =>
    Effect.gen(function* () {
      const rows = ["a", "b", "c", "d", "e", "f", "g"].map((id, at) => (at % 2 === 0 ? bad(id) : good(id)))
      const found = yield* read(rows, byOffset)
      assert.isNull(found.reason)
      assert.strictEqual(found.items.join(""), "bdf")
      assert.deepStrictEqual(found.undecodable.flat(), [0, 2, 4, 6])
      assert.strictEqual(found.completion?.count, 7)
    })
  )

  it.effect("do not hide the rows around them when they are equal and have no id", () =>
    Effect.gen(function* () {
      const rows = [good("a"), good("b"), {}, good("c"), good("d"), {}, good("e"), {}, good("f"), null, 7]
      const found = yield* read(rows)
      assert.isNull(found.reason)
      assert.strictEqual(found.items.join(""), "abcdef")
      assert.deepStrictEqual(found.undecodable.flat(), [2, 5, 7, 9, 10])
    })
  )

  it.effect.prop(
    "come once each, wherever they are in a listing that has ids",
    { kinds: Schema.Array(Schema.Literals(["good", "bad"])), byOffset: Schema.Boolean },
    ({ byOffset: isByOffset, kinds }) =>
      Effect.gen(function* () {
        const rows = kinds.map((kind, at) => (kind === "good" ? good(`r${at}`) : bad(`r${at}`)))
        const found = yield* read(rows, isByOffset ? { ...listing, paging: offsets } : listing)
        assert.isNull(found.reason)
        const places = kinds.flatMap((kind, at) => (kind === "bad" ? [at] : []))
        assert.deepStrictEqual(found.undecodable.flat(), places)
        assert.strictEqual(found.emitted.flatMap(({ items }) => items).length, rows.length - places.length)
      })
  )

  it.effect("come once in a listing that is read until two readings agree", () =>
    Effect.gen(function* () {
      const rows = [good("a"), bad("b"), good("c"), bad("d"), good("e")]
      const found = yield* read(rows, listing, { undecodable: "keep", verify: true })
      assert.isNull(found.reason)
      assert.strictEqual(found.items.join(""), "ace")
      assert.deepStrictEqual(found.undecodable.flat(), [1, 3])
      assert.isTrue(found.completion?.verified)
    })
  )

  it.effect("come once when a walk goes on behind them", () =>
    Effect.gen(function* () {
      const rows = [good("a"), good("b"), bad("c"), bad("d"), good("e"), good("f"), bad("g")]
      for (const of of [listing, byOffset]) {
        const { emitted } = yield* read(rows, of)
        for (const { checkpoint } of emitted.slice(0, 3)) {
          const rest = yield* read(rows, of, { undecodable: "keep", from: checkpoint })
          assert.isNull(rest.reason)
          const places = rest.undecodable.flat()
          assert.deepStrictEqual(
            places,
            [2, 3, 6].filter((at) => at >= checkpoint.received)
          )
        }
      }
    })
  )

  it.effect("may hold a number that no double holds: its text then", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor((nth) =>
        nth === 1 ? new Response('{"rows":[{"id":"a","text":[1e400,-1]}]}') : json({ rows: [] })
      )
      const { kept } = yield* attempt(vendor, listing)
      assert.deepStrictEqual(kept[0]?.json, { id: "a", text: ["1e400", -1] })
    })
  )

  it.effect("fail the walk with their place unless they are to be kept", () =>
    Effect.gen(function* () {
      const rows = [good("a"), good("b"), good("c"), good("d"), bad("e"), bad("f")]
      for (const reading of [{}, { undecodable: "fail" }] as const) {
        const { items, reason } = yield* read(rows, listing, reading)
        assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "record", position: 4 })
        assert.deepStrictEqual(items, ["abc"])
      }
    })
  )
})

describe("a row that was kept", () => {
  const kept = { account: "eu", conversationId: "c-1", index: 3, options: {}, ordinal: 0 }

  it("decodes to itself once it fits", () => {
    const json = { ...good("a"), more: 1 }
    assert.strictEqual<unknown>(Result.getOrThrow(codec.decodeRow({ ...kept, json })), json)
  })

  it("fails with its place while it does not", () => {
    const reason = Result.getOrThrow(Result.flip(codec.decodeRow({ ...kept, json: bad("a") })))
    assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "record", position: 3 })
    assert.notInclude(reason.message, "5551234")
  })
})
