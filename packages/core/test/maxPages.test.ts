import { type Checkpoint, type IncompleteWalk, type Page, Pagination } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Stream } from "effect"
import {
  type Asked,
  askedOf,
  byId,
  type Refused,
  type Row,
  rowsOf,
  serve,
  type Server,
  serveRows
} from "./listing.ts"
import { patient } from "./patience.ts"

/** A list that has as many rows as anybody asks for. */
const endless = (paging: "page" | "offset", count = 100_000): Server => {
  const rows = rowsOf(count)
  return serve({ paging, rows: () => rows })
}

/** The same by tokens. */
const endlessTokens = (): Server => {
  const requests: Array<Asked> = []
  return {
    requests,
    fetch: (request) =>
      Effect.sync(() => {
        const asked = askedOf(request)
        requests.push(asked)
        const start = Number(asked.cursor ?? 0)
        return Pagination.received(rowsOf(10, start), { next: start + 10 })
      })
  }
}

const ends = ["emptyPage"] as const
const kinds = [
  { by: "page numbers", make: Pagination.pageNumber({ size: 10, ends }), server: () => endless("page") },
  { by: "windows", make: Pagination.pageNumber({ size: 20, ends }), server: () => endless("page") },
  { by: "offsets", make: Pagination.offset({ size: 10, ends }), server: () => endless("offset") },
  { by: "tokens", make: Pagination.cursor(), server: endlessTokens }
]
const cases = kinds.flatMap((kind) => [1, 8].map((concurrency) => Object.assign({ concurrency }, kind)))

/** What a walk emitted, and how it failed. */
const read = Effect.fnUntraced(function* (
  server: Server,
  strategy: Pagination.Strategy,
  options: Pagination.WalkOptions<Row>
) {
  const pages: Array<Page.Page<Row>> = []
  const result = yield* Pagination.pages(strategy, server.fetch, options).pipe(
    Stream.runForEach((page) => Effect.sync(() => pages.push(page))),
    Effect.result,
    patient
  )
  return { pages, items: pages.flatMap(({ items }) => items), failure: failureOf(result) }
})

const failureOf = <A>(
  result: Result.Result<A, IncompleteWalk | { readonly _tag: "InvalidRequest" } | Refused>
) => (Result.isFailure(result) && result.failure._tag === "IncompleteWalk" ? result.failure : undefined)

describe("a walk with a bound of pages", () => {
  it.effect.each(cases)(
    "by $by, $concurrency at once, emits so many and asks for no more",
    ({ concurrency, make, server: serverOf }) =>
      Effect.gen(function* () {
        for (const key of [byId, undefined]) {
          const server = serverOf()
          const options = { key, concurrency, maxPages: 5 }
          const { failure, items, pages } = yield* read(server, make, options)
          assert.strictEqual(pages.length, 5)
          assert.deepStrictEqual(items, rowsOf(items.length))
          assert.strictEqual(failure?.kind, "pageLimit")
          assert.include(failure?.evidence, "5 pages")
          assert.deepStrictEqual(failure?.checkpoint, pages.at(-1)?.checkpoint)
          // An offset listing without overlap asks once more what lies behind its first page.
          assert.isAtMost(server.requests.length, 6)
        }
      })
  )

  it.effect.each(cases)(
    "by $by, $concurrency at once, is gone on with from where it stopped",
    ({ concurrency, make, server: serverOf }) =>
      Effect.gen(function* () {
        const strategy = make
        const server = serverOf()
        const found: Array<Row> = []
        let from: Checkpoint | undefined
        for (let turn = 0; turn < 6; turn++) {
          const { failure, items } = yield* read(server, strategy, {
            key: byId,
            concurrency,
            maxPages: turn % 2 === 0 ? 1 : 3,
            from
          })
          assert.strictEqual(failure?.kind, "pageLimit")
          found.push(...items)
          from = failure?.checkpoint
        }
        assert.deepStrictEqual(found, rowsOf(found.length))
        assert.isAtLeast(found.length, 100)
      })
  )

  it.effect("ends as ever where the listing ends before", () =>
    Effect.gen(function* () {
      for (const paging of ["page", "offset"] as const) {
        const of = paging === "page" ? Pagination.pageNumber : Pagination.offset
        const strategy: Pagination.Strategy = of({ size: 10, ends })
        const { failure, pages } = yield* read(serveRows(paging, rowsOf(25)), strategy, {
          key: byId,
          maxPages: 4
        })
        assert.isUndefined(failure)
        assert.strictEqual(pages.at(-1)?.completion?.count, 25)
      }
    })
  )

  it.effect("ends where the last page that it may read proves the end", () =>
    Effect.gen(function* () {
      const strategy = Pagination.pageNumber({ size: 10, ends: ["total"] })
      const server = serveRows("page", rowsOf(30), { total: () => 30 })
      const { failure, pages } = yield* read(server, strategy, { key: byId, maxPages: 3 })
      assert.isUndefined(failure)
      assert.strictEqual(pages.at(-1)?.completion?.proof, "total")
    })
  )

  it.effect("holds for each reading where readings have to agree", () =>
    Effect.gen(function* () {
      const strategy = Pagination.pageNumber({ size: 10, ends: ["emptyPage"] })
      const short = yield* read(endless("page"), strategy, { key: byId, verify: true, maxPages: 5 })
      assert.deepStrictEqual([short.failure?.kind, short.items], ["pageLimit", rowsOf(50)])
      const whole = yield* read(serveRows("page", rowsOf(45)), strategy, {
        key: byId,
        verify: true,
        maxPages: 6
      })
      assert.isUndefined(whole.failure)
      assert.isTrue(whole.pages.at(-1)?.completion?.verified)
    })
  )

  it.effect.each([Number.NaN, 0, -1, 1.5, Infinity])("is not begun with maxPages %s", (maxPages) =>
    Effect.gen(function* () {
      const strategy = Pagination.pageNumber({ size: 10, ends: ["emptyPage"] })
      const walk = Stream.runDrain(Pagination.pages(strategy, endless("page", 10).fetch, { maxPages }))
      const error = yield* Effect.flip(walk)
      assert.strictEqual(error._tag, "InvalidRequest")
      if (error._tag === "InvalidRequest") assert.include(error.message, "maxPages must be a whole number")
    })
  )

  it("is set by a source for all its listings, and by a call for its own", () => {
    assert.strictEqual(Pagination.readOptions({ maxPages: 7 }).maxPages, 7)
    assert.strictEqual(Pagination.readOptions({ maxPages: 7 }, { maxPages: 2 }).maxPages, 2)
  })
})
