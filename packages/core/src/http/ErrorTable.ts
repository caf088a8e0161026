/**
 * From what a vendor says of a failure to a reason.
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
  type VendorWords
} from "../model/SourceError.ts"

/** The reasons that a vendor's own error codes can mean. */
export type Meaning =
  | "Unauthorized"
  | "Forbidden"
  | "NotFound"
  | "InvalidRequest"
  | "RateLimited"
  | "QuotaExhausted"
  | "Unavailable"

/** What a body says if it is an error. */
export interface ErrorBody {
  readonly code: string | null
  readonly message: string | null
}

/** A vendor's errors. */
export interface ErrorTable {
  /** Reads a body as an error; undefined if it is none. It is asked for answers with any status, 200 included. */
  readonly read: (body: unknown, status: number) => ErrorBody | undefined
  /** What each of the vendor's codes means. A code that is not here is judged by the status. */
  readonly codes: Readonly<Record<string, Meaning>>
}

/** The meaning of an HTTP status, the same for every vendor; undefined for a success. */
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

/** An answer to be judged. */
export interface Answer {
  readonly status: number
  /** The parsed body; undefined where it is not JSON. */
  readonly body: unknown
  readonly retryAfter: Duration.Duration | null
}

/**
 * The reason for an answer, or undefined if it is no failure. `clean` removes from the vendor's words what must not
 * be repeated.
 */
export const classify = (
  table: ErrorTable,
  answer: Answer,
  clean: (text: string) => string
): Reason | undefined => {
  const error = table.read(answer.body, answer.status)
  const byStatus = meaningOfStatus(answer.status)
  if (error === undefined && byStatus === undefined) return undefined
  const words: VendorWords = {
    status: answer.status,
    code: error?.code == null ? null : clean(error.code),
    vendorMessage: error?.message == null ? null : clean(error.message)
  }
  const byCode =
    error?.code == null || !Object.hasOwn(table.codes, error.code) ? undefined : table.codes[error.code]
  const meaning = byCode ?? byStatus
  return meaning === undefined ? unknownError(words) : toReason(meaning, words, answer.retryAfter)
}

const unknownError = (words: VendorWords): Reason =>
  new InvalidResponse({
    ...words,
    kind: "unknownError",
    problem: "an error came inside a successful answer",
    position: null
  })

const toReason = (meaning: Meaning, words: VendorWords, retryAfter: Duration.Duration | null): Reason => {
  switch (meaning) {
    case "Unauthorized":
      return new Unauthorized(words)
    case "Forbidden":
      return new Forbidden(words)
    case "NotFound":
      return new NotFound(words)
    case "InvalidRequest":
      return new InvalidRequest({ ...words, problem: "the vendor refused the request" })
    case "RateLimited":
      return new RateLimited({ ...words, retryAfter })
    case "QuotaExhausted":
      return new QuotaExhausted(words)
    case "Unavailable":
      return new Unavailable({ ...words, retryAfter })
  }
}

const isObject = Schema.is(Schema.Record(Schema.String, Schema.Unknown))

/**
 * The words of an error whose shape is not documented: the first of `message` and `error` that is text. Undefined if
 * the body has neither.
 */
export const readWords = (body: unknown): ErrorBody | undefined => {
  if (!isObject(body)) return undefined
  const message = [body["message"], body["error"]].find((word) => typeof word === "string")
  return message === undefined ? undefined : { code: null, message }
}
