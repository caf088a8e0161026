import { Checkpoint, Pagination } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import {
  byId,
  completionOf,
  itemsOf,
  type Manners,
  oks,
  type Row,
  rowsOf,
  serve,
  serveRows,
  type Server,
  walk
} from "./listing.ts"

const Stored = Schema.fromJsonString(Schema.toCodecJson(Checkpoint))

/** A checkpoint as another process finds it. */
const stored = (checkpoint: Checkpoint) =>
  Effect.flatMap(Schema.encodeEffect(Stored)(checkpoint), Schema.decodeEffect(Stored))

const strategies = [
  { name: "page numbers", paging: "page", ends: ["emptyPage"], total: false },
  { name: "page numbers with a total", paging: "page", ends: ["total"], total: true },
  { name: "page numbers that end on an error", paging: "page", ends: ["endOfPagesError"], total: false },
  { name: "offsets", paging: "offset", ends: ["emptyPage"], total: false },
  { name: "offsets with a total", paging: "offset", ends: ["total"], total: true },
  { name: "offsets that end on an error", paging: "offset", ends: ["endOfPagesError"], total: false }
] as const

const lists = [
  { what: "with ids", count: 45, key: byId },
  { what: "with ids", count: 40, key: byId },
  { what: "without ids", count: 45, key: undefined },
  { what: "of the same words", count: 33, key: undefined }
] as const

const cases = strategies.flatMap((strategy) =>
  lists.flatMap((list) =>
    [2, 7, 10, 50].flatMap((size) =>
      [1, 3].map((concurrency) => Object.assign({ size, concurrency }, strategy, list))
    )
  )
)

const make = ({ ends, paging, size }: Pick<(typeof cases)[number], "ends" | "paging" | "size">) =>
  (paging === "page" ? Pagination.pageNumber : Pagination.offset)({ size, ends })

describe("a walk that goes on from a checkpoint", () => {
  it.effect.each(cases)(
    "of $name, $count rows $what by $size, $concurrency at once, gives the rest",
    (given) =>
      Effect.gen(function* () {
        const rows = given.what === "of the same words" ? oks(given.count) : rowsOf(given.count)
        const manners: Partial<Manners> = {
          total: () => (given.total ? given.count : null),
          pastEnd: given.ends[0] === "endOfPagesError" ? "documentedError" : "empty"
        }
        const options = { key: given.key, concurrency: given.concurrency }
        const strategy = make(given)
        const whole = serveRows(given.paging, rows, manners)
        const pages = yield* walk(whole, strategy, options)
        for (const [index, page] of pages.entries()) {
          const server = serveRows(given.paging, rows, manners)
          const from = yield* stored(page.checkpoint)
          assert.deepStrictEqual(from, page.checkpoint)
          const rest = yield* walk(server, strategy, { ...options, from })
          assert.deepStrictEqual(itemsOf(rest), rows.slice(page.start + page.items.length))
          assert.isTrue(rest.every(({ restarted }) => restarted === null))
          assert.strictEqual(completionOf(rest)?.proof, completionOf(pages)?.proof)
          assert.strictEqual(completionOf(rest)?.count, given.count)
          // The last page read again, and what follows it; behind the end, one request to make sure.
          const left = pages.length - index - 1
          assert.isAtMost(
            server.requests.length,
            1 + left + (left === 0 ? 1 : 0) + 2 * (given.concurrency - 1) + 1
          )
        }
      })
  )
})

const afterPages = (server: Server, strategy: Pagination.Strategy, count: number, ids: boolean) =>
  Pagination.pages(strategy, server.fetch, ids ? { key: byId } : {}).pipe(
    Stream.take(count),
    Stream.runCollect,
    Effect.flatMap((pages) =>
      Effect.map(Effect.fromNullishOr(pages.at(-1)), ({ checkpoint }) => ({
        checkpoint,
        rows: itemsOf(pages)
      }))
    )
  )

const changes: ReadonlyArray<{
  readonly what: string
  readonly list: ReadonlyArray<Row>
  /** The number behind the last old or appended row. */
  readonly end: number
}> = [
  { what: "rows appended", list: rowsOf(48), end: 48 },
  { what: "a row inserted at its head", list: [...rowsOf(1, 900), ...rowsOf(45)], end: 45 },
  { what: "12 rows inserted at its head", list: [...rowsOf(12, 900), ...rowsOf(45)], end: 45 },
  { what: "25 rows inserted at its head", list: [...rowsOf(25, 900), ...rowsOf(45)], end: 45 },
  { what: "3 rows removed before", list: rowsOf(42, 3), end: 45 },
  { what: "13 rows removed before", list: rowsOf(32, 13), end: 45 },
  {
    what: "one removed and one appended",
    list: rowsOf(45, 1),
    end: 46
  }
]

describe("a walk that goes on over a changed list", () => {
  it.effect.each(
    changes.flatMap((change) =>
      strategies
        .filter(({ total }) => !total)
        .flatMap((strategy) => [true, false].map((ids) => Object.assign({ ids }, change, strategy)))
    )
  )("of $name (ids $ids), with $what, finds its place", (given) =>
    Effect.gen(function* () {
      const strategy = make({ ...given, size: 10 })
      const pastEnd = given.ends[0] === "endOfPagesError" ? "documentedError" : "empty"
      const before = yield* afterPages(serveRows(given.paging, rowsOf(45)), strategy, 2, given.ids)
      const server = serveRows(given.paging, given.list, { pastEnd })
      const from = yield* stored(before.checkpoint)
      const pages = yield* walk(server, strategy, { from, key: given.ids ? byId : undefined })
      const read = before.rows.length
      assert.deepStrictEqual(itemsOf(pages), rowsOf(given.end - read, read))
      assert.isTrue(pages.every(({ restarted }) => restarted === null))
      assert.isAtMost(server.requests.length, 7 + 7)
    })
  )

  it.effect.each([...strategies])("of $name starts again, and says so, where its rows are gone", (given) =>
    Effect.gen(function* () {
      const strategy = make({ ...given, size: 10 })
      const manners: Partial<Manners> = {
        pastEnd: given.ends[0] === "endOfPagesError" ? "undocumentedError" : "empty"
      }
      const before = yield* afterPages(serveRows(given.paging, rowsOf(45)), strategy, 3, true)
      for (const list of [rowsOf(35, 500), rowsOf(8, 500)]) {
        const server = serveRows(given.paging, list, {
          ...manners,
          total: () => (given.total ? list.length : null)
        })
        const pages = yield* walk(server, strategy, { from: before.checkpoint, key: byId })
        assert.deepStrictEqual(itemsOf(pages), list)
        assert.include(pages[0]?.restarted ?? "", "gone")
        assert.deepStrictEqual(
          pages.slice(1).map(({ restarted }) => restarted),
          pages.slice(1).map(() => null)
        )
        assert.strictEqual(pages[0]?.start, 0)
      }
    })
  )
})

describe("a checkpoint that does not fit", () => {
  it.effect(
    "starts again where the listing, the filter, the paging or the size is another, and says so",
    () =>
      Effect.gen(function* () {
        const first = Pagination.pageNumber({ size: 10, ends: ["emptyPage"] })
        const { checkpoint } = yield* afterPages(serveRows("page", rowsOf(45)), first, 2, true)
        const smaller = Pagination.pageNumber({ size: 5, ends: ["emptyPage"] })
        const offsets = Pagination.offset({ size: 10, ends: ["emptyPage"] })
        const others = [
          { strategy: first, paging: "page", identity: "another filter" },
          { strategy: smaller, paging: "page", identity: undefined },
          { strategy: offsets, paging: "offset", identity: undefined }
        ] as const
        for (const { identity, paging, strategy } of others) {
          const pages = yield* walk(serveRows(paging, rowsOf(45)), strategy, {
            from: checkpoint,
            identity,
            key: byId
          })
          assert.deepStrictEqual(itemsOf(pages), rowsOf(45))
          assert.include(pages[0]?.restarted ?? "", "another listing, filter or page size")
          assert.isTrue(pages.slice(1).every(({ restarted }) => restarted === null))
        }
      })
  )

  it.effect("of another version is refused by its schema", () =>
    Effect.gen(function* () {
      const strategy = Pagination.pageNumber({ size: 10, ends: ["emptyPage"] })
      const { checkpoint } = yield* afterPages(serveRows("page", rowsOf(45)), strategy, 2, true)
      const old = JSON.stringify({ ...checkpoint, version: 1 })
      assert.strictEqual((yield* Effect.flip(Schema.decodeEffect(Stored)(old)))._tag, "SchemaError")
    })
  )
})

describe("a walk that goes on from its end", () => {
  it.effect.each([...strategies])("of $name reads only what is new", (given) =>
    Effect.gen(function* () {
      const strategy = make({ ...given, size: 10 })
      const pastEnd = given.ends[0] === "endOfPagesError" ? "documentedError" : "empty"
      for (const count of [45, 40]) {
        const manners = { pastEnd, total: () => (given.total ? count : null) } as const
        const whole = yield* walk(serveRows(given.paging, rowsOf(count), manners), strategy, { key: byId })
        const from = yield* stored(whole.at(-1)?.checkpoint ?? (yield* Effect.die("no page")))
        const same = serveRows(given.paging, rowsOf(count), manners)
        const nothing = yield* walk(same, strategy, { from, key: byId })
        assert.deepStrictEqual(itemsOf(nothing), [])
        assert.strictEqual(completionOf(nothing)?.count, count)
        assert.isAtMost(same.requests.length, 2)
        const grown = serve({
          paging: given.paging,
          rows: () => rowsOf(count + 3),
          ...manners,
          total: () => (given.total ? count + 3 : null)
        })
        const news = yield* walk(grown, strategy, { from, key: byId })
        assert.deepStrictEqual(itemsOf(news), rowsOf(3, count))
        assert.isAtMost(grown.requests.length, 3)
      }
    })
  )
})
