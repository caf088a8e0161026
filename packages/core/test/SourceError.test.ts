import {
  Forbidden,
  IncompleteWalk,
  InvalidRequest,
  InvalidResponse,
  NotFound,
  QuotaExhausted,
  RateLimited,
  type Reason,
  SourceError,
  Timeout,
  Transport,
  Unauthorized,
  Unavailable
} from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Schema, Stream } from "effect"

const said = { status: 400, code: "7", vendorMessage: "as the vendor put it" }
const checkpoint = {
  version: 2,
  fingerprint: "d1_0",
  page: 4,
  offset: null,
  cursor: null,
  size: 100,
  received: 300,
  shift: 0,
  inPage: 100,
  recent: ["m298", "m299"],
  identity: { known: { hello: 2 } }
} as const

const reasons: ReadonlyArray<{ reason: Reason; retryable: boolean; advice: string }> = [
  { reason: new Unauthorized(said), retryable: false, advice: "API key" },
  { reason: new Forbidden(said), retryable: false, advice: "rights" },
  { reason: new NotFound(said), retryable: false, advice: "check the ids" },
  {
    reason: new InvalidRequest({ ...said, problem: "the size is 0" }),
    retryable: false,
    advice: "the size is 0"
  },
  {
    reason: new RateLimited({ ...said, retryAfter: Duration.seconds(90) }),
    retryable: true,
    advice: "1m 30s"
  },
  { reason: new QuotaExhausted(said), retryable: false, advice: "plan" },
  { reason: new Unavailable({ ...said, retryAfter: null }), retryable: true, advice: "try again later" },
  { reason: new Timeout({ after: Duration.seconds(30) }), retryable: true, advice: "30s" },
  { reason: new Transport({ problem: "ECONNREFUSED" }), retryable: true, advice: "check the network" },
  {
    reason: new InvalidResponse({ ...said, kind: "record", problem: "no text", position: 17 }),
    retryable: false,
    advice: "at row 17"
  },
  {
    reason: new InvalidResponse({ ...said, kind: "truncated", problem: "breaks off", position: null }),
    retryable: true,
    advice: "breaks off"
  },
  {
    reason: new IncompleteWalk({ kind: "totalNotReached", evidence: "300 of 400", checkpoint }),
    retryable: false,
    advice: "300 rows were read"
  }
]

const errorOf = (reason: Reason) => new SourceError({ vendor: "acme", operation: "Acme.rows", reason })
const codec = Schema.toCodecJson(SourceError)

const onlyNotFound = (reason: Reason) =>
  Effect.fail(errorOf(reason)).pipe(
    Effect.catchReason("SourceError", "NotFound", ({ code }) => Effect.succeed(`gone, code ${code}`))
  )

describe("a source error", () => {
  it.effect.each(reasons)(
    "with $reason._tag says what to do, and whether trying again helps",
    ({ advice, reason, retryable }) =>
      Effect.gen(function* () {
        const error = errorOf(reason)
        assert.isTrue(error.message.startsWith("acme: "))
        assert.include(error.message, advice)
        assert.strictEqual(error.isRetryable, retryable)
        if ("vendorMessage" in reason)
          assert.include(error.message, 'HTTP 400, code 7, "as the vendor put it"')
        const back = yield* Schema.decodeEffect(codec)(yield* Schema.encodeEffect(codec)(error))
        assert.deepStrictEqual({ ...back.reason }, { ...reason })
        assert.strictEqual(back.message, error.message)
      })
  )

  it.effect("gives one reason to catchReason and keeps the others", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* onlyNotFound(new NotFound(said)), "gone, code 7")
      const kept = yield* Effect.flip(onlyNotFound(new Unauthorized(said)))
      assert.strictEqual(kept.reason._tag, "Unauthorized")
    })
  )

  it.effect("gives one reason to a stream's catchReason", () =>
    Effect.gen(function* () {
      const rows = Stream.make(1, 2).pipe(
        Stream.concat(Stream.fail(errorOf(new NotFound(said)))),
        Stream.catchReason("SourceError", "NotFound", () => Stream.make(3))
      )
      assert.deepStrictEqual(yield* Stream.runCollect(rows), [1, 2, 3])
    })
  )

  it.effect.each(reasons)(
    "with $reason._tag is handled by unwrapReason and catchTags, exhaustively",
    ({ reason }) =>
      Effect.gen(function* () {
        const name = Effect.fail(errorOf(reason)).pipe(
          Effect.unwrapReason("SourceError"),
          Effect.catchTags({
            Unauthorized: ({ _tag }) => Effect.succeed(_tag),
            Forbidden: ({ _tag }) => Effect.succeed(_tag),
            NotFound: ({ _tag }) => Effect.succeed(_tag),
            InvalidRequest: ({ _tag }) => Effect.succeed(_tag),
            RateLimited: ({ _tag }) => Effect.succeed(_tag),
            QuotaExhausted: ({ _tag }) => Effect.succeed(_tag),
            Unavailable: ({ _tag }) => Effect.succeed(_tag),
            Timeout: ({ _tag }) => Effect.succeed(_tag),
            Transport: ({ _tag }) => Effect.succeed(_tag),
            InvalidResponse: ({ _tag }) => Effect.succeed(_tag),
            IncompleteWalk: ({ _tag }) => Effect.succeed(_tag)
          })
        )
        // Nothing is left to fail with: the type says so, and the next line would not compile otherwise.
        const total: Effect.Effect<string> = name
        assert.strictEqual(yield* total, reason._tag)
      })
  )
})
