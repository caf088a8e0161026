import type { Reason, SourceError } from "@colloquy/core"
import { VendorClient } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Clock, DateTime, Duration, Effect, Fiber, Logger, Metric, References } from "effect"
import { TestClock } from "effect/testing"
import { connect, type FakeVendor, fakeVendor, get, json, type Reply, rows, settle } from "./vendor.ts"

const limited = (retryAfter?: string): Response =>
  json(
    { message: "slow down" },
    { status: 429, headers: retryAfter === undefined ? {} : { "retry-after": retryAfter } }
  )

const failures: ReadonlyArray<{ name: string; reply: () => Reply; reason: Reason["_tag"] }> = [
  { name: "503", reply: () => json({}, { status: 503 }), reason: "Unavailable" },
  { name: "500 with HTML", reply: () => new Response("<html>", { status: 500 }), reason: "Unavailable" },
  { name: "408", reply: () => json({}, { status: 408 }), reason: "Unavailable" },
  { name: "a reset connection", reply: () => "reset", reason: "Transport" },
  { name: "no answer in time", reply: () => "silence", reason: "Timeout" },
  { name: "JSON that breaks off", reply: () => new Response('{"rows":[1,'), reason: "InvalidResponse" }
]

describe("a failure that may pass", () => {
  it.effect.each(failures)(
    "($name) is tried again, four times at most, with growing waits",
    ({ reason, reply }) =>
      Effect.gen(function* () {
        const vendor = fakeVendor(reply)
        const error = yield* Effect.flip(get(vendor))
        assert.strictEqual(error.reason._tag, reason)
        assert.isTrue(error.isRetryable)
        assert.strictEqual(error.operation, "Acme.rows")
        assert.strictEqual(vendor.seen.length, 5)
      })
  )

  it.effect.each(failures)("($name) that passes is no failure", ({ reply }) =>
    Effect.gen(function* () {
      const vendor = fakeVendor((nth) => (nth < 3 ? reply() : json({ rows: [1] })))
      assert.deepStrictEqual(yield* get(vendor), { rows: [1] })
      assert.strictEqual(vendor.seen.length, 3)
    })
  )

  it.effect("is waited on a quarter of a second first, then twice as long each time, with jitter", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() => json({}, { status: 503 }))
      const fiber = yield* Effect.forkChild(Effect.flip(Effect.flatMap(connect(vendor), (c) => c.read(rows))))
      for (let step = 0; step < 1000; step++) {
        yield* TestClock.adjust("10 millis")
        yield* Effect.yieldNow
      }
      yield* Fiber.join(fiber)
      const waits = vendor.waits()
      assert.strictEqual(waits.length, 4)
      for (const [index, wait] of waits.entries()) {
        const planned = 250 * 2 ** index
        assert.isAtLeast(wait, planned * 0.7)
        assert.isAtMost(wait, planned * 1.3)
      }
    })
  )

  it.effect("waits as long as a 503 asks, up to a minute", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor((nth) =>
        nth === 1 ? json({}, { status: 503, headers: { "retry-after": "45" } }) : json([])
      )
      yield* get(vendor)
      assert.isAtLeast(vendor.waits()[0] ?? 0, 45_000)
    })
  )

  it.effect("is not waited on when a 503 asks for more than a minute", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() => json({}, { status: 503, headers: { "retry-after": "61" } }))
      const { reason } = yield* Effect.flip(get(vendor))
      assert.strictEqual(reason._tag, "Unavailable")
      assert.strictEqual(vendor.seen.length, 1)
      assert.include(reason.message, "1m 1s")
    })
  )

  it.effect("can be given up: an interruption during a wait ends it at once", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() => json({}, { status: 503, headers: { "retry-after": "30" } }))
      const client = yield* connect(vendor)
      const fiber = yield* Effect.forkChild(client.read(rows))
      for (let turn = 0; turn < 20; turn++) yield* Effect.yieldNow
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual(vendor.seen.length, 1)
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(yield* Clock.currentTimeMillis, 5000)
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual(vendor.seen.length, 1)
    })
  )
})

describe("a failure that will not pass", () => {
  const statuses: ReadonlyArray<readonly [number, Reason["_tag"]]> = [
    [400, "InvalidRequest"],
    [401, "Unauthorized"],
    [402, "QuotaExhausted"],
    [403, "Forbidden"],
    [404, "NotFound"],
    [410, "NotFound"],
    [422, "InvalidRequest"]
  ]
  it.effect.each(statuses)("(%s, %s) is told at once", ([status, tag]) =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() => json({ message: "no" }, { status }))
      const error = yield* Effect.flip(get(vendor))
      assert.strictEqual(error.reason._tag, tag)
      assert.isFalse(error.isRetryable)
      assert.strictEqual(vendor.seen.length, 1)
      assert.include(error.message, `HTTP ${status}, "no"`)
    })
  )

  it.effect("carries the vendor's own code and words, and its code goes before the status", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() => json({ code: "101", message: "no such bot" }, { status: 200 }))
      const { reason } = yield* Effect.flip(get(vendor))
      assert.deepInclude(
        { ...reason },
        { _tag: "NotFound", code: "101", vendorMessage: "no such bot", status: 200 }
      )
    })
  )

  it.effect("with an unknown code inside a success is no success", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() => json({ code: "999", message: "odd" }))
      const { reason } = yield* Effect.flip(get(vendor))
      assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "unknownError", code: "999" })
      assert.strictEqual(vendor.seen.length, 1)
    })
  )
})

const inSeconds = (seconds: number) => DateTime.toDateUtc(DateTime.makeUnsafe(seconds * 1000)).toUTCString()

describe("a host that is not known", () => {
  it.effect("is named, with the code, and nothing else of the request", () =>
    Effect.gen(function* () {
      const { reason } = yield* Effect.flip(get(fakeVendor(() => "unknownHost")))
      assert.strictEqual(
        reason.message,
        "the connection failed: the host api.acme.test is not known (ENOTFOUND); check the network and the base URL"
      )
    })
  )
})

/** The lines of a log, at this level and above. */
const logged = (level: "Debug" | "Info", effect: Effect.Effect<unknown, SourceError>) =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => lines.push(`${logLevel}: ${String(message)}`))
    yield* Effect.ignore(effect).pipe(
      Effect.provide(Logger.layer([logger])),
      Effect.provideService(References.MinimumLogLevel, level)
    )
    return lines
  })

describe("a rate limit", () => {
  it.effect("that is waited for is told to the observer; the log has it for those who debug", () =>
    Effect.gen(function* () {
      const limitedOnce = () => fakeVendor((nth) => (nth === 1 ? limited("1") : json([])))
      const waits: Array<string> = []
      const onRequest = (event: VendorClient.RequestEvent) => Effect.sync(() => waits.push(event._tag))
      assert.deepStrictEqual(yield* logged("Info", get(limitedOnce(), { onRequest })), [])
      assert.deepStrictEqual(waits, ["Sent", "Retrying", "Waited", "Sent"])
      const rateLimit = { limit: 1, window: "1 second" } as const
      const twice = Effect.flatMap(
        connect(
          fakeVendor(() => json([])),
          { rateLimit, account: "own" }
        ),
        (client) => settle(Effect.andThen(client.read(rows), client.read(rows)))
      )
      assert.deepStrictEqual(yield* logged("Info", twice), [])
      const [line] = yield* logged("Debug", get(limitedOnce()))
      assert.match(line ?? "", /^Debug: rate limited, resuming in \d+ ms: /)
    })
  )

  const told: ReadonlyArray<{ name: string; header: string | undefined; atLeast: number; atMost: number }> = [
    { name: "seconds", header: "7", atLeast: 7000, atMost: 9000 },
    { name: "a date", header: inSeconds(20), atLeast: 20_000, atMost: 22_000 },
    { name: "a date in the past", header: inSeconds(-500), atLeast: 0, atMost: 3000 },
    { name: "zero", header: "0", atLeast: 0, atMost: 3000 },
    { name: "junk", header: "soon", atLeast: 0, atMost: 3000 },
    { name: "a negative number", header: "-5", atLeast: 0, atMost: 3000 },
    { name: "junk with a year in it", header: "try again in 2099", atLeast: 0, atMost: 3000 },
    { name: "nothing", header: undefined, atLeast: 0, atMost: 3000 }
  ]

  it.effect.each(told)("that asks to wait by $name is waited for", ({ atLeast, atMost, header }) =>
    Effect.gen(function* () {
      const vendor = fakeVendor((nth) => (nth === 1 ? limited(header) : json([])))
      assert.deepStrictEqual(yield* get(vendor), [])
      assert.strictEqual(vendor.seen.length, 2)
      assert.isAtLeast(vendor.waits()[0] ?? -1, atLeast)
      assert.isAtMost(vendor.waits()[0] ?? -1, atMost)
    })
  )

  it.effect.each(["61", "86400", inSeconds(3600)])(
    "that asks for %s, beyond a minute, fails at once and says so",
    (header) =>
      Effect.gen(function* () {
        const vendor = fakeVendor(() => limited(header))
        const { reason } = yield* Effect.flip(get(vendor))
        assert.strictEqual(reason._tag, "RateLimited")
        assert.strictEqual(vendor.seen.length, 1)
        assert.strictEqual(yield* Clock.currentTimeMillis, 0)
        if (reason._tag === "RateLimited") assert.isNotNull(reason.retryAfter)
        assert.include(reason.message, "it asks to wait")
      })
  )

  it.effect("inside a success, by the vendor's code, is waited for, too", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor((nth) => (nth < 3 ? json({ code: "102", message: "busy" }) : json([])))
      assert.deepStrictEqual(yield* get(vendor), [])
    })
  )

  it.effect("spends no retry: four failures after four waits still pass", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor((nth) => {
        if (nth <= 4) return limited("1")
        return nth <= 8 ? json({}, { status: 503 }) : json(["whole"])
      })
      assert.deepStrictEqual(yield* get(vendor), ["whole"])
      assert.strictEqual(vendor.seen.length, 9)
    })
  )

  it.effect.each(["5", "60", undefined])(
    "that never ends (Retry-After %s) is given up after two minutes",
    (header) =>
      Effect.gen(function* () {
        const vendor = fakeVendor(() => limited(header))
        const { reason } = yield* Effect.flip(get(vendor))
        assert.strictEqual(reason._tag, "RateLimited")
        assert.isAtLeast(yield* Clock.currentTimeMillis, 60_000)
        assert.isAtMost(yield* Clock.currentTimeMillis, 185_000)
      })
  )
})

describe("metrics", () => {
  it.effect("count requests, retries and waits by vendor and account", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor((nth) => {
        if (nth === 1) return json({}, { status: 503 })
        return nth === 2 ? limited("3") : json([])
      })
      yield* get(vendor, { vendor: "metered", account: "eu" })
      const attributes = { vendor: "metered", account: "eu" }
      const read = (metric: typeof VendorClient.requestCount) =>
        Effect.map(Metric.value(Metric.withAttributes(metric, attributes)), ({ count }) => Number(count))
      assert.strictEqual(yield* read(VendorClient.requestCount), 3)
      assert.strictEqual(yield* read(VendorClient.retryCount), 2)
      assert.isAtLeast(yield* read(VendorClient.rateLimitWait), 3000)
    })
  )

  it.effect("do not count a request that was refused before it was sent", () =>
    Effect.gen(function* () {
      const client = yield* connect(
        fakeVendor(() => json([])),
        { vendor: "unmetered" }
      )
      yield* settle(Effect.flip(client.read({ ...rows, path: [""] })))
      const metric = Metric.withAttributes(VendorClient.requestCount, {
        vendor: "unmetered",
        account: "default"
      })
      assert.strictEqual(Number((yield* Metric.value(metric)).count), 0)
    })
  )
})

describe("who made a client", () => {
  /** What is told of a GET, waits in whole seconds. */
  const toldOf = Effect.fnUntraced(function* (
    reply: (nth: number) => Reply,
    options: Partial<VendorClient.Options> = {}
  ) {
    const told: Array<string> = []
    const onRequest = (event: VendorClient.RequestEvent) =>
      Effect.sync(() => {
        const wait = event._tag === "Waited" ? ` ${Math.floor(Duration.toSeconds(event.wait))}` : ""
        told.push(`${event._tag}${wait}`)
      })
    const client = yield* connect(fakeVendor(reply), { onRequest, ...options })
    const got = yield* settle(Effect.exit(Effect.all([client.read(rows), client.read(rows)])))
    return { told, got }
  })

  it.effect("is told of each request that is sent, sent again, or has waited", () =>
    Effect.gen(function* () {
      const { told } = yield* toldOf((nth) => {
        if (nth === 1) return json({}, { status: 503 })
        return nth === 2 ? limited("3") : json([])
      })
      assert.deepStrictEqual(told, ["Sent", "Retrying", "Sent", "Retrying", "Waited 3", "Sent", "Sent"])
    })
  )

  it.effect("is told of waits on the documented limit, before the request is sent", () =>
    Effect.gen(function* () {
      const rateLimit = { limit: 1, window: "1 minute" } as const
      const { told } = yield* toldOf(() => json([]), { rateLimit })
      assert.deepStrictEqual(told, ["Sent", "Waited 60", "Sent"])
    })
  )

  it.effect("is told of requests that fail for good, too", () =>
    Effect.gen(function* () {
      const { got, told } = yield* toldOf(() => json({}, { status: 404 }))
      assert.strictEqual(got._tag, "Failure")
      assert.deepStrictEqual(told, ["Sent"])
    })
  )
})

/** A body of which a byte comes, and then no other. */
const trickle = () =>
  new Response(
    new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode("[")),
      pull: () => new Promise(() => undefined)
    })
  )

describe("a vendor that lets every try wait", () => {
  /** Seconds until one GET has failed, to the next whole one. */
  const secondsOf = (vendor: FakeVendor) =>
    Effect.gen(function* () {
      const start = yield* Clock.currentTimeMillis
      const { reason } = yield* Effect.flip(get(vendor))
      return { reason, seconds: ((yield* Clock.currentTimeMillis) - start) / 1000 }
    })

  it.effect.each([{ reply: () => "silence" as const }, { reply: trickle }])(
    "is given up after five tries of 30 s and waits of less than 5 s",
    ({ reply }) =>
      Effect.gen(function* () {
        const vendor = fakeVendor(reply)
        const { reason, seconds } = yield* secondsOf(vendor)
        assert.strictEqual(reason._tag, "Timeout")
        assert.strictEqual(vendor.seen.length, 5)
        assert.isAtLeast(seconds, 150)
        assert.isAtMost(seconds, 156)
      })
  )

  it.effect("and asks for a minute each time is given up after seven minutes", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() =>
        json({ message: "no" }, { status: 503, headers: { "retry-after": "60" } })
      )
      const { reason, seconds } = yield* secondsOf(vendor)
      assert.strictEqual(reason._tag, "Unavailable")
      assert.isAtMost(seconds, 5 * 30 + 4 * 60 + 5)
    })
  )
})
