import { Pagination } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import {
  askedOf,
  byId,
  completionOf,
  itemsOf,
  oks,
  Refused,
  type Row,
  rowsOf,
  serve,
  serveRows,
  type Server,
  walkOffsets,
  walkPages
} from "./listing.ts"

/** How a walk failed: as an incomplete one, with its kind, or with the error of the request. */
const kindOf = (error: { readonly _tag: string }): string =>
  "kind" in error && typeof error.kind === "string" ? error.kind : error._tag

describe("a server that serves smaller pages than were asked", () => {
  const servers = [
    { starts: "served", total: true },
    { starts: "served", total: false },
    { starts: "asked", total: true },
    { starts: "asked", total: false }
  ] as const

  it.effect.each(servers)(
    "loses and repeats no row by page number ($starts, total $total)",
    ({ starts, total }) =>
      Effect.gen(function* () {
        const rows = rowsOf(101)
        const server = serveRows("page", rows, {
          clamp: 20,
          clampedStarts: starts,
          total: () => (total ? 101 : null)
        })
        const pages = yield* walkPages(server, total ? ["total"] : ["emptyPage"], { size: 100, key: byId })
        assert.deepStrictEqual(itemsOf(pages), rows)
      })
  )

  it.effect.each(servers)("loses and repeats no row by offset ($starts, total $total)", ({ total }) =>
    Effect.gen(function* () {
      const rows = rowsOf(101)
      const server = serveRows("offset", rows, { clamp: 20, total: () => (total ? 101 : null) })
      const pages = yield* walkOffsets(server, total ? ["total"] : ["emptyPage"], { size: 100, key: byId })
      assert.deepStrictEqual(itemsOf(pages), rows)
    })
  )

  it.effect.each(["served", "asked"] as const)(
    "loses no row where the total may count the page and does (pages start by the size %s)",
    (starts) =>
      Effect.gen(function* () {
        const rows = rowsOf(101)
        const server = serveRows("page", rows, {
          clamp: 20,
          clampedStarts: starts,
          total: (_, page) => page.length
        })
        const pages = yield* walkPages(server, ["total", "emptyPage"], {
          size: 100,
          totalMayCountPage: true,
          key: byId
        })
        assert.deepStrictEqual(itemsOf(pages), rows)
      })
  )

  it.effect("is told in the completion", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(40), { clamp: 20, total: () => 40 })
      const pages = yield* walkPages(server, ["total"], { size: 100 })
      assert.include(completionOf(pages)?.mended.join(), "20 rows a page where 100 were asked")
    })
  )
})

describe("pages that come again, with ids", () => {
  // One page over and over could be a list that grows at its head: two such pages are tolerated. A longer cycle is
  // looked into with one request.
  it.effect.each([1, 2, 3, 4, 5])("in a cycle of %s end the walk after a request or two more", (length) =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(1000), { turnTo: (page) => ((page - 1) % length) + 1 })
      const error = yield* Effect.flip(walkPages(server, ["emptyPage"], { key: byId }))
      assert.strictEqual(kindOf(error), "repeatedPage")
      assert.strictEqual(server.requests.length, length === 1 ? 4 : length + 2)
    })
  )

  it.effect.each([1, 2, 3, 4, 5])("in a cycle of %s that starts later end the walk as soon", (length) =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(1000), {
        turnTo: (page) => (page <= 7 ? page : 7 - length + 1 + ((page - 8) % length))
      })
      const error = yield* Effect.flip(walkPages(server, ["emptyPage"], { key: byId }))
      assert.strictEqual(kindOf(error), "repeatedPage")
      assert.strictEqual(server.requests.length, length === 1 ? 10 : 9)
    })
  )

  it.effect("in a cycle beyond what is remembered are still found", () =>
    Effect.gen(function* () {
      const start = 12_000
      let requests = 0
      const fetch = ({ page }: Pagination.PageRequest) => {
        requests++
        return Effect.succeed(
          Pagination.received([`row ${page < start ? page : start + ((page - start) % 3)}`])
        )
      }
      const strategy = Pagination.pageNumber({ size: 1, ends: ["emptyPage"] })
      const error = yield* Effect.flip(
        Stream.runDrain(Pagination.pages(strategy, fetch, { key: (row) => row }))
      )
      assert.strictEqual(kindOf(error), "repeatedPage")
      assert.isBelow(requests, 2 * start)
    })
  )

  it.effect("because the offset is ignored end the walk at the fourth request", () =>
    Effect.gen(function* () {
      const rows = rowsOf(25)
      const server = serve({ paging: "page", rows: () => rows, turnTo: () => 1 })
      const error = yield* Effect.flip(walkOffsets(server, ["emptyPage"], { key: byId }))
      assert.strictEqual(kindOf(error), "repeatedPage")
      assert.strictEqual(server.requests.length, 4)
    })
  )

  it.effect("behind the end, without a total, are refused and not emitted", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(25), { pastEnd: "lastAgain" })
      const strategy = Pagination.pageNumber({ size: 10, ends: ["emptyPage"] })
      const emitted: Array<Row> = []
      const error = yield* Pagination.items(Pagination.pages(strategy, server.fetch, { key: byId })).pipe(
        Stream.runForEach((row) => Effect.sync(() => emitted.push(row))),
        Effect.flip
      )
      assert.strictEqual(kindOf(error), "repeatedPage")
      assert.deepStrictEqual(emitted, rowsOf(25))
    })
  )

  it.effect("behind the end do no harm where the total is reached first", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(25), { pastEnd: "lastAgain", total: () => 25 })
      assert.deepStrictEqual(itemsOf(yield* walkPages(server, ["total"], { key: byId })), rowsOf(25))
    })
  )

  it.effect("carry the evidence and how far the walk came", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(1000), { turnTo: (page) => ((page - 1) % 2) + 1 })
      const error = yield* Effect.flip(walkPages(server, ["emptyPage"], { key: byId }))
      assert.strictEqual(error._tag, "IncompleteWalk")
      if (error._tag !== "IncompleteWalk") return
      assert.isFalse(error.isRetryable)
      assert.include(error.evidence, "request 3 returned the same rows as request 1")
      assert.strictEqual(error.checkpoint.received, 20)
      assert.strictEqual(error.checkpoint.page, 3)
    })
  )
})

describe("pages that come again, without ids", () => {
  it.effect.each(["page", "offset"] as const)("are kept when people said so (by %s)", (paging) =>
    Effect.gen(function* () {
      const server = serveRows(paging, oks(500))
      const walk = paging === "page" ? walkPages : walkOffsets
      assert.deepStrictEqual(itemsOf(yield* walk(server, ["emptyPage"])), oks(500))
      assert.strictEqual(server.requests.length, paging === "page" ? 52 : 58)
    })
  )

  it.effect("are kept where a total or an error tells the end", () =>
    Effect.gen(function* () {
      const counted = serveRows("page", oks(500), { total: () => 500, pastEnd: "documentedError" })
      assert.strictEqual(itemsOf(yield* walkPages(counted, ["total"])).length, 500)
      const refusing = serveRows("page", oks(500), { pastEnd: "documentedError" })
      assert.strictEqual(itemsOf(yield* walkPages(refusing, ["endOfPagesError"])).length, 500)
    })
  )

  it.effect.each([1, 2, 3, 4, 5])("in a cycle of %s are refused after one probe", (length) =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(1000), { turnTo: (page) => ((page - 1) % length) + 1 })
      const error = yield* Effect.flip(walkPages(server, ["emptyPage"]))
      assert.strictEqual(kindOf(error), "repeatedPage")
      assert.strictEqual(server.requests.length, length + 2)
    })
  )

  it.effect("behind the end are refused", () =>
    Effect.gen(function* () {
      const server = serveRows("page", oks(25), { pastEnd: "lastAgain" })
      const error = yield* Effect.flip(walkPages(server, ["emptyPage"]))
      assert.strictEqual(kindOf(error), "repeatedPage")
      assert.isAtMost(server.requests.length, 6)
    })
  )
})

describe("claims that contradict the rows", () => {
  it.effect("a total that falls below the rows proves nothing", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(40), { total: (nth) => (nth < 3 ? 40 : 39) })
      const error = yield* Effect.flip(walkPages(server, ["total"]))
      assert.strictEqual(kindOf(error), "noProof")
    })
  )

  it.effect.each(["empty", "documentedError"] as const)(
    "a total that the rows do not reach is, too (%s)",
    (pastEnd) =>
      Effect.gen(function* () {
        const server = serveRows("page", rowsOf(25), { total: () => 30, pastEnd })
        const error = yield* Effect.flip(walkPages(server, ["total", "emptyPage", "endOfPagesError"]))
        assert.strictEqual(kindOf(error), "totalNotReached")
        // One of them looks whether rows slid into the page before.
        assert.isAtMost(server.requests.length, 5)
      })
  )

  it.effect.each(["page", "offset"] as const)(
    "a total far beyond the rows is no endless walk (by %s)",
    (paging) =>
      Effect.gen(function* () {
        const server = serveRows(paging, rowsOf(25), { total: () => 1_000_000 })
        const walk = paging === "page" ? walkPages : walkOffsets
        const error = yield* Effect.flip(walk(server, ["total", "emptyPage"]))
        assert.strictEqual(kindOf(error), "endlessEmptyPages")
        assert.strictEqual(server.requests.length, paging === "page" ? 9 : 10)
      })
  )

  it.effect("a last page far beyond the rows is no endless walk", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(25), { lastPage: () => 100_000 })
      const error = yield* Effect.flip(walkPages(server, ["lastPage", "emptyPage"]))
      assert.strictEqual(kindOf(error), "endlessEmptyPages")
      assert.strictEqual(server.requests.length, 9)
    })
  )

  it.effect("an answer that names another page is an ignored page", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(100), { turnTo: () => 1, namesPage: true })
      const error = yield* Effect.flip(walkPages(server, ["emptyPage"]))
      assert.strictEqual(kindOf(error), "pageIgnored")
      assert.strictEqual(server.requests.length, 2)
    })
  )

  it.effect.each(["empty", "documentedError"] as const)(
    "an empty listing that the list counts rows in is refused (%s)",
    (pastEnd) =>
      Effect.gen(function* () {
        const ends = ["emptyPage", "endOfPagesError"] as const
        const error = yield* Effect.flip(
          walkPages(serveRows("page", [], { pastEnd }), ends, { expectedCount: 3 })
        )
        assert.strictEqual(kindOf(error), "contradictedEmpty")
        const empty = yield* walkPages(serveRows("page", [], { pastEnd }), ends, { expectedCount: 0 })
        assert.strictEqual(completionOf(empty)?.count, 0)
      })
  )

  it.effect("an empty page where the listing ends on nothing but its total proves nothing", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(walkPages(serveRows("page", rowsOf(25)), ["total"]))
      assert.strictEqual(kindOf(error), "noProof")
    })
  )

  it.effect("many empty pages in the middle are told in a bounded number of words", () =>
    Effect.gen(function* () {
      const holes = Array.from({ length: 200 }, (_, index) => 2 * index + 2)
      const server = serveRows("page", rowsOf(4010), { holes, lastPage: () => 401 })
      const pages = yield* walkPages(server, ["lastPage"], { key: byId })
      assert.strictEqual(itemsOf(pages).length, 2010)
      assert.isAtMost(completionOf(pages)?.unverified.length ?? 0, 10)
    })
  )
})

const undocumented = (page: number) =>
  Pagination.pastEnd(new Refused({ page, offset: 0, size: 10, cursor: null }), false)

describe("an error behind the end", () => {
  it.effect("that is documented ends the walk behind the last page", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(25), { pastEnd: "documentedError" })
      const pages = yield* walkPages(server, ["endOfPagesError"])
      assert.deepStrictEqual(itemsOf(pages), rowsOf(25))
      assert.strictEqual(completionOf(pages)?.proof, "endOfPagesError")
      assert.strictEqual(server.requests.length, 4)
    })
  )

  it.effect("that is documented means an empty listing on the first page", () =>
    Effect.gen(function* () {
      const pages = yield* walkPages(serveRows("page", [], { pastEnd: "documentedError" }), [
        "endOfPagesError"
      ])
      assert.strictEqual(completionOf(pages)?.count, 0)
      assert.strictEqual(completionOf(pages)?.proof, "endOfPagesError")
    })
  )

  it.effect("is only an error where the listing does not end on errors", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(25), { pastEnd: "documentedError" })
      const error = yield* Effect.flip(walkPages(server, ["emptyPage"]))
      assert.strictEqual(error._tag, "Refused")
    })
  )

  it.effect(
    "that is not documented, and comes twice, ends the walk when the page before it still reads",
    () =>
      Effect.gen(function* () {
        const server = serveRows("page", rowsOf(25), { pastEnd: "undocumentedError" })
        const pages = yield* walkPages(server, ["endOfPagesError"])
        assert.deepStrictEqual(itemsOf(pages), rowsOf(25))
        assert.deepStrictEqual(
          server.requests.map((request) => request.page),
          [1, 2, 3, 4, 4, 3]
        )
        assert.include(completionOf(pages)?.unverified.join(), "in a way that its documents do not describe")
      })
  )

  it.effect.each([
    { how: "is refused, too", then: (): ReturnType<Server["fetch"]> => Effect.succeed(undocumented(3)) },
    {
      how: "reads otherwise",
      then: (): ReturnType<Server["fetch"]> => Effect.succeed(Pagination.received(rowsOf(1)))
    }
  ])("that is not documented is the failure when the page before it $how", ({ then }) =>
    Effect.gen(function* () {
      let reads = 0
      const honest = serveRows("page", rowsOf(25), { pastEnd: "undocumentedError" })
      const server: Server = {
        ...honest,
        fetch: (request) => (askedOf(request).page === 3 && ++reads > 1 ? then() : honest.fetch(request))
      }
      const error = yield* Effect.flip(walkPages(server, ["endOfPagesError"]))
      assert.strictEqual(error._tag, "Refused")
      if (error._tag === "Refused") assert.strictEqual(error.request.page, 4)
    })
  )

  it.effect("that is not documented is the failure on the first page", () =>
    Effect.gen(function* () {
      const server = serveRows("page", [], { pastEnd: "undocumentedError" })
      const error = yield* Effect.flip(walkPages(server, ["endOfPagesError"]))
      assert.strictEqual(error._tag, "Refused")
      assert.strictEqual(server.requests.length, 1)
    })
  )

  it.effect("of another kind keeps its own reason, and the pages before it were emitted", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(50), { refuses: (nth) => nth === 3 })
      const strategy = Pagination.pageNumber({ size: 10, ends: ["emptyPage"] })
      const emitted: Array<Row> = []
      const error = yield* Pagination.items(Pagination.pages(strategy, server.fetch)).pipe(
        Stream.runForEach((row) => Effect.sync(() => emitted.push(row))),
        Effect.flip
      )
      assert.strictEqual(error._tag, "Refused")
      assert.deepStrictEqual(emitted, rowsOf(20))
    })
  )
})
