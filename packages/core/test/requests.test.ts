/**
 * What the requests of a listing hold, by its facts.
 */
import type { Listing } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { attempt, codecOf, listingOf, named, read } from "./acme.ts"
import { canary, connect, fakeVendor, json, type Seen, settle } from "./vendor.ts"
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
      yield* client.read({ operation: "Acme.rows", path: ["rows"], query: { a: null, b: undefined, c: 0 } })
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

const Search = Schema.fromJsonString(
  Schema.Struct({ limit: Schema.Int, offset: Schema.Int, order: Schema.Literals(["asc"]) })
)
const searched = Schema.decodeUnknownSync(Search)

/** A listing whose pages are asked for by POST, as search endpoints are. */
const search = listingOf(codecOf(Row, "id"), {
  path: "/rows/search",
  query: { version: () => 2 },
  body: { limit: "size", offset: "offset", order: () => "asc", cursor: "cursor", user: () => null },
  paging: { by: "offset", size: 5, maxSize: 100, ends: ["emptyPage"] }
})

const searching = (count: number) =>
  fakeVendor((_, { body }) => {
    const { limit, offset } = searched(body)
    return json(rowsOf(count).slice(offset, offset + limit))
  })

describe("a listing with a body", () => {
  it.effect("is asked for by POST, its page in the body, beside the query", () =>
    Effect.gen(function* () {
      const vendor = searching(7)
      const { items } = yield* read(vendor, search)
      assert.deepStrictEqual<unknown>(items, rowsOf(7))
      assert.deepStrictEqual(
        vendor.seen.map(({ body, method, url }) => `${method} ${url.pathname}${url.search} ${body}`),
        [
          'POST /rows/search?version=2 {"limit":5,"offset":0,"order":"asc"}',
          'POST /rows/search?version=2 {"limit":5,"offset":4,"order":"asc"}',
          'POST /rows/search?version=2 {"limit":5,"offset":6,"order":"asc"}'
        ]
      )
      for (const { headers } of vendor.seen) assert.strictEqual(headers["content-type"], "application/json")
    })
  )

  it.effect.prop(
    "is read whole from its start and from each checkpoint",
    {
      count: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 40 }))),
      pageSize: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 12 })))
    },
    ({ count, pageSize }) =>
      Effect.gen(function* () {
        const { items, pages } = yield* read(searching(count), search, { pageSize })
        assert.deepStrictEqual<unknown>(items, rowsOf(count))
        for (const { checkpoint } of pages) {
          const rest = yield* read(searching(count), search, { pageSize, from: checkpoint })
          assert.isNull(rest.pages[0]?.restarted)
          assert.deepStrictEqual<unknown>(rest.items, rowsOf(count).slice(checkpoint.received))
        }
      })
  )

  it.effect("is retried as a GET is, because it only reads", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor((nth) => {
        if (nth === 1) return "reset"
        if (nth === 2) return json({}, { status: 503 })
        return nth === 3 ? json({}, { status: 429, headers: { "retry-after": "3" } }) : json([])
      })
      yield* settle(read(vendor, search))
      assert.strictEqual(vendor.seen.length, 4)
      assert.deepStrictEqual(
        [...new Set(vendor.seen.map(({ body }) => body))],
        ['{"limit":5,"offset":0,"order":"asc"}']
      )
    })
  )

  it.effect.each(["", "half \ud800 a character"])("refuses an id such as %j before anything is sent", (id) =>
    Effect.gen(function* () {
      const vendor = searching(1)
      const { error } = yield* attempt(vendor, { ...search, body: { ...search.body, user: () => id } })
      assert.strictEqual(error?.reason._tag, "InvalidRequest")
      assert.strictEqual(vendor.seen.length, 0)
    })
  )
})

/** A listing that sends a version and the id of a bot. */
const bots = (bot: string | null) =>
  listingOf(codecOf(Row, "id"), {
    headers: { "acme-version": "2.14", "x-bot-id": () => bot, authorization: "Bearer of-the-listing" }
  })

const one = () => fakeVendor((nth) => json(nth === 1 ? rowsOf(1) : []))

describe("a listing with headers", () => {
  it.effect("sends them beside the token, which they cannot replace", () =>
    Effect.gen(function* () {
      const vendor = one()
      yield* read(vendor, bots("b-1"))
      const sent = ({ authorization, headers }: Seen) => [
        headers["acme-version"],
        headers["x-bot-id"],
        authorization
      ]
      assert.deepStrictEqual(vendor.seen.map(sent), [
        ["2.14", "b-1", `Bearer ${canary}`],
        ["2.14", "b-1", `Bearer ${canary}`]
      ])
    })
  )

  it.effect.prop(
    "sends any value as it is, or refuses it before anything is sent",
    { bot: Arbitrary.schema(Schema.String) },
    ({ bot }) =>
      Effect.gen(function* () {
        const vendor = one()
        const { error } = yield* attempt(vendor, bots(bot))
        if (error === null) return assert.strictEqual(vendor.seen[0]?.headers["x-bot-id"], bot)
        assert.strictEqual(error.reason._tag, "InvalidRequest")
        assert.strictEqual(vendor.seen.length, 0)
        assert.isFalse(/^[a-z0-9]+$/i.test(bot))
      })
  )
})

describe("a checkpoint", () => {
  const fingerprintOf = (listing: ReturnType<typeof bots>) =>
    Effect.map(read(one(), listing), ({ pages }) => pages[0]?.checkpoint.fingerprint)

  it.effect("belongs to the body and the headers of its listing as it does to the query", () =>
    Effect.gen(function* () {
      const plain = listingOf(codecOf(Row, "id"))
      const by = (user: string) => ({ ...plain, body: { page: "page" as const, user: () => user } })
      const listings = [plain, by("a"), by("b"), bots("b-1"), bots("b-2"), bots(null)]
      const found = yield* Effect.forEach(listings, fingerprintOf)
      assert.strictEqual(new Set(found).size, listings.length)
      assert.deepStrictEqual(yield* Effect.forEach(listings, fingerprintOf), found)
    })
  )
})
