import { Pagination } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { type AnyRequest, itemsOf, rowsOf, serveRows, walk } from "./listing.ts"

/** What a walk says of a strategy that it refuses, which it does before anything is asked for. */
const refusalOf = Effect.fnUntraced(function* (strategy: Pagination.Strategy) {
  const server = serveRows("page", rowsOf(3))
  const errors = yield* Effect.forEach([{}, { verify: true }, { concurrency: 4 }], (options) =>
    Effect.flip(walk(server, strategy, options))
  )
  assert.strictEqual(server.requests.length, 0)
  const refusals = errors.filter((error) => error._tag === "InvalidRequest")
  assert.strictEqual(refusals.length, errors.length)
  return refusals.map(({ message }) => message).join()
})

describe("a strategy", () => {
  it.effect.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 101, 2 ** 60])(
    "refuses a page size of %s where the vendor's maximum is 100",
    (size) =>
      Effect.gen(function* () {
        const byPage = yield* refusalOf(Pagination.pageNumber({ size, maxSize: 100, ends: ["emptyPage"] }))
        const byOffset = yield* refusalOf(Pagination.offset({ size, maxSize: 100, ends: ["emptyPage"] }))
        const byCursor = yield* refusalOf(Pagination.cursor({ size, maxSize: 100 }))
        for (const message of [byPage, byOffset, byCursor]) assert.include(message, "1 to 100")
      })
  )

  it.effect("takes the vendor's maximum itself", () =>
    Effect.gen(function* () {
      const strategy = Pagination.pageNumber({ size: 100, maxSize: 100, ends: ["emptyPage"] })
      const pages = yield* walk(serveRows("page", rowsOf(3)), strategy)
      assert.deepStrictEqual(itemsOf(pages), rowsOf(3))
    })
  )

  it.effect("that could not end is refused", () =>
    Effect.gen(function* () {
      assert.include(yield* refusalOf(Pagination.pageNumber({ size: 10, ends: [] })), "at least one proof")
      assert.include(yield* refusalOf(Pagination.offset({ size: 10, ends: [] })), "at least one proof")
    })
  )

  it.effect("of offsets needs a page size", () =>
    Effect.gen(function* () {
      assert.include(yield* refusalOf(Pagination.offset({ ends: ["emptyPage"] })), "needs a page size")
    })
  )
})

/** Two pages of rows that overlap; nothing behind them. */
const rowsFor = (request: AnyRequest): ReadonlyArray<string> => {
  const place =
    "page" in request
      ? request.page - 1
      : "offset" in request
        ? request.offset
        : "cursor" in request && request.cursor !== null
          ? 1
          : 0
  return (
    [
      ["a", "b"],
      ["b", "c"]
    ][place] ?? []
  )
}

describe("a request", () => {
  const ends = ["emptyPage"] as const
  const kinds: ReadonlyArray<{ by: string; strategy: Pagination.Strategy; asks: ReadonlyArray<AnyRequest> }> =
    [
      {
        by: "page number",
        strategy: Pagination.pageNumber({ size: 2, ends }),
        asks: [
          { page: 1, size: 2 },
          { page: 2, size: 2 }
        ]
      },
      {
        by: "page number, of the server's size",
        strategy: Pagination.pageNumber({ ends }),
        asks: [
          { page: 1, size: null },
          { page: 2, size: null }
        ]
      },
      {
        by: "offset",
        strategy: Pagination.offset({ size: 2, ends }),
        asks: [
          { offset: 0, size: 2 },
          { offset: 1, size: 2 }
        ]
      },
      {
        by: "cursor",
        strategy: Pagination.cursor({ size: 2 }),
        asks: [
          { cursor: null, size: 2 },
          { cursor: "t1", size: 2 }
        ]
      }
    ]

  it.effect.each(kinds)("by $by has the fields of its strategy, and no others", ({ asks, strategy }) =>
    Effect.gen(function* () {
      const asked: Array<AnyRequest> = []
      const firsts: Array<boolean> = []
      const pages = Pagination.pages(strategy, (request, isFirst) =>
        Effect.sync(() => {
          asked.push(request)
          firsts.push(isFirst)
          return Pagination.received(rowsFor(request), { next: `t${asked.length}` })
        })
      )
      yield* Stream.runDrain(Stream.take(pages, 2))
      assert.deepStrictEqual(asked.slice(0, 2), asks)
      assert.deepStrictEqual(firsts.slice(0, 2), [true, false])
    })
  )
})
