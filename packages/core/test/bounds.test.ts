import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { codecOf, listingOf, read as readListing } from "./acme.ts"
import { fakeVendor, get } from "./vendor.ts"

const listing = listingOf(codecOf(Schema.Unknown))

const read = (text: string, maxRows?: number) =>
  readListing(
    fakeVendor((nth) => new Response(nth === 1 ? text : "[]")),
    { ...listing, maxRows }
  )

const list = (value: string, times: number) => `[${`${value},`.repeat(times - 1)}${value}]`

describe("an answer of very many values", () => {
  it.effect.each([
    { what: "8,000,000 empty objects", body: () => list("{}", 8_000_000) },
    { what: "10,000,000 empty lists", body: () => list("[]", 10_000_000) },
    { what: "15,000,000 numbers", body: () => list("1", 15_000_000) },
    { what: "5,000,000 fields", body: () => `{"a":${`0,"b":`.repeat(5_000_000)}0}` },
    { what: "lists in lists", body: () => "[".repeat(30_000_000) }
  ])("($what) is refused before it takes memory", ({ body }) =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() => new Response(body()))
      const { reason } = yield* Effect.flip(get(vendor))
      assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "tooLarge" })
      assert.include(reason.message, "more than 1000000 values")
      assert.include(reason.message, "RequestPolicy.maxBodyValues")
      assert.strictEqual(vendor.seen.length, 1)
    })
  )

  it.effect("counts values, and no commas and brackets in texts", () =>
    Effect.gen(function* () {
      const text = JSON.stringify({ "[,": ['{,"[,,\\', "\\", {}, [], [[]], ",".repeat(1_000)] })
      const bounded = (maxBodyValues: number) =>
        get(
          fakeVendor(() => new Response(text)),
          { policy: { maxBodyValues } }
        )
      assert.deepStrictEqual<unknown>(yield* bounded(9), JSON.parse(text))
      const { reason } = yield* Effect.flip(bounded(8))
      assert.deepInclude({ ...reason }, { kind: "tooLarge" })
    })
  )

  it.effect("leaves a large answer of long texts alone", () =>
    Effect.gen(function* () {
      const body = list(JSON.stringify(`${",[{".repeat(20_000)}"`), 100)
      assert.strictEqual((yield* read(body)).items.length, 100)
    })
  )
})

describe("an answer of very many rows", () => {
  it.effect("is refused beyond the listing's bound", () =>
    Effect.gen(function* () {
      const { reason } = yield* Effect.flip(read(list("7", 100_001)))
      assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "tooLarge" })
      assert.include(reason.message, "100001 rows came in one answer, 100000 are taken at most")
    })
  )

  it.effect("is read up to it", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* read(list("7", 3), 3)).items.length, 3)
      assert.strictEqual((yield* Effect.flip(read(list("7", 4), 3))).reason._tag, "InvalidResponse")
    })
  )

  it.effect.each([0, Number.NaN, 1.5])("has no bound of %s", (maxRows) =>
    Effect.gen(function* () {
      const { reason } = yield* Effect.flip(read("[]", maxRows))
      assert.strictEqual(reason._tag, "InvalidRequest")
      assert.include(reason.message, "maxRows must be a whole number, 1 or more")
    })
  )
})
