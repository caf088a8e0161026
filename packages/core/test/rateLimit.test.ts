import { VendorClient } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Redacted } from "effect"
import { HttpClient } from "effect/http"
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

/** Two clients, each from a layer of its own that brings the limiter, built together. */
const twoClients = (server: FakeVendor, first: string, second: string) =>
  Layer.mergeAll(
    Layer.effect(First, VendorClient.make(options(first))).pipe(Layer.provide(VendorClient.layerRateLimiter)),
    Layer.effect(Second, VendorClient.make(options(second))).pipe(
      Layer.provide(VendorClient.layerRateLimiter)
    )
  ).pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, server.client)))

/** Starts `count` requests at once. */
const burst = (client: VendorClient.VendorClient, count: number) =>
  Effect.forkChild(
    Effect.all(
      Array.from({ length: count }, () => client.get(rows)),
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
