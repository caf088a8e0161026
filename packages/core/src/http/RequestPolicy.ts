/**
 * How requests are made: one policy for every vendor, changed in one place.
 *
 * How long one request may take in all: `retries + 1` tries of `timeout` each, and the waits between them, of
 * `maxRetryTime` together or as long as `Retry-After` asks, up to `maxRetryAfter` each. A server that lets every try wait to
 * its end is given up after 155 seconds by default; one that asks for a minute each time after seven minutes. Waits on
 * rate limits come on top, `maxRateLimitTime` together, and after each of them tries are counted anew. For a bound over
 * all of that put `Effect.timeout` around what runs the stream; `Stream.timeout` would end it as if it were whole.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Check from "../model/Check.ts"
import type { InvalidRequest } from "../model/SourceError.ts"

/** The numbers of the policy. */
export interface Policy {
  /** How often a failed request is tried again; waits on a rate limit are not counted. Default 4. */
  readonly retries: number
  /** The first wait before a retry; each next one is twice as long, with jitter. Default 250 ms. */
  readonly baseDelay: Duration.Input
  /** How long those waits may last in all, what `Retry-After` adds not counted. Default 30 s. */
  readonly maxRetryTime: Duration.Input
  /** The longest `Retry-After` that is waited for; beyond it the error comes at once, with it. Default 60 s. */
  readonly maxRetryAfter: Duration.Input
  /** How long one request may wait on rate limits in all. Default 2 minutes. */
  readonly maxRateLimitTime: Duration.Input
  /** How long one try may take, to the last byte of its body, however it comes. Default 30 s. */
  readonly timeout: Duration.Input
  /** The largest body that is read, unpacked. Default 32 MiB. */
  readonly maxBodyBytes: number
  /**
   * How many values a body may hold: objects, lists and what is in them. A value takes far more memory than the two
   * characters that it may be written in. Default 1,000,000.
   */
  readonly maxBodyValues: number
}

/** The defaults. */
export const defaults: Policy = {
  retries: 4,
  baseDelay: "250 millis",
  maxRetryTime: "30 seconds",
  maxRetryAfter: "60 seconds",
  maxRateLimitTime: "2 minutes",
  timeout: "30 seconds",
  maxBodyBytes: 32 * 1024 * 1024,
  maxBodyValues: 1_000_000
}

/** The policy that these numbers give over the {@link defaults}; fails with `InvalidRequest` if one cannot be followed. */
export const make = Effect.fnUntraced(function* (
  numbers: Partial<Policy> = {}
): Effect.fn.Return<Policy, InvalidRequest> {
  const policy = { ...defaults, ...numbers }
  yield* Check.wholeNumber("RequestPolicy.retries", policy.retries)
  yield* Check.duration("RequestPolicy.baseDelay", policy.baseDelay)
  yield* Check.duration("RequestPolicy.maxRetryTime", policy.maxRetryTime)
  yield* Check.duration("RequestPolicy.maxRetryAfter", policy.maxRetryAfter)
  yield* Check.duration("RequestPolicy.maxRateLimitTime", policy.maxRateLimitTime)
  yield* Check.duration("RequestPolicy.timeout", policy.timeout, { least: "1 millis" })
  yield* Check.wholeNumber("RequestPolicy.maxBodyBytes", policy.maxBodyBytes, { least: 1 })
  yield* Check.wholeNumber("RequestPolicy.maxBodyValues", policy.maxBodyValues, { least: 1 })
  return policy
})
