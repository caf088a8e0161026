import { Pagination } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import { codecOf, listingOf, read as readListing } from "./acme.ts"
import { fakeVendor } from "./vendor.ts"

const Row = Schema.Struct({ id: Schema.Union([Schema.Finite, Schema.NonEmptyString]), text: Schema.String })
const listing = listingOf(codecOf(Row, "id"))

/** One page of rows, as it stands in this JSON text. */
const read = Effect.fnUntraced(function* (rows: string, undecodable: "fail" | "keep" = "keep") {
  const reply = (nth: number) =>
    new Response(nth === 1 ? rows : "[]", { headers: { "content-type": "application/json" } })
  const { completion, items, kept } = yield* readListing(fakeVendor(reply), listing, { undecodable })
  return { items, kept, count: completion?.count }
})

describe("integers beyond 2^53", () => {
  it.effect("are three ids, and not one", () =>
    Effect.gen(function* () {
      const ids = ["9007199254740992", "9007199254740993", "9007199254740994"]
      const { count, items, kept } = yield* read(`[${ids.map((id) => `{"id":${id},"text":"t"}`).join(",")}]`)
      assert.deepStrictEqual(
        items.map(({ id }) => id),
        ids
      )
      assert.deepStrictEqual([kept, count], [[], 3])
    })
  )

  it.effect("are exact in every field that is an id, however deep, and small ones stay numbers", () =>
    Effect.gen(function* () {
      const more = `"user_id":-9007199254740995,"reply":{"messageId":123456789012345678901234567890},"n":7,"big":1e300`
      const { items } = yield* read(`[{"id":1,"text":"t",${more}}]`)
      assert.deepStrictEqual<unknown>(items[0], {
        id: 1,
        text: "t",
        user_id: "-9007199254740995",
        reply: { messageId: "123456789012345678901234567890" },
        n: 7,
        big: 1e300
      })
    })
  )

  it.effect("anywhere else set the row aside with its digits, and not its neighbours", () =>
    Effect.gen(function* () {
      const bad = `{"id":2,"text":"t","costs":[{"amount":9007199254740993}]}`
      const { items, kept } = yield* read(`[{"id":1,"text":"a"},${bad},{"id":3,"text":"c"}]`)
      assert.deepStrictEqual(
        items.map(({ id }) => id),
        [1, 3]
      )
      assert.deepInclude(kept[0], {
        index: 1,
        json: { id: 2, text: "t", costs: [{ amount: "9007199254740993" }] }
      })
      assert.include(kept[0]?.problem, '"amount" has more digits than can be kept')
      const error = yield* Effect.flip(read(`[${bad}]`, "fail"))
      assert.deepInclude({ ...error.reason }, { _tag: "InvalidResponse", kind: "record", position: 0 })
    })
  )

  it.effect("of more than a double at all are set aside, too", () =>
    Effect.gen(function* () {
      const { items, kept } = yield* read(`[{"id":1,"text":"a","n":1e400},{"id":2,"text":"b"}]`)
      assert.deepStrictEqual([items.map(({ id }) => id), kept.map(({ index }) => index)], [[2], [0]])
    })
  )

  it.effect("as an id are no id: each such row is set aside", () =>
    Effect.gen(function* () {
      const { items, kept } = yield* read(
        `[{"id":1e999,"text":"a"},{"id":2,"text":"b"},{"id":1e999,"text":"c"},{"id":1e999,"text":"d"}]`
      )
      assert.deepStrictEqual([items.map(({ id }) => id), kept.map(({ index }) => index)], [[2], [0, 2, 3]])
      assert.include(kept[1]?.problem, '"id" has more digits')
    })
  )
})

describe("rows of one answer", () => {
  it.effect("with one id and different contents are never dropped: the second is set aside", () =>
    Effect.gen(function* () {
      const rows = `[{"id":1,"text":"one"},{"id":1,"text":"other"},{"id":1,"text":"one"},{"id":2,"text":"two"}]`
      const { items, kept } = yield* read(rows)
      assert.deepStrictEqual(
        items.map(({ text }) => text),
        ["one", "two"]
      )
      assert.deepInclude(kept[0], { index: 1, json: { id: 1, text: "other" } })
      assert.strictEqual(kept.length, 1)
      const error = yield* Effect.flip(read(rows, "fail"))
      assert.deepInclude({ ...error.reason }, { kind: "record", position: 1 })
    })
  )

  it.effect("with empty ids are all set aside", () =>
    Effect.gen(function* () {
      const { items, kept } = yield* read(`[{"id":"","text":"a"},{"id":"","text":"b"},{"id":"c","text":"c"}]`)
      assert.deepStrictEqual([items.length, kept.map(({ index }) => index)], [1, [0, 1]])
    })
  )

  it.effect("are given twice by a walk without a listing that could set one aside", () =>
    Effect.gen(function* () {
      const rows = [
        { id: "a", text: "one" },
        { id: "a", text: "other" }
      ]
      const told: Array<string> = []
      const strategy = Pagination.pageNumber({ size: 10, ends: ["total"] })
      const pages = yield* Pagination.pages(
        strategy,
        () => Effect.succeed(Pagination.received(rows, { total: 2 })),
        {
          key: ({ id }) => id,
          onConflict: ({ text }) => void told.push(text)
        }
      ).pipe(Stream.runCollect)
      assert.deepStrictEqual([pages.flatMap(({ items }) => items), told], [rows, ["other"]])
    })
  )
})
