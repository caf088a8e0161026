/**
 * What a client reports of its requests: metrics of the process, and the `onRequest` of the connection.
 *
 * The metrics are for telemetry only: nothing is computed from them.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { Reason } from "../model/SourceError.ts"
import type { Options } from "./VendorClient.ts"

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
/** Requests that failed, by vendor, account and reason. A request that was sent again counts, too. */
export const failureCount = Metric.counter("colloquy_request_failures", {
  description: "Requests that failed, also those that were sent again",
  incremental: true
})
/** The time of each request, from sending it to the last byte of its answer, by vendor and account. */
export const requestDuration = Metric.timer("colloquy_request_duration", {
  description: "Time from sending a request to the end of its answer",
  boundaries: [10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000]
})
/** Milliseconds waited on a vendor's rate limit, by vendor and account. */
export const rateLimitWait = Metric.counter("colloquy_rate_limit_wait_millis", {
  description: "Milliseconds waited on a vendor's rate limit",
  incremental: true
})

/** Reports the requests of a client. */
export interface RequestObserver {
  readonly attributes: Readonly<Record<string, string>>
  readonly sent: Effect.Effect<void>
  /** Times a request, and counts its failure. An interrupted one has neither. */
  readonly answered: <A>(request: Effect.Effect<A, Reason>) => Effect.Effect<A, Reason>
  readonly retrying: Effect.Effect<void>
  readonly waited: (wait: Duration.Duration) => Effect.Effect<void>
}

/** Makes the observer of a client. */
export const observer = (
  attributes: Readonly<Record<string, string>>,
  onRequest: Options["onRequest"] = () => Effect.void
): RequestObserver => {
  const count = (metric: Metric.Counter<number>, amount: number) =>
    Metric.update(Metric.withAttributes(metric, attributes), amount)
  const duration = Metric.withAttributes(requestDuration, attributes)
  return {
    attributes,
    sent: Effect.andThen(count(requestCount, 1), onRequest({ _tag: "Sent" })),
    answered: (request) =>
      Clock.clockWith((clock) => {
        const start = clock.currentTimeMillisUnsafe()
        const timed = Effect.suspend(() =>
          Metric.update(duration, Duration.millis(clock.currentTimeMillisUnsafe() - start))
        )
        return Effect.matchEffect(request, {
          onSuccess: (answer) => Effect.as(timed, answer),
          onFailure: (reason) => {
            const failures = Metric.withAttributes(failureCount, { ...attributes, reason: reason._tag })
            return timed.pipe(Effect.andThen(Metric.update(failures, 1)), Effect.andThen(Effect.fail(reason)))
          }
        })
      }),
    retrying: Effect.andThen(count(retryCount, 1), onRequest({ _tag: "Retrying" })),
    waited: (wait) =>
      Effect.andThen(count(rateLimitWait, Duration.toMillis(wait)), onRequest({ _tag: "Waited", wait }))
  }
}
