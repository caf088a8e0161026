/**
 * How a client makes one request: tries, waits, timeouts and bounds, the same for every vendor.
 *
 * One request takes at most `retries + 1` tries of `timeout` each, plus the waits between them: `maxRetryTime` in
 * all, or as long as `Retry-After` asks, up to `maxRetryAfter` each. By default, a server that never answers fails
 * after 155 seconds, and a server that asks for a minute each time fails after seven minutes. Waits on rate limits
 * add up to `maxRateLimitTime`, and each of them resets the count of tries. A request that is sent again with a new token
 * begins anew, once.
 *
 * To bound the whole read, put `Effect.timeout` around the effect that runs the stream. Do not use `Stream.timeout`:
 * it ends the stream as if it were complete.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Check from "../model/Check.ts"
import type { InvalidRequest } from "../model/SourceError.ts"

/**
 * The numbers of the policy. Pass those that differ from the defaults as `policy` of a connection.
 *
 * **Example** (No retries, small bodies)
 *
 * ```ts
 * import type { RequestPolicy } from "@colloquy/core"
 *
 * export const policy: Partial<RequestPolicy.Policy> = { retries: 0, maxBodyBytes: 1024 * 1024 }
 * ```
 */
export interface Policy {
  /** Retries of a failed request; waits on a rate limit do not count. Default 4. */
  readonly retries: number
  /** The first wait before a retry; each further wait is twice as long, with jitter. Default 250 ms. */
  readonly baseDelay: Duration.Input
  /** The sum of these waits, without what `Retry-After` adds. Default 30 s. */
  readonly maxRetryTime: Duration.Input
  /** The longest accepted `Retry-After`; a longer one fails at once with the error that carries it. Default 60 s. */
  readonly maxRetryAfter: Duration.Input
  /** The sum of a request's waits on rate limits. Default 2 minutes. */
  readonly maxRateLimitTime: Duration.Input
  /** The time for one try, to the last byte of its body. Default 30 s. */
  readonly timeout: Duration.Input
  /** The largest body, unpacked, in bytes. Default 32 MiB. */
  readonly maxBodyBytes: number
  /**
   * The number of values in a body: objects, lists and their elements. In memory, a value takes far more than its two
   * characters of text. Default 1,000,000.
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

/** Completes a policy with the {@link defaults}; fails with `InvalidRequest` for a number out of range. */
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
