import { type Checkpoint, Pagination } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { byId, completionOf, itemsOf, oks, Refused, type Row, rowsOf } from "./listing.ts"

type Answer = Pagination.Received<Row> | Pagination.PastEnd<Refused>

interface Tokens {
  readonly asked: Array<string | null>
  readonly fetch: (request: Pagination.CursorRequest) => Effect.Effect<Answer>
}

/** A server whose answers are a function of the token. */
const tokens = (answer: (token: string | null, nth: number) => Answer): Tokens => {
  const asked: Array<string | null> = []
  return {
    asked,
    fetch: (request) =>
      Effect.sync(() => {
        asked.push(request.cursor)
        return answer(request.cursor, asked.length)
      })
  }
}

/** Serves a list by tokens that name the place of the next row; the last page gives none. */
const serveTokens = (rows: ReadonlyArray<Row>, size = 10, claims: Pagination.Claims = {}): Tokens =>
  tokens((token) => {
    const start = Number(token ?? 0)
    const end = start + size
    return Pagination.received(rows.slice(start, end), {
      ...claims,
      next: end < rows.length ? String(end) : null
    })
  })

const read = (
  server: Tokens,
  options: Pagination.CursorOptions = {},
  walk: Pagination.WalkOptions<Row> = {}
) => Stream.runCollect(Pagination.pages(Pagination.cursor(options), server.fetch, walk))

const kindOf = (error: { readonly _tag: string }): string =>
  "kind" in error && typeof error.kind === "string" ? error.kind : error._tag

describe("a listing with tokens", () => {
  it.effect.each([0, 1, 10, 25, 30])("of %s rows is read to its end, each page once", (count) =>
    Effect.gen(function* () {
      for (const key of [byId, undefined]) {
        const server = serveTokens(rowsOf(count))
        const pages = yield* read(server, {}, { key })
        assert.deepStrictEqual(itemsOf(pages), rowsOf(count))
        assert.strictEqual(completionOf(pages)?.proof, "noNext")
        assert.strictEqual(completionOf(pages)?.count, count)
        assert.strictEqual(server.asked.length, Math.max(1, Math.ceil(count / 10)))
      }
    })
  )

  it.effect.each([" ", "  a b ", "0", 0, 17, "=?&/%20", "null", "✓"])("takes %j as it is", (next) =>
    Effect.gen(function* () {
      const server = tokens((token) =>
        Pagination.received(rowsOf(1, token === null ? 0 : 1), { next: token === null ? next : null })
      )
      assert.deepStrictEqual(itemsOf(yield* read(server)), rowsOf(2))
      assert.deepStrictEqual(server.asked, [null, String(next)])
    })
  )

  it.effect.each(["", null, undefined])("ends on %j", (next) =>
    Effect.gen(function* () {
      const server = tokens(() => Pagination.received(rowsOf(3), { next }))
      assert.strictEqual(completionOf(yield* read(server))?.proof, "noNext")
      assert.strictEqual(server.asked.length, 1)
    })
  )

  it.effect("may have empty pages in the middle", () =>
    Effect.gen(function* () {
      const server = tokens((token) => {
        const nth = Number(token ?? 0)
        return Pagination.received(nth % 3 === 1 ? [] : rowsOf(2, nth * 2), {
          next: nth < 9 ? nth + 1 : null
        })
      })
      const pages = yield* read(server, {}, { key: byId })
      assert.strictEqual(itemsOf(pages).length, 14)
      assert.strictEqual(server.asked.length, 10)
    })
  )

  it.effect("may say the same over and over", () =>
    Effect.gen(function* () {
      const pages = yield* read(serveTokens(oks(95)))
      assert.deepStrictEqual(itemsOf(pages), oks(95))
    })
  )

  it.effect("whose total is not reached is incomplete", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(read(serveTokens(rowsOf(25), 10, { total: 30 })))
      assert.strictEqual(kindOf(error), "totalNotReached")
      const empty = yield* Effect.flip(read(serveTokens([]), {}, { expectedCount: 3 }))
      assert.strictEqual(kindOf(empty), "contradictedEmpty")
    })
  )

  it.effect("whose server refuses a token fails with that error", () =>
    Effect.gen(function* () {
      const refused = (cursor: string | null) => new Refused({ page: 2, offset: 0, size: null, cursor })
      const server = tokens((token) =>
        token === null
          ? Pagination.received(rowsOf(3), { next: "a" })
          : Pagination.pastEnd(refused(token), true)
      )
      assert.strictEqual((yield* Effect.flip(read(server)))._tag, "Refused")
    })
  )
})

describe("tokens that go round", () => {
  it.effect.each([1, 2, 3, 4, 5])("in a cycle of %s are found at once", (length) =>
    Effect.gen(function* () {
      let place = 0
      const server = tokens((_, nth) =>
        Pagination.received(rowsOf(2, place++ * 2), { next: `t${nth % length}` })
      )
      const error = yield* Effect.flip(read(server, {}, { key: byId }))
      assert.strictEqual(kindOf(error), "repeatedToken")
      assert.strictEqual(server.asked.length, length + 1)
    })
  )

  it.effect("beyond what is remembered are still found", () =>
    Effect.gen(function* () {
      const start = 12_000
      const server = tokens((_, nth) =>
        Pagination.received(rowsOf(1, nth), { next: nth < start ? nth : start + (nth % 3) })
      )
      const strategy = Pagination.cursor()
      const error = yield* Effect.flip(
        Stream.runDrain(Pagination.pages(strategy, server.fetch, { key: byId }))
      )
      assert.strictEqual(kindOf(error), "repeatedToken")
      assert.isBelow(server.asked.length, 2 * start)
    })
  )

  it.effect("may mean the end for now, where the listing says so", () =>
    Effect.gen(function* () {
      const server = tokens((token) =>
        Pagination.received(token === "tail" ? [] : rowsOf(2), { next: "tail" })
      )
      const pages = yield* read(server, { repeatedTokenEnds: true }, { key: byId })
      assert.deepStrictEqual(itemsOf(pages), rowsOf(2))
      assert.strictEqual(completionOf(pages)?.proof, "noNext")
      assert.strictEqual(server.asked.length, 2)
    })
  )

  it.effect("never, but bring nothing, are given up within bounds", () =>
    Effect.gen(function* () {
      const server = tokens((_, nth) => Pagination.received(nth === 1 ? rowsOf(2) : [], { next: nth }))
      assert.strictEqual(kindOf(yield* Effect.flip(read(server, {}, { key: byId }))), "endlessEmptyPages")
      assert.isAtMost(server.asked.length, 25)
    })
  )

  it.effect.each([1, 2, 3])("never, but bring the same %s pages, are given up within bounds", (length) =>
    Effect.gen(function* () {
      for (const key of [byId, undefined]) {
        const server = tokens((_, nth) => Pagination.received(rowsOf(5, (nth % length) * 5), { next: nth }))
        const strategy = Pagination.cursor()
        const emitted: Array<Row> = []
        const error = yield* Pagination.items(Pagination.pages(strategy, server.fetch, { key })).pipe(
          Stream.runForEach((row) => Effect.sync(() => emitted.push(row))),
          Effect.flip
        )
        assert.strictEqual(kindOf(error), "repeatedPage")
        assert.isAtMost(server.asked.length, 25 + length)
        if (key !== undefined) assert.strictEqual(emitted.length, 5 * length)
      }
    })
  )
})

describe("a walk by tokens that goes on from a checkpoint", () => {
  const resume = (server: Tokens, from: Checkpoint | undefined, key?: typeof byId) =>
    read(server, {}, { from, key })

  it.effect.each([25, 30, 1, 0])("of %s rows gives the rest", (count) =>
    Effect.gen(function* () {
      for (const key of [byId, undefined]) {
        const pages = yield* read(serveTokens(rowsOf(count)), {}, { key })
        for (const [index, page] of pages.entries()) {
          const server = serveTokens(rowsOf(count))
          const rest = yield* resume(server, page.checkpoint, key)
          assert.deepStrictEqual(itemsOf(rest), rowsOf(count).slice(page.start + page.items.length))
          assert.strictEqual(completionOf(rest)?.count, count)
          assert.isTrue(rest.every(({ restarted }) => restarted === null))
          // The last page is read again: its last row shows where the list stands.
          assert.strictEqual(server.asked.length, pages.length - index)
        }
      }
    })
  )

  it.effect("at its end reads only what is new", () =>
    Effect.gen(function* () {
      for (const key of [byId, undefined]) {
        const whole = yield* read(serveTokens(rowsOf(25)), {}, { key })
        const server = serveTokens(rowsOf(33))
        const rest = yield* resume(server, whole.at(-1)?.checkpoint, key)
        assert.deepStrictEqual(itemsOf(rest), rowsOf(8, 25))
        assert.deepStrictEqual(server.asked, ["20", "30"])
      }
    })
  )

  it.effect("starts again, and says so, where its token is refused or its rows are gone", () =>
    Effect.gen(function* () {
      const whole = yield* read(serveTokens(rowsOf(25)))
      const refusing = tokens((token, nth) =>
        nth === 1
          ? Pagination.pastEnd(new Refused({ page: 2, offset: 0, size: null, cursor: token }), false)
          : Pagination.received(rowsOf(25), { next: null })
      )
      const again = yield* resume(refusing, whole[0]?.checkpoint)
      assert.include(again[0]?.restarted ?? "", "no longer takes the cursor")
      assert.deepStrictEqual(itemsOf(again), rowsOf(25))
      assert.deepStrictEqual(refusing.asked, [null, null])
      const gone = yield* resume(serveTokens(rowsOf(25, 500)), whole.at(-1)?.checkpoint)
      assert.include(gone[0]?.restarted ?? "", "gone")
      assert.deepStrictEqual(itemsOf(gone), rowsOf(25, 500))
    })
  )
})
