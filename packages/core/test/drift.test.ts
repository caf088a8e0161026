import { Pagination } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Result, Schema, Stream } from "effect"
import { byId, completionOf, itemsOf, oks, rowsOf, serve, serveRows, walk, walkPages } from "./listing.ts"

describe("a list that changes while it is read", () => {
  it.effect("newest first, and growing by less than a page, repeats no row", () =>
    Effect.gen(function* () {
      const server = serve({
        paging: "page",
        rows: (nth) => [...rowsOf(2 * (nth - 1), 1000).toReversed(), ...rowsOf(40)]
      })
      const rows = itemsOf(yield* walkPages(server, ["emptyPage"], { key: byId }))
      assert.deepStrictEqual(rows, rowsOf(40))
    })
  )

  it.effect.each([1, 3, 5, 9, 11, 12, 19, 25])(
    "newest first, and growing by %s rows at once, repeats no row, and ends only with every old one",
    (grown) =>
      Effect.gen(function* () {
        const server = serve({
          paging: "page",
          rows: (nth) => [...(nth === 1 ? [] : rowsOf(grown, 1000)), ...rowsOf(40)]
        })
        const strategy = Pagination.pageNumber({ size: 10, ends: ["emptyPage"] })
        const ids: Array<string> = []
        const result = yield* Pagination.items(Pagination.pages(strategy, server.fetch, { key: byId })).pipe(
          Stream.runForEach((row) => Effect.sync(() => ids.push(row.id))),
          Effect.result
        )
        assert.strictEqual(new Set(ids).size, ids.length)
        if (Result.isSuccess(result)) assert.includeMembers(ids, rowsOf(40).map(byId))
        else assert.strictEqual(result.failure._tag, "IncompleteWalk")
      })
  )

  it.effect("whose page repeats within itself gives each row once", () =>
    Effect.gen(function* () {
      const doubled = [...rowsOf(5), ...rowsOf(5), ...rowsOf(5, 5)]
      const rows = itemsOf(yield* walkPages(serveRows("page", doubled), ["emptyPage"], { key: byId }))
      assert.deepStrictEqual(rows, rowsOf(10))
    })
  )

  it.effect("oldest first, and growing, is read to its new end", () =>
    Effect.gen(function* () {
      const server = serve({ paging: "offset", rows: (nth) => rowsOf(Math.min(25 + nth * 3, 60)) })
      const strategy = Pagination.offset({ size: 10, ends: ["emptyPage"] })
      const pages = yield* walk(server, strategy)
      assert.deepStrictEqual(itemsOf(pages), rowsOf(Math.min(25 + server.requests.length * 3, 60)))
    })
  )

  it.effect.each([true, false])(
    "that loses a row before the place read is mended by its total (ids %s)",
    (ids) =>
      Effect.gen(function* () {
        const server = serve({
          paging: "page",
          rows: (nth) => (nth < 3 ? rowsOf(40) : rowsOf(39, 1)),
          total: (nth) => (nth < 3 ? 40 : 39)
        })
        const pages = yield* walkPages(server, ["total"], ids ? { key: byId } : {})
        assert.deepStrictEqual(itemsOf(pages), rowsOf(40))
        assert.include(completionOf(pages)?.mended.join(), "the listing moved 1 times")
      })
  )

  it.effect("does not end on a total from before it moved, even where nothing else ends it", () =>
    Effect.gen(function* () {
      const server = serve({
        paging: "offset",
        rows: (nth) => [...(nth === 1 ? [] : rowsOf(3, 900)), ...rowsOf(28)],
        total: (nth) => (nth === 1 ? 28 : null)
      })
      const strategy = Pagination.offset({ size: 10, ends: ["total"] })
      const ids: Array<string> = []
      const error = yield* Pagination.items(Pagination.pages(strategy, server.fetch, { key: byId })).pipe(
        Stream.runForEach((row) => Effect.sync(() => ids.push(row.id))),
        Effect.flip
      )
      assert.strictEqual(error._tag, "IncompleteWalk")
      assert.deepStrictEqual(ids, rowsOf(28).map(byId))
    })
  )

  it.effect.each(["empty", "documentedError", "undocumentedError"] as const)(
    "does not end where a known row should be, when it has shrunk for one answer only (%s)",
    (pastEnd) =>
      Effect.gen(function* () {
        const server = serve({
          paging: "offset",
          rows: (nth) => rowsOf(34).slice(nth === 5 ? 3 : 0),
          pastEnd
        })
        const strategy = Pagination.offset({ size: 9, ends: ["emptyPage", "endOfPagesError"] })
        const result = yield* Effect.result(walk(server, strategy))
        if (Result.isSuccess(result)) assert.deepStrictEqual(itemsOf(result.success), rowsOf(34))
        assert.isAtMost(server.requests.length, 12)
      })
  )
})

describe("any honest or clamping server", () => {
  const Case = Schema.Struct({
    count: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 120 })),
    size: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 40 })),
    clamp: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 40 })),
    paging: Schema.Literals(["page", "offset"]),
    clampedStarts: Schema.Literals(["served", "asked"]),
    pastEnd: Schema.Literals(["empty", "documentedError", "undocumentedError"]),
    claims: Schema.Literals(["none", "total", "totalOnce", "pageTotal"]),
    ids: Schema.Literals(["ids", "distinct", "equal"])
  })

  it.effect.prop(
    "gives every row exactly once, in order",
    { given: Arbitrary.schema(Case) },
    ({ given }) =>
      Effect.gen(function* () {
        const rows = given.ids === "equal" ? oks(given.count) : rowsOf(given.count)
        const server = serveRows(given.paging, rows, {
          clamp: given.clamp,
          clampedStarts: given.clampedStarts,
          pastEnd: given.count === 0 && given.pastEnd === "undocumentedError" ? "empty" : given.pastEnd,
          total: (nth, page) => {
            if (given.claims === "total" || (given.claims === "totalOnce" && nth === 1)) return given.count
            return given.claims === "pageTotal" ? page.length : null
          }
        })
        const make = given.paging === "page" ? Pagination.pageNumber : Pagination.offset
        const strategy = make({
          size: given.size,
          ends: ["total", "emptyPage", "endOfPagesError"],
          totalMayCountPage: given.claims === "pageTotal"
        })
        const read = yield* Effect.result(walk(server, strategy, given.ids === "ids" ? { key: byId } : {}))
        assert.isTrue(Result.isSuccess(read))
        if (Result.isSuccess(read)) assert.deepStrictEqual(itemsOf(read.success), rows)
        const served = Math.min(given.size, given.clamp)
        // Offsets overlap by one row, and ask behind each short page once.
        const advance = given.paging === "page" ? served : Math.max(1, served - 1)
        assert.isAtMost(server.requests.length, given.count / advance + 8)
      }),
    { arbitrary: { runs: 1500, seed: 1 } }
  )
})
