import { RequestBudget } from "@colloquy/core"
import { VendorClient } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Redacted } from "effect"
import { HttpClient } from "effect/http"
import { RateLimiter } from "effect/persistence"
import { TestClock } from "effect/testing"
import { baseUrl, canary, errors, type FakeVendor, fakeVendor, json, rows } from "./vendor.ts"

class First extends Context.Service<First, VendorClient.VendorClient>()("test/First") {}
class Second extends Context.Service<Second, VendorClient.VendorClient>()("test/Second") {}

const options = (account: string): VendorClient.Options => ({
  vendor: "acme",
  account,
  baseUrl,
  token: Redacted.make(canary),
  errors,
  rateLimit: { limit: 300, window: "1 minute" }
})

/** Two clients, each from a layer of its own, built together over one budget. */
const twoClients = (server: FakeVendor, first: string, second: string) =>
  Layer.mergeAll(
    Layer.effect(First, VendorClient.make(options(first))),
    Layer.effect(Second, VendorClient.make(options(second)))
  ).pipe(
    Layer.provide(RequestBudget.layerMemory),
    Layer.provide(Layer.succeed(HttpClient.HttpClient, server.client))
  )

/** Starts `count` requests at once. */
const burst = (client: VendorClient.VendorClient, count: number) =>
  Effect.forkChild(
    Effect.all(
      Array.from({ length: count }, () => client.read(rows)),
      { concurrency: "unbounded" }
    )
  )

const turns = Effect.gen(function* () {
  for (let turn = 0; turn < 50; turn++) yield* Effect.yieldNow
})

describe("a documented limit of 300 a minute", () => {
  it.effect("is spent as a burst, and the next request waits for the next minute", () =>
    Effect.gen(function* () {
      const server = fakeVendor(() => json([]))
      yield* Effect.gen(function* () {
        const client = yield* First
        const fiber = yield* burst(client, 301)
        yield* turns
        assert.strictEqual(server.seen.length, 300)
        yield* TestClock.adjust("59 seconds")
        yield* turns
        assert.strictEqual(server.seen.length, 300)
        yield* TestClock.adjust("1 second")
        yield* Fiber.join(fiber)
        assert.strictEqual(server.seen.length, 301)
        assert.strictEqual(server.seen.at(-1)?.at, 60_000)
      }).pipe(Effect.provide(twoClients(server, "one", "other")))
    })
  )

  it.effect("is one budget for two clients of the same account", () =>
    Effect.gen(function* () {
      const server = fakeVendor(() => json([]))
      yield* Effect.gen(function* () {
        const first = yield* burst(yield* First, 200)
        const second = yield* burst(yield* Second, 200)
        yield* turns
        assert.strictEqual(server.seen.length, 300)
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(first)
        yield* Fiber.join(second)
        assert.strictEqual(server.seen.length, 400)
      }).pipe(Effect.provide(twoClients(server, "same", "same")))
    })
  )

  it.effect("is a budget of its own for each account", () =>
    Effect.gen(function* () {
      const server = fakeVendor(() => json([]))
      yield* Effect.gen(function* () {
        yield* Fiber.join(yield* burst(yield* First, 300))
        yield* Fiber.join(yield* burst(yield* Second, 300))
        assert.strictEqual(server.seen.length, 600)
      }).pipe(Effect.provide(twoClients(server, "one", "other")))
    })
  )

  it.effect("never sends a waiting request that was interrupted", () =>
    Effect.gen(function* () {
      const server = fakeVendor(() => json([]))
      yield* Effect.gen(function* () {
        const client = yield* First
        yield* Fiber.join(yield* burst(client, 300))
        const waiting = yield* burst(client, 1)
        yield* turns
        yield* Fiber.interrupt(waiting)
        yield* TestClock.adjust("2 minutes")
        yield* turns
        assert.strictEqual(server.seen.length, 300)
      }).pipe(Effect.provide(twoClients(server, "one", "other")))
    })
  )
})

/** A client that takes the budget as it finds it. */
const client = (server: FakeVendor, told: Partial<VendorClient.Options>) =>
  VendorClient.make({ ...options("default"), ...told }).pipe(
    Effect.provideService(HttpClient.HttpClient, server.client)
  )

/** How many of 200 requests of each of two clients are sent at once. */
const sentAtOnce = Effect.fnUntraced(function* (
  server: FakeVendor,
  [first, second]: readonly [VendorClient.VendorClient, VendorClient.VendorClient]
) {
  yield* burst(first, 200)
  yield* burst(second, 200)
  yield* turns
  return server.seen.length
})

describe("a budget that nobody provides", () => {
  it.effect("is the process's: clients made apart share that of a vendor, account and origin", () =>
    Effect.gen(function* () {
      const server = fakeVendor(() => json([]))
      const first = yield* client(server, { vendor: "apart" })
      const layer = Layer.effect(Second, client(server, { vendor: "apart", baseUrl: `${baseUrl}/v2` }))
      const second = Context.get(yield* Layer.build(layer), Second)
      assert.strictEqual(yield* sentAtOnce(server, [first, second]), 300)
    })
  )

  it.effect("is shared by two runs of a program, too", () => {
    const server = fakeVendor(() => json([]))
    const run = Effect.flatMap(client(server, { vendor: "runs" }), (client) => burst(client, 200))
    return Effect.gen(function* () {
      yield* Fiber.join(yield* run)
      yield* run
      yield* turns
      assert.strictEqual(server.seen.length, 300)
    })
  })

  it.effect.each([
    { what: "origin", other: { baseUrl: "https://eu.acme.test" } },
    { what: "account", other: { account: "eu" } },
    { what: "vendor", other: { vendor: "other" } }
  ])("is another for another $what", ({ other, what }) =>
    Effect.gen(function* () {
      const server = fakeVendor(() => json([]))
      const vendor = `of-${what}`
      const first = yield* client(server, { vendor })
      const second = yield* client(server, { vendor, ...other })
      assert.strictEqual(yield* sentAtOnce(server, [first, second]), 400)
    })
  )
})

describe("a budget that is provided", () => {
  it.effect("is spent in place of the process's", () =>
    Effect.gen(function* () {
      const server = fakeVendor(() => json([]))
      const first = yield* client(server, { vendor: "provided" })
      const second = yield* Effect.provide(client(server, { vendor: "provided" }), RequestBudget.layerMemory)
      assert.strictEqual(yield* sentAtOnce(server, [first, second]), 400)
    })
  )

  it.effect("may be any rate limiter, which is asked by vendor, account and origin", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const inner = yield* RateLimiter.make
      const recording: RateLimiter.RateLimiter = {
        ...inner,
        consume: (options) => {
          asked.push([options.key, options.limit, options.window])
          return inner.consume(options)
        }
      }
      const layer = Layer.provide(RequestBudget.layer, Layer.succeed(RateLimiter.RateLimiter, recording))
      const server = fakeVendor(() => json([]))
      const made = yield* Effect.provide(client(server, { account: "eu" }), layer)
      yield* made.read(rows)
      assert.deepStrictEqual(asked, [["colloquy:acme:eu:https://api.acme.test", 300, "1 minute"]])
    }).pipe(Effect.provide(RateLimiter.layerStoreMemory))
  )
})
