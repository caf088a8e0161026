import { VendorClient } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Metric, Schema, Stream } from "effect"
import { codecOf, listingOf, read } from "./acme.ts"
import { connect, fakeVendor, get, json, rows, settle } from "./vendor.ts"

/** The numbers of a metric of one vendor, by its other attributes. */
const seriesOf = (
  id: string,
  vendor: string
): Effect.Effect<ReadonlyArray<Readonly<Record<string, string | number>>>> =>
  Effect.map(Metric.snapshot, (all) =>
    all.flatMap((metric) => {
      const { vendor: own, ...attributes } = metric.attributes ?? {}
      if (metric.id !== id || own !== vendor || !("count" in metric.state)) return []
      return [{ ...attributes, count: Number(metric.state.count) }]
    })
  )

describe("metrics of requests", () => {
  it.effect("count failures by reason, also those that were sent again", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor((nth) => {
        if (nth <= 2) return json({}, { status: 503 })
        return nth === 3 ? "reset" : json({ message: "who?" }, { status: 403 })
      })
      yield* Effect.flip(get(vendor, { vendor: "failing", account: "eu" }))
      assert.sameDeepMembers(
        [...(yield* seriesOf("colloquy_request_failures", "failing"))],
        [
          { account: "eu", reason: "Unavailable", count: 2 },
          { account: "eu", reason: "Transport", count: 1 },
          { account: "eu", reason: "Forbidden", count: 1 }
        ]
      )
    })
  )

  it.effect("time each request, and not the waits between them", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor((nth) => (nth === 1 ? "silence" : json([])))
      yield* get(vendor, { vendor: "slow", policy: { timeout: "20 seconds", baseDelay: "25 seconds" } })
      const attributes = { vendor: "slow", account: "default" }
      const { count, max, min } = yield* Metric.value(
        Metric.withAttributes(VendorClient.requestDuration, attributes)
      )
      assert.deepStrictEqual({ count, min, max }, { count: 2, min: 0, max: 20_000 })
    })
  )

  it.effect("have neither time nor failure of a request that was interrupted", () =>
    Effect.gen(function* () {
      const client = yield* connect(
        fakeVendor(() => "silence"),
        { vendor: "left" }
      )
      yield* settle(Effect.timeoutOption(client.read(rows), "5 seconds"))
      assert.deepStrictEqual(yield* seriesOf("colloquy_request_failures", "left"), [])
      assert.deepStrictEqual(yield* seriesOf("colloquy_request_duration", "left"), [])
      assert.deepStrictEqual(yield* seriesOf("colloquy_requests", "left"), [{ account: "default", count: 1 }])
    })
  )
})

describe("metrics of walks", () => {
  const listing = listingOf(codecOf(Schema.Int))
  const pages = (nth: number) => json(nth === 1 ? Array.from({ length: 10 }, (_, row) => row) : [])
  const walks = (vendor: string) =>
    Effect.all({
      completed: seriesOf("colloquy_walks_completed", vendor),
      failed: seriesOf("colloquy_walk_failures", vendor)
    })
  const told = { account: "default", operation: "Acme.rows", count: 1 }

  it.effect("count one that ends on a proof, once", () =>
    Effect.gen(function* () {
      yield* read(fakeVendor(pages), listing, {}, { vendor: "whole" })
      assert.deepStrictEqual(yield* walks("whole"), { completed: [told], failed: [] })
    })
  )

  it.effect("count one that fails, by reason", () =>
    Effect.gen(function* () {
      const same = () => json(Array.from({ length: 10 }, (_, row) => row))
      yield* Effect.flip(read(fakeVendor(same), listing, {}, { vendor: "broken" }))
      const failed = [{ ...told, reason: "IncompleteWalk" }]
      assert.deepStrictEqual(yield* walks("broken"), { completed: [], failed })
    })
  )

  it.effect("do not count one that its reader leaves early", () =>
    Effect.gen(function* () {
      const client = yield* connect(fakeVendor(pages), { vendor: "left early" })
      const walk = listing.of({}).pages(client, { account: "default", conversationId: "" }, {})
      yield* Stream.runDrain(Stream.take(walk, 1))
      assert.deepStrictEqual(yield* walks("left early"), { completed: [], failed: [] })
    })
  )
})
