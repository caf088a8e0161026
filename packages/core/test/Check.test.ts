import { type Checkpoint, Pagination, type RequestPolicy } from "@colloquy/core"
import { Check, type VendorClient } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Result, Schema, Stream } from "effect"
import { codecOf } from "./acme.ts"
import { connect, fakeVendor, json } from "./vendor.ts"

const messageOf = <A>(effect: Effect.Effect<A, { readonly message: string }>) =>
  Effect.map(Effect.flip(effect), ({ message }) => message)

describe("a whole number", () => {
  it.effect.each([0, 1, 64])("may be %s", (value) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* Check.wholeNumber("n", value, { most: 64 }), value)
    })
  )

  it.effect.each([Number.NaN, -1, 65, 1.5, Infinity, -Infinity, 2 ** 60])("may not be %s", (value) =>
    Effect.gen(function* () {
      const message = yield* messageOf(Check.wholeNumber("parallel", value, { most: 64 }))
      assert.strictEqual(message, `parallel must be a whole number from 0 to 64; got ${value}`)
    })
  )

  it.effect("says its only bound", () =>
    Effect.gen(function* () {
      const message = yield* messageOf(Check.wholeNumber("n", 0, { least: 1 }))
      assert.strictEqual(message, "n must be a whole number, 1 or more; got 0")
    })
  )

  it.effect("is a number, whatever else a caller without types gives", () =>
    Effect.gen(function* () {
      const given: { readonly n: number } = JSON.parse('{"n":"7"}')
      assert.include(yield* messageOf(Check.wholeNumber("n", given.n)), "n must be a whole number")
    })
  )
})

describe("a share", () => {
  it.effect.each([0, 0.1, 1])("may be %s", (value) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* Check.share("share", value), value)
    })
  )

  it.effect.each([Number.NaN, -0.1, 1.1, Infinity])("may not be %s", (value) =>
    Effect.gen(function* () {
      const message = yield* messageOf(Check.share("share", value))
      assert.strictEqual(message, `share must be a number from 0 to 1; got ${value}`)
    })
  )
})

describe("a duration", () => {
  it.effect.each<Duration.Input>([0, 1.5, "2 minutes", { hours: 1 }, [1, 5], 7n, "Infinity"])(
    "may be %s",
    (input) =>
      Effect.gen(function* () {
        const given = yield* Check.duration("lookback", input)
        assert.deepStrictEqual(given, Duration.fromInputUnsafe(input))
      })
  )

  it.effect.each<Duration.Input>([
    Number.NaN,
    -1,
    "-1 seconds",
    "-Infinity",
    [Number.NaN, 0],
    { seconds: Number.NaN },
    { days: -1 }
  ])("may not be %s", (input) =>
    Effect.gen(function* () {
      const message = yield* messageOf(Check.duration("lookback", input))
      assert.include(message, "lookback must be a duration of 0 or more; got ")
    })
  )

  it.effect("may not be a word, or below its bound", () =>
    Effect.gen(function* () {
      const given: { readonly wait: Duration.Input } = JSON.parse('{"wait":"soon"}')
      assert.include(yield* messageOf(Check.duration("wait", given.wait)), "got soon")
      const message = yield* messageOf(Check.duration("wait", "1 second", { least: "1 minute" }))
      assert.strictEqual(message, "wait must be a duration of 1m or more; got 1 second")
    })
  )
})

describe("a walk", () => {
  const page = () => Effect.succeed(Pagination.received<string>([]))

  it.effect.each([Number.NaN, 0, -1, 1.5, 65])("is not begun with concurrency %s", (concurrency) =>
    Effect.gen(function* () {
      const strategy = Pagination.pageNumber({ ends: ["emptyPage"] })
      const walk = Stream.runDrain(Pagination.pages(strategy, page, { concurrency }))
      assert.strictEqual(
        yield* messageOf(walk),
        `concurrency must be a whole number from 1 to 64; got ${concurrency}`
      )
    })
  )

  it.effect.each([
    { what: "nothing", broken: () => "null" },
    { what: "no checkpoint", broken: () => "{}" },
    {
      what: "a count that is none",
      broken: (text: string) => text.replace('"received":1', '"received":1.5')
    },
    {
      what: "keys that are none",
      broken: (text: string) => text.replace(/"recent":\[.*?\]/, '"recent":null')
    }
  ])("is not begun from $what", ({ broken }) =>
    Effect.gen(function* () {
      const strategy = Pagination.pageNumber({ ends: ["total"] })
      const walk = (from?: Checkpoint) =>
        Stream.runCollect(
          Pagination.pages(strategy, () => Effect.succeed(Pagination.received(["a"], { total: 1 })), { from })
        )
      const [page] = yield* walk()
      const from: Checkpoint = JSON.parse(broken(JSON.stringify(page?.checkpoint)))
      assert.include(yield* messageOf(walk(from)), "from must be a checkpoint")
    })
  )

  it.effect.each([Number.NaN, 0, -1, 1.5, 101])("has no strategy with size %s", (size) =>
    Effect.gen(function* () {
      const strategy = Pagination.offset({ size, maxSize: 100, ends: ["emptyPage"] })
      const message = yield* messageOf(Stream.runDrain(Pagination.pages(strategy, page)))
      assert.strictEqual(message, `the page size must be a whole number from 1 to 100; got ${size}`)
    })
  )

  it.effect.each([Number.NaN, 0, -1])("has no strategy with a largest size of %s", (maxSize) =>
    Effect.gen(function* () {
      const strategy = Pagination.pageNumber({ maxSize, ends: ["emptyPage"] })
      const message = yield* messageOf(Stream.runDrain(Pagination.pages(strategy, page)))
      assert.include(message, "maxSize must be a whole number")
    })
  )
})

describe("a kept row", () => {
  const kept = { account: "default", conversationId: "c", index: 0, options: {}, ordinal: 0 }

  it.each([
    { name: "index", value: Number.NaN },
    { name: "index", value: -1 },
    { name: "index", value: 1.5 },
    { name: "ordinal", value: Number.NaN },
    { name: "ordinal", value: -1 },
    { name: "ordinal", value: 1.5 }
  ])("has no $name $value, whether it fits or not", ({ name, value }) => {
    for (const json of ["a", 7]) {
      const row = { ...kept, json, [name]: value }
      const reason = Result.getOrThrow(Result.flip(codecOf(Schema.String).decodeRow(row)))
      assert.strictEqual(reason._tag, "InvalidRequest")
      assert.include(reason.message, `${name} must be a whole number, 0 or more; got ${value}`)
    }
  })
})

describe("a vendor's client", () => {
  const made = (policy: Partial<RequestPolicy.Policy>, options: Partial<VendorClient.Options> = {}) => {
    const vendor = fakeVendor(() => json([]))
    return connect(vendor, { ...options, policy })
  }
  const wrong: ReadonlyArray<Partial<RequestPolicy.Policy>> = [
    { retries: Number.NaN },
    { retries: -1 },
    { retries: 0.5 },
    { baseDelay: Number.NaN },
    { baseDelay: "-1 seconds" },
    { maxRetryTime: -1 },
    { maxRetryAfter: Number.NaN },
    { maxRateLimitTime: { seconds: Number.NaN } },
    { timeout: Number.NaN },
    { timeout: 0 },
    { timeout: -5 },
    { maxBodyBytes: Number.NaN },
    { maxBodyBytes: 0 }
  ]

  it.effect.each(wrong)("is not made with the policy $0", (policy) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(made(policy))
      assert.strictEqual(error.reason._tag, "InvalidRequest")
      for (const name of Object.keys(policy)) assert.include(error.message, `RequestPolicy.${name} must be`)
    })
  )

  it.effect.each([
    { limit: 0, window: "1 minute" },
    { limit: Number.NaN, window: "1 minute" },
    { limit: 5, window: 0 },
    { limit: 5, window: Number.NaN }
  ] as const)("is not made with the rate limit $limit in $window", (rateLimit) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(made({}, { rateLimit }))
      assert.strictEqual(error.reason._tag, "InvalidRequest")
      assert.include(error.message, "rateLimit.")
    })
  )

  it.effect("is made with a policy that sets no bound", () =>
    made({ retries: 0, baseDelay: 0, maxRetryTime: 0, maxRateLimitTime: "Infinity", timeout: "Infinity" })
  )
})
