/**
 * A vendor's HTTP client: the only place that addresses, authorises, limits, bounds, retries, classifies and traces
 * requests.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as RateLimiter from "effect/persistence/RateLimiter"
import * as Schedule from "effect/Schedule"
import type { Token } from "./Connection.ts"
import type * as ErrorTable from "./ErrorTable.ts"
import { type RateLimit, RequestBudget } from "./RequestBudget.ts"
import { make as makePolicy, type Policy } from "./RequestPolicy.ts"
import * as Address from "./address.ts"
import * as Exchange from "./exchange.ts"
import * as Metrics from "./metrics.ts"
import * as TokenState from "./token.ts"
import * as Check from "../model/Check.ts"
import { type InvalidRequest, type Reason, SourceError, Timeout } from "../model/SourceError.ts"

/** What a client is made of. */
export interface Options {
  /** The vendor's name in lower case. */
  readonly vendor: string
  /** The name of the credential. Default `default`. */
  readonly account?: string | undefined
  /** Scheme, host, port and an optional path prefix. Plain HTTP is for loopback only. */
  readonly baseUrl: string
  /** The token, or an effect that reads it; see `Connection.Token`. */
  readonly token: Token
  /** The header or query parameter with the token. Default the header `Authorization: Bearer …`. */
  readonly authorization?: Exchange.Authorization | undefined
  readonly errors: ErrorTable.ErrorTable
  /** The limit of requests; see `RequestBudget`. Default none. */
  readonly rateLimit?: RateLimit | null | undefined
  /** Numbers that differ from `RequestPolicy.defaults`. */
  readonly policy?: Partial<Policy> | undefined
  /** Called for each request that is sent, retried, or delayed by a rate limit. Default: nothing. */
  readonly onRequest?: ((event: RequestEvent) => Effect.Effect<void>) | undefined
}

/** An event of a request: it was sent, it will be retried, or it has waited on a rate limit. */
export type RequestEvent =
  | { readonly _tag: "Sent" }
  | { readonly _tag: "Retrying" }
  | { readonly _tag: "Waited"; readonly wait: Duration.Duration }

/** A request that reads: a GET, or a POST if it has a body. */
export interface Request extends Address.Target {
  /** The operation, such as `Chatling.messages`: the name of the span, and the operation of errors. */
  readonly operation: string
}

export type { Target } from "./address.ts"
export type { Answer, Authorization } from "./exchange.ts"

/** A client for one vendor and account. */
export interface VendorClient {
  readonly vendor: string
  readonly account: string
  /**
   * Sends a request; gives the parsed JSON and the headers of a successful answer. A POST is retried as a GET is,
   * because it only reads.
   */
  readonly read: (request: Request) => Effect.Effect<Exchange.Answer, SourceError>
}

export { failureCount, rateLimitWait, requestCount, requestDuration, retryCount } from "./metrics.ts"

/**
 * Makes a client over the provided `HttpClient`.
 *
 * Fails with `InvalidRequest` for a token that is not valid or cannot be read, an invalid number of the rate limit or
 * the `RequestPolicy`, and a base URL that is malformed, holds credentials, or is plain HTTP to anything but loopback.
 */
export const make = (options: Options): Effect.Effect<VendorClient, SourceError, HttpClient.HttpClient> =>
  Effect.flatMap(connect(options), (clientOf) => clientOf(options.baseUrl))

/**
 * Makes the function that makes the clients of a connection, one for each base URL. They share the token. Fails as
 * {@link make} does.
 */
export const connect = Effect.fnUntraced(function* (
  options: Omit<Options, "baseUrl">
): Effect.fn.Return<
  (baseUrl: string) => Effect.Effect<VendorClient, SourceError>,
  SourceError,
  HttpClient.HttpClient
> {
  const { vendor, account = "default" } = options
  const fail = (operation: string) => (reason: Reason) =>
    new SourceError({ vendor, account, operation, reason })
  const policy = yield* Effect.mapError(makePolicy(options.policy), fail("connect"))
  const param = options.authorization && "query" in options.authorization ? options.authorization.query : null
  const token = yield* Effect.mapError(TokenState.make(options.token, policy.timeout, param), fail("connect"))
  const send = yield* Exchange.make(options)
  const budget = yield* RequestBudget
  yield* Effect.mapError(checkRateLimit(options.rateLimit), fail("connect"))
  const observer = Metrics.observer({ vendor, account }, options.onRequest)
  const timedOut = failAfter(policy.timeout)
  const span = { attributes: { "colloquy.vendor": vendor, "colloquy.account": account } }

  return Effect.fnUntraced(function* (baseUrl) {
    const base = yield* Effect.mapError(Address.base(baseUrl), fail("connect"))
    const key = `colloquy:${vendor}:${account}:${new URL(base).origin}`
    const admit = waitForBudget(budget, options.rateLimit, key, observer)
    const admitted = admit === undefined ? observer.sent : Effect.andThen(admit, observer.sent)

    const read = (request: Request): Effect.Effect<Exchange.Answer, SourceError> =>
      Effect.flatMap(Address.resolve(base, request), (resolved) => {
        const once = (sent: TokenState.Current) =>
          Effect.andThen(
            admitted,
            observer.answered(Effect.raceFirst(send(sent, resolved, policy), timedOut))
          )
        return renewing(token, (sent) => retrying(once(sent), policy, observer), observer)
      }).pipe(
        Effect.mapError(fail(request.operation)),
        Effect.withSpan(request.operation, span, { captureStackTrace: false })
      )
    return { vendor, account, read }
  })
})

const checkRateLimit = (limit: RateLimit | null | undefined): Effect.Effect<unknown, InvalidRequest> =>
  limit == null
    ? Effect.void
    : Effect.andThen(
        Check.wholeNumber("rateLimit.limit", limit.limit, { least: 1 }),
        Check.duration("rateLimit.window", limit.window, { least: "1 millis" })
      )

/** Waits for a request under the limit; undefined without a limit. */
const waitForBudget = (
  limiter: RateLimiter.RateLimiter,
  limit: RateLimit | null | undefined,
  key: string,
  observer: Metrics.RequestObserver
): Effect.Effect<void> | undefined => {
  if (limit == null) return undefined
  return limiter.consume({ key, limit: limit.limit, window: limit.window, onExceeded: "delay" }).pipe(
    Effect.orDie,
    Effect.flatMap(({ delay }) => (Duration.isZero(delay) ? Effect.void : pause(delay, observer)))
  )
}

const pause = (
  delay: Duration.Duration,
  { attributes, waited }: Metrics.RequestObserver
): Effect.Effect<void> =>
  Effect.logDebug(`waiting ${millis(delay)} for the rate limit`).pipe(
    Effect.annotateLogs(attributes),
    Effect.andThen(Effect.sleep(delay)),
    Effect.andThen(waited(delay))
  )

/** Fails after the timeout. */
const failAfter = (timeout: Duration.Input): Effect.Effect<never, Timeout> => {
  const after = Duration.fromInputUnsafe(timeout)
  return Effect.flatMap(Effect.sleep(after), () => Effect.fail(new Timeout({ after })))
}

/** Sends again, once, if the vendor refuses the token and the connection has another one. */
const renewing = <A>(
  token: TokenState.TokenState,
  tried: (sent: TokenState.Current) => Effect.Effect<A, Reason>,
  observer: Metrics.RequestObserver
): Effect.Effect<A, Reason> => {
  const sent = token.current()
  return Effect.catchTag(tried(sent), "Unauthorized", (refusal) =>
    token
      .renew(sent, refusal)
      .pipe(
        Effect.andThen(Effect.logInfo("the vendor refused the token; trying again with a new one")),
        Effect.annotateLogs(observer.attributes),
        Effect.andThen(observer.retrying),
        Effect.andThen(Effect.suspend(() => tried(token.current())))
      )
  )
}

/**
 * Retries the whole exchange: temporary failures a few times with growing waits, rate limits as long as the policy
 * allows. A wait on a rate limit is not a retry. Nothing is allocated before the first failure.
 */
const retrying = <A>(
  once: Effect.Effect<A, Reason>,
  policy: Policy,
  observer: Metrics.RequestObserver
): Effect.Effect<A, Reason> =>
  Effect.catch(once, (reason) => {
    if (!reason.isRetryable) return Effect.fail(reason)
    let first = true
    const again = Effect.suspend(() => {
      if (!first) return once
      first = false
      return Effect.fail(reason)
    })
    return again.pipe(
      Effect.retry(retrySchedule(policy, observer)),
      Effect.retry(rateLimitSchedule(policy, observer))
    )
  })

/** The waits before retries of temporary failures. */
const retrySchedule = (policy: Policy, observer: Metrics.RequestObserver) => {
  const allowance = waitAllowance(policy.maxRetryTime)
  return Schedule.exponential(policy.baseDelay).pipe(
    Schedule.setInputType<Reason>(),
    Schedule.while(
      ({ input }) => input.isRetryable && input._tag !== "RateLimited" && isWithinMaxRetryAfter(input, policy)
    ),
    Schedule.while(() => allowance.allows(Duration.zero)),
    Schedule.jittered,
    Schedule.upTo({ times: policy.retries }),
    Schedule.modifyDelay(({ duration, input }) => {
      const wait = Duration.max(retryAfterOf(input), allowance.take(duration))
      return recordWait(Effect.logDebug(`trying again in ${millis(wait)}: ${input.message}`), wait, observer)
    })
  )
}

/** The waits before retries of rate-limited requests. */
const rateLimitSchedule = (policy: Policy, observer: Metrics.RequestObserver) => {
  const allowance = waitAllowance(policy.maxRateLimitTime)
  return Schedule.exponential("1 second").pipe(
    Schedule.setInputType<Reason>(),
    Schedule.while(({ input }) => input._tag === "RateLimited" && isWithinMaxRetryAfter(input, policy)),
    Schedule.while(({ input }) => allowance.allows(retryAfterOf(input))),
    Schedule.jittered,
    Schedule.modifyDelay(({ duration, input }) => {
      const wait = allowance.take(Duration.max(retryAfterOf(input), duration))
      const log = Effect.logDebug(`rate limited, resuming in ${millis(wait)}: ${input.message}`)
      return Effect.tap(recordWait(log, wait, observer), observer.waited(wait))
    })
  )
}

/** Whether the vendor asks for no longer a wait than the policy accepts. */
const isWithinMaxRetryAfter = (reason: Reason, policy: Policy): boolean =>
  Duration.isLessThanOrEqualTo(retryAfterOf(reason), Duration.fromInputUnsafe(policy.maxRetryAfter))

/** Counts and logs a wait before a retry, and returns it to the schedule. */
const recordWait = (
  log: Effect.Effect<void>,
  wait: Duration.Duration,
  observer: Metrics.RequestObserver
): Effect.Effect<Duration.Duration> =>
  observer.retrying.pipe(Effect.andThen(Effect.annotateLogs(log, observer.attributes)), Effect.as(wait))

/** The remaining waiting time of one request for one kind of failure. */
interface WaitAllowance {
  /** Whether a wait of this length fits into the remaining time, which is more than zero. */
  readonly allows: (wait: Duration.Duration) => boolean
  /** Spends a wait, at most the remaining time. */
  readonly take: (wait: Duration.Duration) => Duration.Duration
}

const waitAllowance = (within: Duration.Input): WaitAllowance => {
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

/** The wait that the vendor asked for; zero if none. */
const retryAfterOf = (reason: Reason): Duration.Duration =>
  "retryAfter" in reason && reason.retryAfter !== null ? reason.retryAfter : Duration.zero

const millis = (wait: Duration.Duration): string => `${Math.ceil(Duration.toMillis(wait))} ms`
