import { Pagination } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import {
  type AnyRequest,
  byId,
  completionOf,
  itemsOf,
  rowsOf,
  serve,
  serveRows,
  walk,
  walkOffsets,
  walkPages
} from "./listing.ts"

describe("a listing that ends", () => {
  it.effect("with one short page ends on the empty page behind it", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(3))
      const pages = yield* walkPages(server, ["emptyPage"])
      assert.deepStrictEqual(itemsOf(pages), rowsOf(3))
      assert.strictEqual(completionOf(pages)?.proof, "emptyPage")
      assert.strictEqual(server.requests.length, 2)
    })
  )

  it.effect("with one page whose total is reached is not asked for more", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(10), { total: () => 10 })
      const pages = yield* walkPages(server, ["total"])
      assert.deepStrictEqual(itemsOf(pages), rowsOf(10))
      assert.strictEqual(server.requests.length, 1)
    })
  )

  it.effect.each([
    { count: 30, requests: 5 },
    { count: 25, requests: 4 },
    { count: 1, requests: 2 },
    { count: 0, requests: 1 }
  ])("of $count rows comes whole from an offset listing without claims", ({ count, requests }) =>
    Effect.gen(function* () {
      const server = serveRows("offset", rowsOf(count))
      const pages = yield* walkOffsets(server, ["emptyPage"])
      assert.deepStrictEqual(itemsOf(pages), rowsOf(count))
      assert.strictEqual(server.requests.length, requests)
    })
  )

  it.effect("does not end on a short page alone", () =>
    Effect.gen(function* () {
      const server = serve({
        paging: "offset",
        rows: () => rowsOf(12),
        clamp: 7
      })
      const pages = yield* walkOffsets(server, ["emptyPage"])
      assert.deepStrictEqual(itemsOf(pages), rowsOf(12))
      assert.deepStrictEqual(
        server.requests.map((request) => request.offset),
        [0, 6, 11]
      )
    })
  )

  it.effect("ends on the last page that the vendor names", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(31), { ownSize: 15, lastPage: () => 3, namesPage: true })
      const pages = yield* walkPages(server, ["lastPage", "emptyPage"], { size: null })
      assert.deepStrictEqual(itemsOf(pages), rowsOf(31))
      assert.strictEqual(completionOf(pages)?.proof, "lastPage")
      assert.strictEqual(server.requests.length, 3)
    })
  )

  it.effect.each([0, 1])("is empty when it has no rows and its last page is %s", (last) =>
    Effect.gen(function* () {
      const server = serveRows("page", [], { lastPage: () => last })
      const pages = yield* walkPages(server, ["lastPage", "emptyPage"], { size: null })
      assert.deepStrictEqual(itemsOf(pages), [])
      assert.strictEqual(completionOf(pages)?.proof, "lastPage")
      assert.strictEqual(completionOf(pages)?.count, 0)
    })
  )

  it.effect("is empty when its total is 0", () =>
    Effect.gen(function* () {
      const pages = yield* walkPages(serveRows("page", [], { total: () => 0 }), ["total"])
      assert.strictEqual(completionOf(pages)?.proof, "total")
    })
  )

  it.effect("reads over an empty page in the middle when the vendor says there is more", () =>
    Effect.gen(function* () {
      const rows = rowsOf(40)
      const server = serve({
        paging: "page",
        rows: () => [...rows.slice(0, 10), ...rowsOf(10, 900), ...rows.slice(10, 40)],
        holes: [2],
        lastPage: () => 5
      })
      const pages = yield* walkPages(server, ["lastPage"])
      assert.deepStrictEqual(itemsOf(pages), rows)
      assert.include(completionOf(pages)?.unverified.join(), "empty in the middle")
    })
  )
})

describe("a total", () => {
  it.effect("that is claimed on the first page only is kept", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(25), { total: (nth) => (nth === 1 ? 25 : null) })
      const pages = yield* walkPages(server, ["total"])
      assert.deepStrictEqual(itemsOf(pages), rowsOf(25))
      assert.strictEqual(completionOf(pages)?.claimed.total, 25)
      assert.strictEqual(server.requests.length, 3)
    })
  )

  it.effect("that grows is followed to its new end", () =>
    Effect.gen(function* () {
      const server = serve({
        paging: "page",
        rows: (nth) => rowsOf(nth === 1 ? 20 : 33),
        total: (nth) => (nth === 1 ? 20 : 33)
      })
      const pages = yield* walkPages(server, ["total"], { key: byId })
      assert.deepStrictEqual(itemsOf(pages), rowsOf(33))
      assert.strictEqual(completionOf(pages)?.claimed.total, 33)
    })
  )

  it.effect("of a page that is as large as the whole list does not end the walk by itself", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(25), { total: (_, page) => page.length })
      const pages = yield* walkPages(server, ["total", "emptyPage"], { totalMayCountPage: true, key: byId })
      assert.deepStrictEqual(itemsOf(pages), rowsOf(25))
      assert.strictEqual(completionOf(pages)?.proof, "emptyPage")
    })
  )

  it.effect("that may count the page, and counts the whole, ends the walk once it exceeds a page", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(25), { total: () => 25, pastEnd: "documentedError" })
      const pages = yield* walkPages(server, ["total", "endOfPagesError"], { totalMayCountPage: true })
      assert.deepStrictEqual(itemsOf(pages), rowsOf(25))
      assert.strictEqual(completionOf(pages)?.proof, "total")
      assert.strictEqual(server.requests.length, 3)
    })
  )

  it.effect("that may count the page, and equals one full page, is asked behind", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(10), { total: () => 10, pastEnd: "documentedError" })
      const pages = yield* walkPages(server, ["total", "endOfPagesError"], { totalMayCountPage: true })
      assert.deepStrictEqual(itemsOf(pages), rowsOf(10))
      assert.strictEqual(completionOf(pages)?.proof, "endOfPagesError")
    })
  )

  it.effect("that too many rows exceed is told in the completion", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(25), { total: () => 7 })
      const pages = yield* walkPages(server, ["total", "emptyPage"])
      assert.deepStrictEqual(itemsOf(pages), rowsOf(25))
      assert.include(completionOf(pages)?.unverified.join(), "25 rows came where the vendor counts 7")
    })
  )
})

describe("pulling", () => {
  it.effect("fetches nothing before the first pull", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(25))
      const strategy = Pagination.pageNumber({ size: 10, ends: ["emptyPage"] })
      const pages = Pagination.pages(strategy, server.fetch)
      assert.strictEqual(server.requests.length, 0)
      yield* Stream.runDrain(Stream.take(pages, 0))
      assert.strictEqual(server.requests.length, 0)
    })
  )

  it.effect("of one page makes one request", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(25))
      const strategy = Pagination.pageNumber({ size: 10, ends: ["emptyPage"] })
      const pages = yield* Stream.runCollect(Stream.take(Pagination.pages(strategy, server.fetch), 1))
      assert.deepStrictEqual(itemsOf(pages), rowsOf(10))
      assert.strictEqual(server.requests.length, 1)
    })
  )

  it.effect("of items from the first page makes one request", () =>
    Effect.gen(function* () {
      const server = serveRows("offset", rowsOf(25))
      const strategy = Pagination.offset({ size: 10, ends: ["emptyPage"] })
      const items = Pagination.items(Pagination.pages(strategy, server.fetch))
      assert.deepStrictEqual(yield* Stream.runCollect(Stream.take(items, 4)), rowsOf(4))
      assert.strictEqual(server.requests.length, 1)
    })
  )

  it.effect("asks for each page once", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(95))
      yield* walkPages(server, ["emptyPage"], { key: byId })
      assert.deepStrictEqual(
        server.requests.map((request) => request.page),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
      )
    })
  )

  it.effect("twice from one strategy, at the same time, gives two whole walks", () =>
    Effect.gen(function* () {
      const strategy = Pagination.pageNumber({ size: 10, ends: ["emptyPage"] })
      const server = serveRows("page", rowsOf(25))
      const slow = {
        ...server,
        fetch: (request: AnyRequest) => Effect.tap(server.fetch(request), Effect.yieldNow)
      }
      const stream = Pagination.pages(strategy, slow.fetch, { key: byId })
      const first = yield* Effect.forkChild(Stream.runCollect(stream))
      const second = yield* Effect.forkChild(Stream.runCollect(stream))
      assert.deepStrictEqual(itemsOf(yield* Fiber.join(first)), rowsOf(25))
      assert.deepStrictEqual(itemsOf(yield* Fiber.join(second)), rowsOf(25))
    })
  )

  it.effect("a hundred thousand pages meets no cap", () =>
    Effect.gen(function* () {
      const count = 100_000
      const fetch = ({ page }: Pagination.PageRequest) =>
        Effect.succeed(Pagination.received(page <= count ? [`row ${page}`] : []))
      const strategy = Pagination.pageNumber({ size: 1, ends: ["emptyPage"] })
      const stream = Pagination.pages(strategy, fetch, { key: (row) => row })
      const last = yield* Stream.runFold(
        stream,
        () => ({ rows: 0, unverified: -1 }),
        (seen, page) => ({
          rows: seen.rows + page.items.length,
          unverified: page.completion?.unverified.length ?? -1
        })
      )
      assert.deepStrictEqual(last, { rows: count, unverified: 1 })
    })
  )
})

describe("what a walk tells", () => {
  it.effect("at its end is the proof, the counts, the claims and what cannot be verified", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(25), { total: () => 25, lastPage: () => 3 })
      const pages = yield* walkPages(server, ["total"], { expectedCount: 24, unverified: ["of the author"] })
      assert.deepStrictEqual(completionOf(pages), {
        proof: "total",
        count: 25,
        pages: 3,
        claimed: { total: 25, lastPage: 3, listed: 24 },
        verified: false,
        mended: [],
        // What follows from pages without ids, and behind it what the author says.
        unverified: [
          "drift: a row removed and another added between two requests leave the total as it was, and may hide a third",
          "drift: without ids, a list that grows at its head repeats rows",
          "of the author"
        ],
        notes: [
          { _tag: "UnseenDrift", cause: "removalAndInsertion" },
          { _tag: "UnseenDrift", cause: "growthAtHead" },
          { _tag: "Stated", text: "of the author" }
        ]
      })
      assert.deepStrictEqual(
        pages.map((page) => page.completion === null),
        [true, true, false]
      )
    })
  )

  it.effect("on each page is where it starts and where the next request goes, by page number", () =>
    Effect.gen(function* () {
      const pages = yield* walkPages(serveRows("page", rowsOf(25)), ["emptyPage"])
      assert.deepStrictEqual(
        pages.map(({ checkpoint, start }) => [
          start,
          checkpoint.page,
          checkpoint.offset,
          checkpoint.received,
          checkpoint.inPage
        ]),
        [
          [0, 2, 10, 10, 10],
          [10, 3, 20, 20, 10],
          [20, 4, 25, 25, 5],
          [25, 4, 25, 25, 5]
        ]
      )
      for (const { checkpoint } of pages) {
        assert.deepInclude(checkpoint, { version: 2, cursor: null, size: 10, shift: 0 })
        assert.strictEqual(checkpoint.fingerprint, pages[0]?.checkpoint.fingerprint)
        assert.strictEqual(checkpoint.recent.length, 5)
        assert.isNull(checkpoint.identity)
      }
    })
  )

  it.effect("on each page is where the next request goes, by offset", () =>
    Effect.gen(function* () {
      const strategy = Pagination.offset({ size: 10, ends: ["emptyPage"] })
      const pages = yield* walk(serveRows("offset", rowsOf(15)), strategy)
      assert.deepStrictEqual(
        pages.map((page) => page.checkpoint.offset),
        [10, 15, 15]
      )
      assert.deepStrictEqual(
        pages.map((page) => page.checkpoint.page),
        [null, null, null]
      )
    })
  )
})
