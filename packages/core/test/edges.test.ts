/**
 * Edges at which rows were once lost, or a walk got no further, and nothing said so.
 */
import { Pagination } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import {
  askedOf,
  byId,
  completionOf,
  itemsOf,
  Refused,
  type Manners,
  type Row,
  rowsOf,
  serve,
  serveRows,
  type Server,
  walk,
  walkPages
} from "./listing.ts"
import { patient } from "./patience.ts"

const kindOf = (error: { readonly _tag: string }): string =>
  "kind" in error && typeof error.kind === "string" ? error.kind : error._tag

/** Walks one page at a time, each from the checkpoint of the one before. */
const pageByPage = Effect.fnUntraced(function* (
  server: Server,
  strategy: Pagination.Strategy,
  key: typeof byId | undefined
) {
  const rows: Array<Row> = []
  let from: Pagination.ReadOptions["from"]
  for (let calls = 0; calls < 40; calls++) {
    const [page] = yield* Pagination.pages(strategy, server.fetch, { key, from }).pipe(
      Stream.take(1),
      Stream.runCollect,
      patient
    )
    if (page === undefined) return yield* Effect.die("no page")
    rows.push(...page.items)
    if (page.completion !== null) return { rows, calls }
    from = page.checkpoint
  }
  return { rows, calls: Infinity }
})

describe("one page for each call of a function", () => {
  const listings: ReadonlyArray<{
    readonly what: string
    readonly size: number | null
    readonly key: typeof byId | undefined
    readonly manners: Partial<Manners>
  }> = [
    { what: "ids and no total", size: 25, key: byId, manners: {} },
    { what: "ids and a total", size: 25, key: byId, manners: { total: () => 130 } },
    { what: "small pages with ids", size: 10, key: byId, manners: {} },
    {
      what: "a last page and no ids",
      size: null,
      key: undefined,
      manners: { ownSize: 15, lastPage: () => 9, namesPage: true }
    }
  ]
  it.effect.each(listings)("gets to the end of a listing with $what", ({ key, manners, size }) =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(130), manners)
      const strategy = Pagination.pageNumber({ size, ends: ["total", "lastPage", "emptyPage"] })
      const { calls, rows } = yield* pageByPage(server, strategy, key)
      assert.deepStrictEqual(rows, rowsOf(130))
      assert.isAtMost(calls, 15)
    })
  )
})

describe("a walk that goes on after rows that it has read were removed", () => {
  it.effect("reads to the end, by page numbers with ids and a total", () =>
    Effect.gen(function* () {
      const strategy = Pagination.pageNumber({ size: 2, ends: ["total", "emptyPage"] })
      for (const taken of [1, 2, 3, 4]) {
        for (const removed of [1, 2]) {
          const before = serveRows("page", rowsOf(10), { total: () => 10 })
          const first = yield* Pagination.pages(strategy, before.fetch, { key: byId }).pipe(
            Stream.take(taken),
            Stream.runCollect
          )
          const left = rowsOf(10).slice(removed)
          const after = serveRows("page", left, { total: () => left.length })
          const rest = yield* walk(after, strategy, { key: byId, from: first.at(-1)?.checkpoint })
          const read = rest[0]?.restarted == null ? [...itemsOf(first), ...itemsOf(rest)] : itemsOf(rest)
          assert.includeDeepMembers([...read], [...left], `${taken} pages, ${removed} removed`)
        }
      }
    })
  )
})

describe("a page that comes short, and fills up before the next is asked for", () => {
  const grown = [1, 3, 7, 12]
  it.effect.each([
    { what: "ids", size: 10, key: byId },
    { what: "ids and windows", size: 20, key: byId },
    { what: "neither ids nor a size", size: null, key: undefined }
  ])("leaves no hole (with $what)", ({ key, size }) =>
    Effect.gen(function* () {
      for (const count of [1, 2, 3, 7, 14, 25, 58]) {
        for (const more of grown) {
          const last = Math.ceil(count / (size ?? 10))
          const server = serve({
            paging: "page",
            rows: (nth) => rowsOf(nth <= last ? count : count + more),
            ...(size === null ? { ownSize: 10 } : {})
          })
          const rows = itemsOf(yield* walkPages(server, ["emptyPage"], { size, key }))
          assert.deepStrictEqual(rows, rowsOf(rows.length), `${count} and ${more}`)
          assert.isAtLeast(rows.length, count)
        }
      }
    })
  )
})

describe("a refusal that no document names", () => {
  const refuseOnce = (page: number, manners: Partial<Manners> = {}): Server => {
    const server = serveRows("page", rowsOf(25), manners)
    let refused = false
    return {
      requests: server.requests,
      fetch: (request) => {
        const asked = askedOf(request)
        if (asked.page !== page || refused) return server.fetch(request)
        refused = true
        return Effect.succeed(Pagination.pastEnd(new Refused(asked), false))
      }
    }
  }

  it.effect.each([2, 3])("that passes is no end, of page %s", (page) =>
    Effect.gen(function* () {
      const pages = yield* walkPages(refuseOnce(page), ["emptyPage", "endOfPagesError"], { key: byId })
      assert.deepStrictEqual(itemsOf(pages), rowsOf(25))
    })
  )

  it.effect("is no end on the page that the vendor calls the last", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(10), { lastPage: () => 2, pastEnd: "undocumentedError" })
      const ends = ["lastPage", "emptyPage", "endOfPagesError"] as const
      assert.strictEqual(kindOf(yield* Effect.flip(walkPages(server, ends))), "totalNotReached")
    })
  )

  it.effect("is no end where the list counts more", () =>
    Effect.gen(function* () {
      const ends = ["emptyPage", "endOfPagesError"] as const
      const server = () => serveRows("page", rowsOf(3), { pastEnd: "undocumentedError" })
      const error = yield* Effect.flip(walkPages(server(), ends, { key: byId, expectedCount: 5 }))
      assert.strictEqual(kindOf(error), "totalNotReached")
      assert.include(error._tag === "IncompleteWalk" ? error.evidence : "", "5 messages in its list")
      const pages = yield* walkPages(server(), ends, { key: byId, expectedCount: 3 })
      assert.include(completionOf(pages)?.unverified.join(), "in a way that its documents do not describe")
    })
  )
})

describe("what a completion admits", () => {
  it.effect("follows from how the walk was made, whatever the strategy's author says", () =>
    Effect.gen(function* () {
      const walkOf = (size: number, count: number, options: Pagination.WalkOptions<Row> = {}) =>
        Effect.map(
          walkPages(serveRows("page", rowsOf(count)), ["emptyPage"], { size, ...options }),
          (pages) => (completionOf(pages)?.unverified ?? []).filter((what) => what.startsWith("drift")).length
        )
      assert.strictEqual(yield* walkOf(10, 35, { key: byId }), 1, "pages that do not overlap")
      assert.strictEqual(yield* walkOf(20, 70, { key: byId }), 0, "windows that do")
      assert.strictEqual(
        yield* walkOf(20, 70, { key: byId, overlap: false }),
        1,
        "windows that are not wanted"
      )
      assert.strictEqual(yield* walkOf(20, 70), 2, "rows without ids")
      assert.strictEqual(
        yield* walkOf(20, 70, { order: "oldestFirst" }),
        1,
        "in an order that cannot shift by growth"
      )
      assert.strictEqual(yield* walkOf(20, 0), 0, "nothing at all")
    })
  )
})
