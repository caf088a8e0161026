/**
 * The waits that answers ask for.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import * as Predicate from "effect/Predicate"
import * as Timestamp from "../model/Timestamp.ts"
import type { Wait } from "./ErrorTable.ts"

/** The waits of an answer; null for what it does not say. */
export interface Waits {
  /** By `Retry-After`. */
  readonly retryAfter: Duration.Duration | null
  /** By what the vendor says of its rate limit: the first of the given places that holds a time. */
  readonly rateLimit: Duration.Duration | null
}

/** Reads the waits of an answer. */
export const of = (
  places: ReadonlyArray<Wait>,
  headers: Headers.Headers,
  body: unknown
): Effect.Effect<Waits> => {
  const asked = headers["retry-after"]
  if (asked === undefined && places.length === 0) return Effect.succeed(none)
  return Effect.map(Clock.currentTimeMillis, (now) => ({
    retryAfter: asked === undefined ? null : retryAfterOf(asked, now),
    rateLimit: firstOf(places, headers, body, now)
  }))
}

const none: Waits = { retryAfter: null, rateLimit: null }

/** Reads `Retry-After` in seconds or as a date; null if it is neither. A date in the past means no wait. */
const retryAfterOf = (header: string, now: number): Duration.Duration | null => {
  if (/^\s*\d+\s*$/.test(header)) return Duration.seconds(Number(header))
  const at = Timestamp.fromHttpDate(header.trim())
  return at === null ? null : Duration.millis(Math.max(0, Timestamp.toMillis(at) - now))
}

const firstOf = (
  places: ReadonlyArray<Wait>,
  headers: Headers.Headers,
  body: unknown,
  now: number
): Duration.Duration | null => {
  for (const place of places) {
    const number = numberOf(
      "header" in place ? headers[place.header.toLowerCase()] : fieldOf(body, place.field)
    )
    if (number !== undefined) return Duration.millis(Math.max(0, millisOf[place.unit](number, now)))
  }
  return null
}

const millisOf: { readonly [Unit in Wait["unit"]]: (value: number, now: number) => number } = {
  millis: (value) => value,
  seconds: (value) => value * 1000,
  epochMillis: (value, now) => value - now,
  epochSeconds: (value, now) => value * 1000 - now
}

/** A number that is not negative, also as text. */
const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === "string" && /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : value
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : undefined
}

const fieldOf = (body: unknown, name: string): unknown => (Predicate.isObject(body) ? body[name] : undefined)
