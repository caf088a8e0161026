import { Pagination } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Result, Stream } from "effect"
import { TestClock } from "effect/testing"
import {
  type Asked,
  askedOf,
  byId,
  completionOf,
  itemsOf,
  type Manners,
  type Row,
  rowsOf,
  serve,
  serveRows,
  type Server
} from "./listing.ts"

const latency = 50

interface Slow extends Server {
  /** Requests in flight now, and the most that ever were. */
  readonly flight: { now: number; most: number; interrupted: number }
}

/** A server that takes its time. */
const slow = (server: Server, ms: (request: Asked) => number = () => latency): Slow => {
  const flight = { now: 0, most: 0, interrupted: 0 }
  return {
    requests: server.requests,
    flight,
    fetch: (request) =>
      Effect.suspend(() => {
        flight.now++
        flight.most = Math.max(flight.most, flight.now)
        return server.fetch(request)
      }).pipe(
        Effect.tap(Effect.sleep(ms(askedOf(request)))),
        Effect.tapError(() => Effect.sleep(ms(askedOf(request)))),
        Effect.onInterrupt(() => Effect.sync(() => flight.interrupted++)),
        Effect.ensuring(Effect.sync(() => flight.now--))
      )
  }
}

/** Runs on the test clock, which moves by itself, and tells how long it took. */
const timed = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(
      Effect.flatMap(Effect.result(effect), (result) =>
        Effect.map(Clock.currentTimeMillis, (now) => ({ now, result }))
      )
    )
    const start = yield* Clock.currentTimeMillis
    for (let turn = 0; turn < 400; turn++) yield* TestClock.adjust(latency / 2)
    const { now, result } = yield* Fiber.join(fiber)
    return { result, took: now - start }
  })

const pageNumber = Pagination.pageNumber({ size: 10, ends: ["total", "lastPage", "emptyPage"] })
const offset = Pagination.offset({ size: 10, ends: ["total", "emptyPage"] })
const collect = (strategy: Pagination.Strategy, server: Server, concurrency: number) =>
  Stream.runCollect(Pagination.pages(strategy, server.fetch, { concurrency, key: byId }))

describe("pages fetched ahead", () => {
  it.effect.each([1, 2, 4, 8, 16, 64])("by a width of %s take the time of the ideal", (width) =>
    Effect.gen(function* () {
      const count = 41
      const server = slow(serveRows("page", rowsOf(count * 10), { total: () => count * 10 }))
      const strategy = pageNumber
      const { result, took } = yield* timed(collect(strategy, server, width))
      assert.isTrue(Result.isSuccess(result))
      if (Result.isSuccess(result)) assert.deepStrictEqual(itemsOf(result.success), rowsOf(count * 10))
      assert.strictEqual(took, (1 + Math.ceil((count - 1) / width)) * latency)
      assert.strictEqual(server.requests.length, count)
      assert.strictEqual(server.flight.most, Math.min(width, count - 1))
    })
  )

  it.effect.each([1, 2, 4, 8])("by offset and a width of %s take the time of the ideal", (width) =>
    Effect.gen(function* () {
      const rows = rowsOf(10 + 9 * 24)
      const server = slow(serveRows("offset", rows, { total: () => rows.length }))
      const { result, took } = yield* timed(collect(offset, server, width))
      if (Result.isSuccess(result)) assert.deepStrictEqual(itemsOf(result.success), rows)
      assert.strictEqual(took, (1 + Math.ceil(24 / width)) * latency)
      assert.strictEqual(server.requests.length, 25)
    })
  )

  it.effect("come in order, whichever answers first", () =>
    Effect.gen(function* () {
      const server = slow(serveRows("page", rowsOf(200)), ({ page }) => ((page * 7) % 5) * 10)
      const { result } = yield* timed(collect(pageNumber, server, 5))
      assert.isTrue(Result.isSuccess(result))
      if (Result.isSuccess(result)) assert.deepStrictEqual(itemsOf(result.success), rowsOf(200))
    })
  )

  it.effect("are no further ahead than the width while the consumer sleeps", () =>
    Effect.gen(function* () {
      const width = 4
      const server = slow(serveRows("page", rowsOf(1000)))
      const strategy = pageNumber
      let taken = 0
      const fiber = yield* Pagination.pages(strategy, server.fetch, { concurrency: width, key: byId }).pipe(
        Stream.runForEach(() => {
          taken++
          return Effect.sleep("1 hour")
        }),
        Effect.forkChild
      )
      for (let hour = 0; hour < 6; hour++) {
        yield* TestClock.adjust("59 minutes")
        assert.isAtMost(server.requests.length, taken + width)
        yield* TestClock.adjust("2 minutes")
      }
      assert.isAtLeast(taken, 5)
      yield* Fiber.interrupt(fiber)
    })
  )

  it.effect.each([2, 4, 8])("by a width of %s overshoot an unknown end by less than it", (width) =>
    Effect.gen(function* () {
      for (const paging of ["page", "offset"] as const) {
        for (const count of [5, 40, 95]) {
          const alone = serveRows(paging, rowsOf(count))
          const strategy = paging === "page" ? pageNumber : offset
          yield* collect(strategy, alone, 1)
          const server = slow(serveRows(paging, rowsOf(count)))
          yield* timed(collect(strategy, server, width))
          assert.isBelow(server.requests.length, alone.requests.length + width)
          assert.strictEqual(server.flight.now, 0)
        }
      }
    })
  )

  const known: ReadonlyArray<Partial<Manners>> = [{ total: () => 95 }, { lastPage: () => 10 }]
  it.effect.each(known)("never ask for more than is known to be there (%s)", (claims) =>
    Effect.gen(function* () {
      const server = slow(serveRows("page", rowsOf(95), claims))
      const { result } = yield* timed(collect(pageNumber, server, 8))
      assert.isTrue(Result.isSuccess(result))
      assert.strictEqual(server.requests.length, 10)
    })
  )

  it.effect.each([90, 91, 92, 95, 99, 100])("by offset ask for no row behind a total of %s", (count) =>
    Effect.gen(function* () {
      const server = slow(serveRows("offset", rowsOf(count), { total: () => count }))
      const { result } = yield* timed(collect(offset, server, 8))
      assert.isTrue(Result.isSuccess(result))
      assert.strictEqual(server.requests.length, 1 + Math.ceil((count - 10) / 9))
    })
  )

  it.effect("before one that fails come first", () =>
    Effect.gen(function* () {
      const server = slow(
        serveRows("page", rowsOf(200), { refuses: (_, { page }) => page === 7 }),
        ({ page }) => (page === 7 ? 1 : latency)
      )
      const strategy = pageNumber
      const emitted: Array<Row> = []
      const { result } = yield* timed(
        Pagination.items(Pagination.pages(strategy, server.fetch, { concurrency: 8, key: byId })).pipe(
          Stream.runForEach((row) => Effect.sync(() => emitted.push(row)))
        )
      )
      assert.deepStrictEqual(emitted, rowsOf(60))
      assert.isTrue(Result.isFailure(result))
      assert.strictEqual(server.flight.now, 0)
    })
  )

  it.effect("are interrupted when the stream is left, and when it fails", () =>
    Effect.gen(function* () {
      const left = slow(serveRows("page", rowsOf(1000)), ({ page }) => (page < 3 ? latency : 100_000))
      const strategy = pageNumber
      const stream = Pagination.pages(strategy, left.fetch, { concurrency: 6, key: byId })
      const { result } = yield* timed(Stream.runCollect(Stream.take(stream, 2)))
      if (Result.isSuccess(result)) assert.deepStrictEqual(itemsOf(result.success), rowsOf(20))
      assert.strictEqual(left.flight.now, 0)
      assert.isAtLeast(left.flight.interrupted, 4)
      const failing = slow(
        serveRows("page", rowsOf(1000), { refuses: (_, { page }) => page === 2 }),
        ({ page }) => (page < 3 ? latency : 100_000)
      )
      const failed = yield* timed(collect(strategy, failing, 6))
      assert.isTrue(Result.isFailure(failed.result))
      assert.strictEqual(failing.flight.now, 0)
      assert.isAtLeast(failing.flight.interrupted, 4)
    })
  )

  it.effect.each([0, -1, 65, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "by a width of %s are refused",
    (width) =>
      Effect.gen(function* () {
        const server = serveRows("page", rowsOf(10))
        const error = yield* Effect.flip(collect(pageNumber, server, width))
        assert.strictEqual(error._tag, "InvalidRequest")
        assert.include(error._tag === "InvalidRequest" ? error.message : "", "1 to 64")
        assert.strictEqual(server.requests.length, 0)
      })
  )

  it.effect("by offset follow a list that moves, exactly", () =>
    Effect.gen(function* () {
      for (const grown of [1, 3, 9, 12]) {
        const server = slow(
          serve({ paging: "offset", rows: (nth) => [...(nth > 6 ? rowsOf(grown, 900) : []), ...rowsOf(120)] })
        )
        const { result } = yield* timed(collect(offset, server, 4))
        assert.isTrue(Result.isSuccess(result))
        if (Result.isFailure(result)) continue
        assert.deepStrictEqual(itemsOf(result.success), rowsOf(120))
        assert.include(completionOf(result.success)?.mended.join(), "the listing moved")
      }
    })
  )

  it.effect("by page number follow a list that shrinks, where a total shows it", () =>
    Effect.gen(function* () {
      for (const removed of [1, 3, 9, 12]) {
        const list = (nth: number) => rowsOf(120).slice(nth > 6 ? removed : 0)
        const server = slow(serve({ paging: "page", rows: list, total: (nth) => list(nth).length }))
        const { result } = yield* timed(collect(pageNumber, server, 4))
        assert.isTrue(Result.isSuccess(result))
        if (Result.isSuccess(result)) assert.deepStrictEqual(itemsOf(result.success), rowsOf(120))
      }
    })
  )

  it.effect(
    "by page number are asked for again, where their total is older than that of the page before",
    () =>
      Effect.gen(function* () {
        let list: ReadonlyArray<Row> = rowsOf(30)
        const fetch = ({ page }: Pagination.PageRequest) =>
          Effect.gen(function* () {
            if (page === 2 && list.length === 30) {
              yield* Effect.repeat(Effect.yieldNow, { times: 5 })
              list = [...rowsOf(1, 900), ...rowsOf(30)]
            }
            return Pagination.received(list.slice((page - 1) * 10, page * 10), { total: list.length })
          })
        const pages = Pagination.pages(pageNumber, fetch, { concurrency: 2, key: byId })
        assert.deepStrictEqual(itemsOf(yield* Stream.runCollect(pages)), rowsOf(30))
      })
  )

  it.effect("by page number are asked for again within bounds, where the total changes every time", () =>
    Effect.gen(function* () {
      const server = serveRows("page", rowsOf(300), { total: (nth) => 300 + (nth % 2) })
      const result = yield* Effect.result(collect(pageNumber, server, 1))
      assert.isTrue(Result.isFailure(result))
      if (Result.isFailure(result)) assert.strictEqual(result.failure._tag, "IncompleteWalk")
      assert.isAtMost(server.requests.length, 10)
    })
  )
})
