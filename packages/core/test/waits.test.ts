/**
 * How long a client waits, by what a vendor says of its rate limit.
 */
import type { ErrorTable } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Duration, Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { errors, fakeVendor, get, json } from "./vendor.ts"

const waits: ErrorTable.ErrorTable["waits"] = [
  { header: "RateLimit-Reset", unit: "seconds" },
  { header: "X-RateLimit-Reset", unit: "epochSeconds" },
  { header: "X-RateLimit-Reset-Ms", unit: "epochMillis" },
  { field: "retry_after_ms", unit: "millis" }
]

interface Said {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
  readonly status?: number
}

const now = 1_700_000_000_000

/** The milliseconds between an answer that says this, and the next try. */
const waitAfter = ({ body = {}, headers = {}, status = 429 }: Said, told = waits) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(now)
    const vendor = fakeVendor((nth) => (nth === 1 ? json(body, { status, headers }) : json([])))
    yield* get(vendor, { errors: { ...errors, waits: told } })
    return vendor.waits()[0] ?? 0
  })

describe("a rate limit", () => {
  it.effect.each<{ says: string; said: Said; wait: number }>([
    { says: "seconds in a header", said: { headers: { "ratelimit-reset": "20" } }, wait: 20_000 },
    {
      says: "a second since 1970",
      said: { headers: { "x-ratelimit-reset": `${now / 1000 + 30}` } },
      wait: 30_000
    },
    {
      says: "a millisecond since 1970",
      said: { headers: { "x-ratelimit-reset-ms": `${now + 7000}` } },
      wait: 7000
    },
    { says: "milliseconds in the body", said: { body: { retry_after_ms: 12_000 } }, wait: 12_000 },
    { says: "them as text", said: { body: { retry_after_ms: "12000" } }, wait: 12_000 },
    {
      says: "several, of which the first counts",
      said: { headers: { "ratelimit-reset": "20" }, body: { retry_after_ms: 5000 } },
      wait: 20_000
    },
    {
      says: "Retry-After too, which counts more",
      said: { headers: { "retry-after": "9", "ratelimit-reset": "20" } },
      wait: 9000
    },
    {
      says: "something unreadable, and then a number",
      said: { headers: { "ratelimit-reset": "limit=5, reset=50" }, body: { retry_after_ms: 5000 } },
      wait: 5000
    }
  ])("that says $says is waited for so long", ({ said, wait }) =>
    Effect.gen(function* () {
      const waited = yield* waitAfter(said)
      assert.isAtLeast(waited, wait)
      assert.isAtMost(waited, wait + 1000)
    })
  )

  it.effect.each<{ says: string; said: Said; told?: ErrorTable.ErrorTable["waits"] }>([
    { says: "a time that has passed", said: { headers: { "x-ratelimit-reset": "1000" } } },
    { says: "a negative wait", said: { body: { retry_after_ms: -5 } } },
    { says: "no number", said: { body: { retry_after_ms: { soon: true } } } },
    { says: "nothing", said: {} },
    {
      says: "a wait where this vendor's facts name none",
      said: { headers: { "ratelimit-reset": "20" } },
      told: []
    }
  ])("that says $says is tried again as if nothing was said", ({ said, told }) =>
    Effect.gen(function* () {
      assert.isAtMost(yield* waitAfter(said, told), 2000)
    })
  )

  it.effect("is no wait for a vendor that is down, whose headers tell of the next window", () =>
    Effect.gen(function* () {
      assert.isAtMost(yield* waitAfter({ status: 503, headers: { "ratelimit-reset": "59" } }), 1000)
    })
  )

  it.effect.prop(
    "that lasts longer than the policy allows fails at once, and says how long",
    { seconds: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 61, maximum: 1e12 }))) },
    ({ seconds }) =>
      Effect.gen(function* () {
        const vendor = fakeVendor(() =>
          json({}, { status: 429, headers: { "ratelimit-reset": `${seconds}` } })
        )
        const { reason } = yield* Effect.flip(get(vendor, { errors: { ...errors, waits } }))
        assert.strictEqual(reason._tag, "RateLimited")
        if (reason._tag !== "RateLimited" || reason.retryAfter === null) return assert.fail("no wait")
        assert.strictEqual(Duration.toSeconds(reason.retryAfter), seconds)
        assert.strictEqual(vendor.seen.length, 1)
      })
  )
})
