/**
 * A vendor's HTTP client: the one place where requests are addressed, authorised, limited, bounded, retried,
 * classified and traced.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Metric from "effect/Metric"
import type * as RateLimiter from "effect/persistence/RateLimiter"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import type * as ErrorTable from "./ErrorTable.ts"
import { type RateLimit, RequestBudget } from "./RequestBudget.ts"
import { make as makePolicy, type Policy } from "./RequestPolicy.ts"
import * as Address from "./address.ts"
import * as Exchange from "./exchange.ts"
import * as Check from "../model/Check.ts"
import { InvalidRequest, type Reason, SourceError, Timeout } from "../model/SourceError.ts"

/** What makes a vendor's client. */
export interface Options {
  /** The vendor's name in lower case. */
  readonly vendor: string
  /** The name of the credential. Default `default`. */
  readonly account?: string | undefined
  /** Scheme, host, port and an optional path prefix. Plain HTTP is for loopback only. */
  readonly baseUrl: string
  readonly token: Redacted.Redacted
  /** How a request shows the token. Default `Authorization: Bearer …`. */
  readonly authorization?: Exchange.Authorization | undefined
  readonly errors: ErrorTable.ErrorTable
  /** The limit of requests, if there is one; see `RequestBudget`. Default none. */
  readonly rateLimit?: RateLimit | null | undefined
  /** How requests are made, where that differs from `RequestPolicy.defaults`. */
  readonly policy?: Partial<Policy> | undefined
  /** Told of each request that is sent, sent again, or waits on a rate limit. Default nothing. */
  readonly onRequest?: ((event: RequestEvent) => Effect.Effect<void>) | undefined
}

/** What became of a request: it was sent, is to be sent again, or has waited on a rate limit. */
export type RequestEvent =
  | { readonly _tag: "Sent" }
  | { readonly _tag: "Retrying" }
  | { readonly _tag: "Waited"; readonly wait: Duration.Duration }

/** One GET. */
export interface Get extends Address.Target {
  /** What it is done for, such as `Chatling.messages`: the name of the span and of the error's operation. */
  readonly operation: string
}

export type { Target } from "./address.ts"
export type { Answer } from "./exchange.ts"

/** A client for one vendor and account. */
export interface VendorClient {
  readonly vendor: string
  readonly account: string
  /** A successful answer: its parsed JSON, and its headers. */
  readonly get: (request: Get) => Effect.Effect<Exchange.Answer, SourceError>
}

/** Requests sent, by vendor and account. */
export const requestCount = Metric.counter("colloquy_requests", {
  description: "Requests sent to a vendor",
  incremental: true
})
/** Requests sent again, by vendor and account. */
export const retryCount = Metric.counter("colloquy_retries", {
  description: "Requests sent again after a failure",
  incremental: true
})
/** Milliseconds waited on a vendor's rate limit, by vendor and account. */
export const rateLimitWait = Metric.counter("colloquy_rate_limit_wait_millis", {
  description: "Milliseconds waited on a vendor's rate limit",
  incremental: true
})

/**
 * Builds a vendor's client over whichever `HttpClient` is provided.
 *
 * Fails with `InvalidRequest` if the base URL is not one, has credentials in it, or is plain HTTP to anything but
 * loopback, and if a number of the rate limit or of the `RequestPolicy` is none that can be followed.
 */
export const make = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<VendorClient, SourceError, HttpClient.HttpClient> {
  const { vendor, account = "default" } = options
  const fail = (operation: string) => (reason: Reason) =>
    new SourceError({ vendor, account, operation, reason })
  const base = yield* Effect.mapError(Address.base(options.baseUrl), fail("connect"))
  if (!isHeaderValue(Redacted.value(options.token))) {
    return yield* fail("connect")(
      InvalidRequest.refuse("the token is empty or has a character that no key has")
    )
  }
  const send = yield* Exchange.make(options)
  const budget = yield* RequestBudget
  const policy = yield* Effect.mapError(makePolicy(options.policy), fail("connect"))
  yield* Effect.mapError(checkedLimit(options.rateLimit), fail("connect"))
  const watch = watching({ vendor, account }, options.onRequest)
  const key = `colloquy:${vendor}:${account}:${new URL(base).origin}`
  const admit = limited(budget, options.rateLimit, key, watch)
  const admitted = admit === undefined ? watch.sent : Effect.andThen(admit, watch.sent)
  const expired = expiry(policy.timeout)
  const span = { attributes: { "colloquy.vendor": vendor, "colloquy.account": account } }

  const get = (request: Get): Effect.Effect<Exchange.Answer, SourceError> =>
    Effect.flatMap(Address.resolve(base, request), (url) =>
      retrying(Effect.andThen(admitted, Effect.raceFirst(send(url, policy), expired)), policy, watch)
    ).pipe(
      Effect.mapError(fail(request.operation)),
      Effect.withSpan(request.operation, span, { captureStackTrace: false })
    )
  return { vendor, account, get }
})

/** Who is told of requests: the process's metrics, and the one who made the client. */
interface Watch {
  readonly attributes: Readonly<Record<string, string>>
  readonly sent: Effect.Effect<void>
  readonly retrying: Effect.Effect<void>
  readonly waited: (wait: Duration.Duration) => Effect.Effect<void>
}

const watching = (
  attributes: Readonly<Record<string, string>>,
  onRequest: Options["onRequest"] = () => Effect.void
): Watch => {
  const count = (metric: Metric.Counter<number>, amount: number) =>
    Metric.update(Metric.withAttributes(metric, attributes), amount)
  return {
    attributes,
    sent: Effect.andThen(count(requestCount, 1), onRequest({ _tag: "Sent" })),
    retrying: Effect.andThen(count(retryCount, 1), onRequest({ _tag: "Retrying" })),
    waited: (wait) =>
      Effect.andThen(count(rateLimitWait, Duration.toMillis(wait)), onRequest({ _tag: "Waited", wait }))
  }
}

/** Visible ASCII: anything else would break the header, and the transport would say so with the token in its words. */
const isHeaderValue = (token: string): boolean => /^[!-~]+$/.test(token)

const checkedLimit = (limit: RateLimit | null | undefined): Effect.Effect<unknown, InvalidRequest> =>
  limit == null
    ? Effect.void
    : Effect.andThen(
        Check.wholeNumber("rateLimit.limit", limit.limit, { least: 1 }),
        Check.duration("rateLimit.window", limit.window, { least: "1 millis" })
      )

/** Waits for a place under the documented limit; undefined if there is none. */
const limited = (
  limiter: RateLimiter.RateLimiter,
  limit: RateLimit | null | undefined,
  key: string,
  watch: Watch
): Effect.Effect<void> | undefined => {
  if (limit == null) return undefined
  return limiter.consume({ key, limit: limit.limit, window: limit.window, onExceeded: "delay" }).pipe(
    Effect.orDie,
    Effect.flatMap(({ delay }) => (Duration.isZero(delay) ? Effect.void : pause(delay, watch)))
  )
}

const pause = (delay: Duration.Duration, { attributes, waited }: Watch): Effect.Effect<void> =>
  Effect.logInfo(`waiting ${millis(delay)} for the rate limit`).pipe(
    Effect.annotateLogs(attributes),
    Effect.andThen(Effect.sleep(delay)),
    Effect.andThen(waited(delay))
  )

/** Fails when a request has taken too long. */
const expiry = (timeout: Duration.Input): Effect.Effect<never, Timeout> => {
  const after = Duration.fromInputUnsafe(timeout)
  return Effect.flatMap(Effect.sleep(after), () => Effect.fail(new Timeout({ after })))
}

/**
 * Retries the whole exchange: passing failures a few times with growing waits, rate limits for as long as the
 * policy allows. A wait on a rate limit spends no retry. Nothing is set up before the first failure.
 */
const retrying = <A>(
  once: Effect.Effect<A, Reason>,
  policy: Policy,
  watch: Watch
): Effect.Effect<A, Reason> =>
  Effect.catch(once, (reason) => {
    if (!reason.isRetryable) return Effect.fail(reason)
    let first = true
    const again = Effect.suspend(() => {
      if (!first) return once
      first = false
      return Effect.fail(reason)
    })
    return again.pipe(Effect.retry(backoff(policy, watch)), Effect.retry(patience(policy, watch)))
  })

/** Waits before another try, for failures that pass. */
const backoff = (policy: Policy, watch: Watch) => {
  const own = budget(policy.maxRetryTime)
  return Schedule.exponential(policy.baseDelay).pipe(
    Schedule.setInputType<Reason>(),
    Schedule.while(
      ({ input }) => input.isRetryable && input._tag !== "RateLimited" && isBearable(input, policy)
    ),
    Schedule.while(() => own.allows(Duration.zero)),
    Schedule.jittered,
    Schedule.upTo({ times: policy.retries }),
    Schedule.modifyDelay(({ duration, input }) => {
      const wait = Duration.max(askedBy(input), own.take(duration))
      return told(Effect.logDebug(`trying again in ${millis(wait)}: ${input.message}`), wait, watch)
    })
  )
}

/** Waits before another try, for rate limits. */
const patience = (policy: Policy, watch: Watch) => {
  const limit = budget(policy.maxRateLimitTime)
  return Schedule.exponential("1 second").pipe(
    Schedule.setInputType<Reason>(),
    Schedule.while(({ input }) => input._tag === "RateLimited" && isBearable(input, policy)),
    Schedule.while(({ input }) => limit.allows(askedBy(input))),
    Schedule.jittered,
    Schedule.modifyDelay(({ duration, input }) => {
      const wait = limit.take(Duration.max(askedBy(input), duration))
      const log = Effect.logInfo(`rate limited, going on in ${millis(wait)}: ${input.message}`)
      return Effect.tap(told(log, wait, watch), watch.waited(wait))
    })
  )
}

/** Whether the vendor asks for no longer a wait than the policy bears. */
const isBearable = (reason: Reason, policy: Policy): boolean =>
  Duration.isLessThanOrEqualTo(askedBy(reason), Duration.fromInputUnsafe(policy.maxRetryAfter))

/** Counts and logs a wait before a retry, and gives it back to the schedule. */
const told = (
  log: Effect.Effect<void>,
  wait: Duration.Duration,
  watch: Watch
): Effect.Effect<Duration.Duration> =>
  watch.retrying.pipe(Effect.andThen(Effect.annotateLogs(log, watch.attributes)), Effect.as(wait))

/** How long one request may still wait, for one kind of reason. */
interface Budget {
  /** Whether a wait of this length fits, and any time is left at all. */
  readonly allows: (wait: Duration.Duration) => boolean
  /** Spends a wait, cut to what is left. */
  readonly take: (wait: Duration.Duration) => Duration.Duration
}

const budget = (within: Duration.Input): Budget => {
  let left = Duration.toMillis(within)
  return {
    allows: (wait) => left > 0 && Duration.toMillis(wait) <= left,
    take: (wait) => {
      const taken = Math.min(left, Duration.toMillis(wait))
      left -= taken
      return Duration.millis(taken)
    }
  }
}

/** How long the vendor asked to wait; zero if it did not. */
const askedBy = (reason: Reason): Duration.Duration =>
  "retryAfter" in reason && reason.retryAfter !== null ? reason.retryAfter : Duration.zero

const millis = (wait: Duration.Duration): string => `${Math.ceil(Duration.toMillis(wait))} ms`
