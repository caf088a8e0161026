/**
 * Maps a vendor's error answers to reasons.
 */
import type * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import {
  Forbidden,
  InvalidRequest,
  InvalidResponse,
  NotFound,
  QuotaExhausted,
  RateLimited,
  type Reason,
  Unauthorized,
  Unavailable,
  type VendorDetails
} from "../model/SourceError.ts"

/** The reasons that a vendor's error codes can mean. */
export type Meaning =
  | "Unauthorized"
  | "Forbidden"
  | "NotFound"
  | "InvalidRequest"
  | "RateLimited"
  | "QuotaExhausted"
  | "Unavailable"

/** The code and message of an error body. */
export interface ErrorBody {
  readonly code: string | null
  readonly message: string | null
}

/**
 * A place where an answer says how long a rate limit lasts: a header, or a field of the body. The number in it is a wait, or
 * a time since 1970.
 */
export type Wait = ({ readonly header: string } | { readonly field: string }) & {
  readonly unit: "seconds" | "millis" | "epochSeconds" | "epochMillis"
}

/** A vendor's errors: how to recognise an error body, and what its codes mean. */
export interface ErrorTable {
  /** Reads an error body; undefined for any other body. It is called for every status, 200 included. */
  readonly read: (body: unknown, status: number) => ErrorBody | undefined
  /** What each code means. The HTTP status decides for codes that are not listed. */
  readonly codes: Readonly<Record<string, Meaning>>
  /**
   * Where this vendor says how long a rate limit lasts, such as `RateLimit-Reset`: the first place with a number counts.
   * `Retry-After` comes before all of them, without being listed. Default none.
   *
   * **Example** (A header with a time, and a field with a wait)
   *
   * ```ts
   * import type { ErrorTable } from "@colloquy/core/vendor"
   *
   * export const waits: ErrorTable.ErrorTable["waits"] = [
   *   { header: "X-RateLimit-Reset", unit: "epochSeconds" },
   *   { field: "retry_after_ms", unit: "millis" }
   * ]
   * ```
   */
  readonly waits?: ReadonlyArray<Wait> | undefined
}

/** The meaning of an HTTP status, the same for every vendor; undefined below 400. */
export const meaningOfStatus = (status: number): Meaning | undefined => {
  if (status < 400) return undefined
  if (status >= 500 || status === 408) return "Unavailable"
  switch (status) {
    case 401:
      return "Unauthorized"
    case 402:
      return "QuotaExhausted"
    case 403:
      return "Forbidden"
    case 404:
    case 410:
      return "NotFound"
    case 429:
      return "RateLimited"
    default:
      return "InvalidRequest"
  }
}

/** An answer to classify. */
export interface Answer {
  readonly status: number
  /** The parsed body; undefined if it is not JSON. */
  readonly body: unknown
  /** The wait of `Retry-After`; null if there is none. */
  readonly retryAfter: Duration.Duration | null
  /** The wait that one of the vendor's `waits` says. Default none. */
  readonly rateLimit?: Duration.Duration | null
}

/**
 * The reason for an error answer; undefined for a success. `clean` removes secrets from the vendor's code and
 * message.
 */
export const classify = (
  table: ErrorTable,
  answer: Answer,
  clean: (text: string) => string
): Reason | undefined => {
  const error = table.read(answer.body, answer.status)
  const byStatus = meaningOfStatus(answer.status)
  if (error === undefined && byStatus === undefined) return undefined
  const details: VendorDetails = {
    status: answer.status,
    code: error?.code == null ? null : clean(error.code),
    vendorMessage: error?.message == null ? null : clean(error.message)
  }
  const byCode =
    error?.code == null || !Object.hasOwn(table.codes, error.code) ? undefined : table.codes[error.code]
  const meaning = byCode ?? byStatus
  return meaning === undefined ? unknownError(details) : toReason(meaning, details, answer)
}

const unknownError = (details: VendorDetails): Reason =>
  new InvalidResponse({
    ...details,
    kind: "unknownError",
    problem: "an error came inside a successful answer",
    position: null
  })

const toReason = (
  meaning: Meaning,
  details: VendorDetails,
  { rateLimit = null, retryAfter }: Answer
): Reason => {
  switch (meaning) {
    case "Unauthorized":
      return new Unauthorized(details)
    case "Forbidden":
      return new Forbidden(details)
    case "NotFound":
      return new NotFound(details)
    case "InvalidRequest":
      return new InvalidRequest({ ...details, problem: "the vendor refused the request" })
    case "RateLimited":
      return new RateLimited({ ...details, retryAfter: retryAfter ?? rateLimit })
    case "QuotaExhausted":
      return new QuotaExhausted(details)
    case "Unavailable":
      return new Unavailable({ ...details, retryAfter })
  }
}

const isObject = Schema.is(Schema.Record(Schema.String, Schema.Unknown))

/**
 * Reads an error body of undocumented shape: the first string of `message` and `error`. Undefined if there is
 * neither.
 */
export const readMessage = (body: unknown): ErrorBody | undefined => {
  if (!isObject(body)) return undefined
  const message = [body["message"], body["error"]].find((word) => typeof word === "string")
  return message === undefined ? undefined : { code: null, message }
}
