/**
 * A listing that comes in one answer: when it is whole, and what it says when it is not.
 */
import { Page, Pagination } from "@colloquy/core"
import type { Listing } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { attempt, codecOf, listingOf } from "./acme.ts"
import { completionOf, rowsOf, serveRows, walk } from "./listing.ts"
import { fakeVendor, json } from "./vendor.ts"

const Row = Schema.Struct({ id: Schema.String, text: Schema.String })
const isCounted = Schema.is(
  Schema.Struct({ parts: Schema.Array(Schema.Unknown), total: Schema.optionalKey(Schema.Finite) })
)

const partsOf = (ids: boolean, paging: Partial<Listing.Paging> = {}) =>
  listingOf(codecOf(Row, ids ? "id" : undefined), {
    path: "/conversations/1",
    query: {},
    paging: { by: "oneAnswer", size: null, ...paging },
    envelope: (body) => (isCounted(body) ? { rows: body.parts, total: body.total ?? null } : undefined)
  })

const serving = (parts: ReadonlyArray<object>, total?: number) =>
  fakeVendor(() => json({ parts, ...(total === undefined ? {} : { total }) }))

const read = (
  parts: ReadonlyArray<object>,
  { ids = true, total, ...paging }: { ids?: boolean; total?: number } & Partial<Listing.Paging> = {},
  how: Listing.ReadOptions = {}
) =>
  Effect.map(attempt(serving(parts, total), partsOf(ids, paging), how), (found) => ({
    ...found,
    reason: found.error?.reason ?? null,
    kind: found.error?.reason._tag === "IncompleteWalk" ? found.error.reason.kind : null
  }))

const sizes = Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 30 })))

describe("a listing in one answer", () => {
  it.effect("is one request without a page, and ends on that", () =>
    Effect.gen(function* () {
      const vendor = serving(rowsOf(3), 3)
      const { completion, items } = yield* attempt(vendor, partsOf(true), { pageSize: 50 })
      assert.deepStrictEqual<unknown>(items, rowsOf(3))
      assert.deepInclude(completion, { proof: "oneAnswer", count: 3, pages: 1, unverified: [] })
      assert.deepStrictEqual(
        vendor.seen.map(({ url }) => `${url.pathname}${url.search}`),
        ["/conversations/1"]
      )
    })
  )

  it.effect("is uncounted where nothing says how many rows there are, whether verified or not", () =>
    Effect.gen(function* () {
      const note = { _tag: "Uncounted" }
      for (const verify of [false, true]) {
        const { completion } = yield* read(rowsOf(3), {}, { verify })
        assert.deepInclude<unknown>(completion?.notes, note)
        for (const found of [
          yield* read(rowsOf(3), { total: 3 }, { verify }),
          yield* read(rowsOf(3), {}, { verify, expectedCount: 3 }),
          yield* read(rowsOf(3), { maxSize: 500 }, { verify })
        ]) {
          assert.strictEqual(found.completion?.proof, "oneAnswer")
          assert.deepStrictEqual(found.completion?.notes, [])
        }
      }
    })
  )

  it.effect.prop(
    "is capped where it has as many rows as an answer may, and no count says that these are all",
    {
      count: sizes,
      maxSize: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 30 })))
    },
    ({ count, maxSize }) =>
      Effect.gen(function* () {
        const parts = rowsOf(count).slice(-maxSize)
        const plain = yield* read(parts, { maxSize })
        assert.deepStrictEqual<unknown>(plain.items, parts)
        assert.strictEqual(plain.kind, count >= maxSize ? "capped" : null)
        const counted = yield* read(parts, { maxSize, total: count })
        assert.deepStrictEqual<unknown>(counted.items, parts)
        assert.strictEqual(counted.kind, count > maxSize ? "capped" : null)
        assert.strictEqual(counted.completion === null, count > maxSize)
      })
  )

  it.effect("gives its rows before it fails as capped, with a checkpoint behind them", () =>
    Effect.gen(function* () {
      const { items, pages, reason } = yield* read(rowsOf(5), { maxSize: 5, total: 9 })
      assert.strictEqual(items.length, 5)
      assert.isNull(pages.at(-1)?.completion)
      assert.deepInclude(
        { ...reason },
        {
          _tag: "IncompleteWalk",
          kind: "capped",
          evidence: "5 rows came, and the vendor counts 9; one answer holds at most 5"
        }
      )
      if (reason?._tag === "IncompleteWalk") assert.deepStrictEqual(reason.checkpoint, pages[0]?.checkpoint)
    })
  )

  it.effect("that counts more rows than came is incomplete", () =>
    Effect.gen(function* () {
      const found = yield* read(rowsOf(4), { maxSize: 5, total: 9 })
      assert.strictEqual(found.kind, "totalNotReached")
      assert.strictEqual((yield* read(rowsOf(4), { total: 5 })).kind, "totalNotReached")
      assert.strictEqual(found.items.length, 4)
    })
  )

  it.effect("without rows is complete, unless a list counts some", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* read([])).completion?.proof, "oneAnswer")
      assert.strictEqual((yield* read([], {}, { expectedCount: 0 })).completion?.proof, "oneAnswer")
      assert.strictEqual((yield* read([], {}, { expectedCount: 2 })).kind, "contradictedEmpty")
    })
  )

  it.effect("gives a row that comes twice once", () =>
    Effect.gen(function* () {
      const [first, second] = rowsOf(2)
      const { completion, items } = yield* read([first, second, first].flatMap((row) => row ?? []))
      assert.deepStrictEqual<unknown>(items, rowsOf(2))
      assert.deepStrictEqual(completion?.mended, ["1 rows came again, and were left out"])
    })
  )

  it.effect("refuses a maximum of no rows before the first request", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(3))
      for (const maxSize of [0, -1, 1.5, Number.NaN]) {
        const error = yield* Effect.flip(walk(server, Pagination.oneAnswer({ maxSize })))
        assert.strictEqual(error._tag, "InvalidRequest")
      }
      assert.strictEqual(server.requests.length, 0)
    })
  )

  it.effect("keeps rows that cannot be decoded, and counts them", () =>
    Effect.gen(function* () {
      const parts = [...rowsOf(1), { id: "bad" }]
      const { completion, kept } = yield* read(parts, { total: 2 }, { undecodable: "keep" })
      assert.strictEqual(completion?.count, 2)
      assert.deepStrictEqual(
        kept.map(({ index }) => index),
        [1]
      )
    })
  )
})

describe("a checkpoint of a listing in one answer", () => {
  it.effect.prop(
    "gives what was added behind its rows, with ids and without",
    { count: sizes, more: sizes, ids: Schema.Boolean },
    ({ count, ids, more }) =>
      Effect.gen(function* () {
        const { pages } = yield* read(rowsOf(count), { ids })
        const checkpoint = pages.at(-1)?.checkpoint
        const { items, pages: rest } = yield* read(rowsOf(count + more), { ids }, { from: checkpoint })
        assert.isNull(rest[0]?.restarted)
        assert.deepStrictEqual<unknown>(items, rowsOf(more, count))
        assert.deepInclude(rest.at(-1)?.completion, { proof: "oneAnswer", count: count + more })
      })
  )

  it.effect.each([
    { how: "rows came in front", now: [...rowsOf(1, 90), ...rowsOf(20)] },
    { how: "a row went", now: rowsOf(20).slice(1) },
    { how: "the last row went", now: rowsOf(19) },
    { how: "all rows are others", now: rowsOf(20, 50) }
  ])("starts again where $how", ({ now }) =>
    Effect.gen(function* () {
      for (const ids of [true, false]) {
        const { pages } = yield* read(rowsOf(20), { ids })
        const again = yield* read(now, { ids }, { from: pages.at(-1)?.checkpoint })
        assert.strictEqual(again.pages[0]?.restarted, "the rows of the checkpoint have moved")
        assert.deepStrictEqual<unknown>(again.items, now)
        assert.strictEqual(again.completion?.count, now.length)
      }
    })
  )

  it.effect("goes through JSON with its completion", () =>
    Effect.gen(function* () {
      const codec = Schema.fromJsonString(Page.Completion)
      const pages = yield* walk(serveRows("page", rowsOf(2)), Pagination.oneAnswer())
      const completion = completionOf(pages)
      assert.isNotNull(completion)
      if (completion === null) return
      const text = yield* Schema.encodeEffect(codec)(completion)
      assert.deepStrictEqual(yield* Schema.decodeEffect(codec)(text), completion)
    })
  )
})
