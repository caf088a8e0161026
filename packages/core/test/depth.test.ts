import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import { codecOf, listingOf, named, read as readListing } from "./acme.ts"
import { fakeVendor, get } from "./vendor.ts"

/** A row of any content, as OpenCopilot's messages are. */
const Row = Schema.Struct({ id: Schema.String, more: Schema.optionalKey(Schema.Json) })

const codec = codecOf(Row, "id")
const withIds = listingOf(codec, { envelope: named })
const withoutIds = listingOf(codecOf(Row), { envelope: named })

/** Reads one page that stands in this text. */
const read = Effect.fnUntraced(function* (
  text: string,
  undecodable: "fail" | "keep" = "keep",
  listing: typeof withIds = withIds
) {
  const vendor = fakeVendor((nth) => new Response(nth === 1 ? text : `{"rows":[]}`))
  const { items, kept } = yield* readListing(vendor, listing, { undecodable })
  return { ids: items.map(({ id }) => id), kept }
})

const lists = (levels: number) => "[".repeat(levels) + "]".repeat(levels)
const objects = (levels: number) => `${'{"a":'.repeat(levels)}0${"}".repeat(levels)}`
const opened = (text: string) => text.replaceAll(/[^[{]/g, "").length
const among = (more: string) => `{"rows":[{"id":"a"},{"id":"b","more":${more}},{"id":"c"}]}`

describe("a row that is nested too deep", () => {
  it.effect.each([
    { how: "130 lists", more: lists(130) },
    { how: "5,000 lists", more: lists(5000) },
    { how: "5,000 objects", more: objects(5000) },
    { how: "400,000 lists", more: lists(400_000) },
    { how: "5,000 lists of a number that no double holds", more: `[9007199254740993,${lists(5000)}]` },
    { how: "lists with brackets in texts", more: `["[[\\"[",${lists(5000)},"]]\\\\"]` }
  ])("($how) is set aside as JSON that can be stored, and its neighbours are read", ({ more }) =>
    Effect.gen(function* () {
      const { ids, kept } = yield* read(among(more))
      assert.deepStrictEqual(ids, ["a", "c"])
      assert.deepStrictEqual(
        kept.map(({ index }) => index),
        [1]
      )
      assert.include(kept[0]?.problem, "nested deeper than 128 levels")
      const stored = JSON.stringify(kept[0]?.json)
      assert.isAtLeast(opened(stored), opened(more))
    })
  )

  it.effect("fails the walk with its place unless it is to be kept", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(read(among(lists(5000)), "fail"))
      assert.deepInclude({ ...error.reason }, { _tag: "InvalidResponse", kind: "record", position: 1 })
    })
  )

  it.effect("is set aside where rows have no ids, too, and rows are compared by content", () =>
    Effect.gen(function* () {
      const { ids, kept } = yield* read(among(lists(5000)), "keep", withoutIds)
      assert.deepStrictEqual([ids, kept.length], [["a", "c"], 1])
    })
  )

  it.effect("keeps what is too deep as the text that came", () =>
    Effect.gen(function* () {
      const { kept } = yield* read(among(`[1,${lists(200)}]`))
      let inner: unknown = kept[0]?.json
      while (typeof inner === "object" && inner !== null) inner = Object.values(inner).at(-1)
      // The body, its rows, the row and the outer list are four of the levels.
      assert.strictEqual(inner, lists(200 - (128 - 4)))
    })
  )
})

describe("a row that is nested deep, but not too deep", () => {
  it.effect.each([lists(120), objects(120)])("is read", (more) =>
    Effect.gen(function* () {
      const { ids, kept } = yield* read(among(more))
      assert.deepStrictEqual([ids, kept], [["a", "b", "c"], []])
    })
  )
})

describe("an envelope that is nested too deep", () => {
  it.effect.each([
    { where: "beside its rows", text: `{"rows":[{"id":"a"}],"more":${lists(5000)}}` },
    { where: "in place of it", text: lists(5000) },
    { where: "half a million levels", text: lists(500_000) }
  ])("($where) is an invalid response", ({ text }) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(read(text))
      assert.deepInclude({ ...error.reason }, { _tag: "InvalidResponse", kind: "envelope", position: null })
      assert.include(error.message, "nested deeper than 128 levels")
    })
  )

  it.effect("and breaks off is an invalid response, too", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(get(fakeVendor(() => new Response("[".repeat(500_000)))))
      assert.deepInclude({ ...error.reason }, { _tag: "InvalidResponse", kind: "truncated" })
    })
  )
})

describe("a kept row that is nested too deep", () => {
  it("fails with its place, and does not overflow", () => {
    const json: Schema.Json = JSON.parse(`{"id":"a","more":${lists(20_000)}}`)
    const kept = { account: "default", conversationId: "c", index: 3, json, options: {}, ordinal: 0 }
    const reason = Result.getOrThrow(Result.flip(codec.decodeRow(kept)))
    assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "record", position: 3 })
    assert.include(reason.message, "nested deeper than 128 levels")
  })
})
