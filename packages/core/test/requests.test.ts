/**
 * What the requests of a listing hold, by its facts.
 */
import type { Listing } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { codecOf, listingOf, named, read } from "./acme.ts"
import { connect, fakeVendor, json } from "./vendor.ts"
import { rowsOf } from "./listing.ts"

const Row = Schema.Struct({ id: Schema.String, text: Schema.String })

/** A server that numbers its pages from 0, and names the page and the last one. */
const fromZero = (count: number, size: number) =>
  fakeVendor((_, { url }) => {
    const page = Number(url.searchParams.get("page"))
    const rows = rowsOf(count).slice(page * size, (page + 1) * size)
    return json({ rows, page, last: Math.ceil(count / size) - 1 })
  })

const isNumbered = Schema.is(
  Schema.Struct({ rows: Schema.Array(Schema.Unknown), page: Schema.Finite, last: Schema.Finite })
)

const numberedFromZero = (size: number, ends: Listing.Paging["ends"]) =>
  listingOf(codecOf(Row, "id"), {
    paging: { by: "page", size, ends, firstPage: 0 },
    envelope: (body) =>
      isNumbered(body) ? { rows: body.rows, page: body.page, lastPage: body.last } : undefined
  })

describe("a listing whose pages count from 0", () => {
  it.effect.prop(
    "is read whole, by its last page as by an empty one",
    {
      count: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 60 }))),
      size: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 25 })))
    },
    ({ count, size }) =>
      Effect.gen(function* () {
        for (const end of ["lastPage", "emptyPage"] as const) {
          const vendor = fromZero(count, size)
          const { completion, items } = yield* read(vendor, numberedFromZero(size, [end]))
          assert.deepStrictEqual<unknown>(items, rowsOf(count))
          assert.strictEqual(vendor.seen[0]?.url.searchParams.get("page"), "0")
          assert.strictEqual(completion?.proof, end)
        }
      })
  )
})

describe("a query value that is null or undefined", () => {
  it.effect("is left out, by a listing and by a client", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() => json({ rows: [] }))
      const listing = listingOf(codecOf(Row, "id"), {
        query: { page: "page", user: () => null, bot: () => undefined, kind: () => "all" },
        envelope: named
      })
      yield* read(vendor, listing)
      const client = yield* connect(vendor)
      yield* client.get({ operation: "Acme.rows", path: ["rows"], query: { a: null, b: undefined, c: 0 } })
      assert.deepStrictEqual(
        vendor.seen.map(({ url }) => url.search),
        ["?page=1&kind=all", "?c=0"]
      )
    })
  )
})

describe("what an author says of a listing", () => {
  it.effect.each([false, true])("stands beside what follows from its paging; verified: %s", (verify) =>
    Effect.gen(function* () {
      const listing = listingOf(codecOf(Row, "id"), {
        paging: { by: "page", size: 2, ends: ["emptyPage"], unverified: ["of the author"] }
      })
      const vendor = fakeVendor((_, { url }) => {
        const from = (Number(url.searchParams.get("page")) - 1) * 2
        return json(rowsOf(3).slice(from, from + 2))
      })
      const { completion } = yield* read(vendor, listing, { verify })
      const drift = "drift: a row removed between two requests hides another, unseen"
      assert.deepStrictEqual(completion?.unverified, [...(verify ? [] : [drift]), "of the author"])
    })
  )
})
