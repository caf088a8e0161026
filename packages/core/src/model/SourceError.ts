/**
 * The one error of every source: a vendor, an operation and a reason.
 *
 * Handle one reason with `Effect.catchReason("SourceError", "RateLimited", …)`. Handle all of them,
 * exhaustively, with `Effect.unwrapReason("SourceError")` and then `Effect.catchTags({ … })`.
 *
 * **Example** (Treating a missing conversation as empty)
 *
 * ```ts
 * import { Source } from "@colloquy/core"
 * import { Stream } from "effect"
 *
 * export const messages = Source.messages({ conversationId: "42" }).pipe(
 *   Stream.catchReason("SourceError", "NotFound", () => Stream.empty)
 * )
 * ```
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { Checkpoint } from "./Checkpoint.ts"

/**
 * The vendor's answer: HTTP status, its own error code, and its message without secrets, at most 300
 * characters.
 */
const vendorFields = {
  status: Schema.NullOr(Schema.Int),
  code: Schema.NullOr(Schema.String),
  vendorMessage: Schema.NullOr(Schema.String)
}
const retryAfter = Schema.NullOr(Schema.DurationFromMillis)

/** A vendor's own description of a failure; null for what it did not give. */
export interface VendorDetails {
  readonly status: number | null
  readonly code: string | null
  readonly vendorMessage: string | null
}

const describe = (self: VendorDetails): string => {
  const facts = [
    self.status === null ? "" : `HTTP ${self.status}`,
    self.code === null || self.code === self.vendorMessage ? "" : `code ${self.code}`,
    self.vendorMessage === null ? "" : `"${self.vendorMessage}"`
  ].filter((fact) => fact !== "")
  return facts.length === 0 ? "" : ` (${facts.join(", ")})`
}

const waitHint = (after: Duration.Duration | null): string =>
  after === null ? "" : `; it asks to wait ${Duration.format(after)}`

/**
 * The vendor rejected the token: HTTP 401 or the vendor's code for it. If the connection can read its token again, the
 * client has done so. Otherwise not retried.
 */
export class Unauthorized extends Schema.TaggedError<Unauthorized>("@colloquy/core/Unauthorized")(
  "Unauthorized",
  {
    ...vendorFields,
    /** Why the token could not be read again; absent if it is the same token, or cannot be read again. */
    problem: Schema.optionalKey(Schema.String)
  }
) {
  readonly isRetryable = false
  override get message(): string {
    const advice = this.problem ?? "check that the API key is right and has not expired"
    return `the vendor refused the token${describe(this)}; ${advice}`
  }
}

/** The token is valid but lacks the permission: HTTP 403 or the vendor's code for it. Not retried. */
export class Forbidden extends Schema.TaggedError<Forbidden>("@colloquy/core/Forbidden")(
  "Forbidden",
  vendorFields
) {
  readonly isRetryable = false
  override get message(): string {
    return `the token may not read this${describe(this)}; check the key's rights, or that API access is switched on`
  }
}

/**
 * The conversation, bot or agent does not exist: HTTP 404 or 410, or the vendor's code for it. Not retried.
 */
export class NotFound extends Schema.TaggedError<NotFound>("@colloquy/core/NotFound")(
  "NotFound",
  vendorFields
) {
  readonly isRetryable = false
  override get message(): string {
    return `the vendor knows no such conversation or bot${describe(this)}; check the ids, the region and the base URL`
  }
}

/** The request is invalid: Colloquy refused it before sending, or the vendor did. Not retried. */
export class InvalidRequest extends Schema.TaggedError<InvalidRequest>("@colloquy/core/InvalidRequest")(
  "InvalidRequest",
  {
    ...vendorFields,
    /** What is wrong, and a valid alternative. */
    problem: Schema.String
  }
) {
  readonly isRetryable = false
  /** An invalid request that was not sent. */
  static refuse(problem: string): InvalidRequest {
    return new InvalidRequest({ problem, status: null, code: null, vendorMessage: null })
  }
  override get message(): string {
    return `${this.problem}${describe(this)}`
  }
}

/**
 * Too many requests: HTTP 429 or the vendor's code for it. The client retries it within the `RequestPolicy`
 * first. `retryAfter` is the wait that the vendor asked for; null if it asked for none.
 */
export class RateLimited extends Schema.TaggedError<RateLimited>("@colloquy/core/RateLimited")(
  "RateLimited",
  {
    ...vendorFields,
    retryAfter
  }
) {
  readonly isRetryable = true
  override get message(): string {
    return `the vendor limits the rate${describe(this)}${waitHint(this.retryAfter)}; try again later, or read less at once`
  }
}

/**
 * The account's credits are used up: HTTP 402 or the vendor's code for it. Not retried, because waiting does
 * not help.
 */
export class QuotaExhausted extends Schema.TaggedError<QuotaExhausted>("@colloquy/core/QuotaExhausted")(
  "QuotaExhausted",
  vendorFields
) {
  readonly isRetryable = false
  override get message(): string {
    return `the account's quota is used up${describe(this)}; renew or raise the plan at the vendor`
  }
}

/**
 * The vendor is down or overloaded: HTTP 408 or 5xx, or the vendor's code for it. The client retries it
 * within the `RequestPolicy` first. `retryAfter` is the wait that the vendor asked for; null if it asked for
 * none.
 */
export class Unavailable extends Schema.TaggedError<Unavailable>("@colloquy/core/Unavailable")(
  "Unavailable",
  {
    ...vendorFields,
    retryAfter
  }
) {
  readonly isRetryable = true
  override get message(): string {
    return `the vendor is not available${describe(this)}${waitHint(this.retryAfter)}; try again later`
  }
}

/** No complete answer came within `RequestPolicy.timeout`. The client retries it within the policy first. */
export class Timeout extends Schema.TaggedError<Timeout>("@colloquy/core/Timeout")("Timeout", {
  after: Schema.DurationFromMillis
}) {
  readonly isRetryable = true
  override get message(): string {
    return `no answer within ${Duration.format(this.after)}; try again later, or allow more time`
  }
}

/**
 * The connection failed: refused, reset, or closed before the body ended. The client retries it within the
 * `RequestPolicy` first.
 */
export class Transport extends Schema.TaggedError<Transport>("@colloquy/core/Transport")("Transport", {
  problem: Schema.String
}) {
  readonly isRetryable = true
  override get message(): string {
    return `the connection failed: ${this.problem}; check the network and the base URL`
  }
}

/** The answer does not match the vendor's documents. Only `truncated` answers are retried. */
export class InvalidResponse extends Schema.TaggedError<InvalidResponse>("@colloquy/core/InvalidResponse")(
  "InvalidResponse",
  {
    ...vendorFields,
    /**
     * `truncated` JSON that ends too early · `notJson` for example HTML · `envelope` JSON of another shape ·
     * `record` a row of another shape · `tooLarge` over a bound of bytes, values or rows · `redirect` to
     * another origin, which must not get the token · `unknownError` an undocumented error code in an answer
     * with status 200.
     */
    kind: Schema.Literals([
      "truncated",
      "notJson",
      "envelope",
      "record",
      "tooLarge",
      "redirect",
      "unknownError"
    ]),
    /** What came and what was expected. Never the token, never the whole body. */
    problem: Schema.String,
    /**
     * Index in the listing of the row that could not be decoded, from 0; null if the error is not about a row.
     */
    position: Schema.NullOr(Schema.Int)
  }
) {
  get isRetryable(): boolean {
    return this.kind === "truncated"
  }
  /** An answer that Colloquy refused, without an error of the vendor's. */
  static refuse(
    kind: InvalidResponse["kind"],
    problem: string,
    position: number | null = null
  ): InvalidResponse {
    return new InvalidResponse({ kind, problem, position, status: null, code: null, vendorMessage: null })
  }
  override get message(): string {
    const where = this.position === null ? "" : ` at row ${this.position}`
    return `the answer is not what the vendor documents${where}: ${this.problem}${describe(this)}`
  }
}

/**
 * The listing was not read to its end: its answers contradict each other, or `maxPages` was reached. Not
 * retried, because the same walk would fail again.
 *
 * The pages before the failure were emitted and are valid. Pass `checkpoint` as `from` to resume.
 */
export class IncompleteWalk extends Schema.TaggedError<IncompleteWalk>("@colloquy/core/IncompleteWalk")(
  "IncompleteWalk",
  {
    /**
     * `repeatedPage` a page, or a row of a much earlier page, came again · `repeatedToken` a cursor or link
     * came again · `pageIgnored` the answer has another page number than requested · `totalNotReached` the rows
     * or pages end before the vendor's count · `endlessEmptyPages` pages stay empty although the vendor claims
     * more · `contradictedEmpty` no rows came although the list of conversations counts messages · `drift` the
     * listing shifted too far to be followed · `noProof` the listing stopped without any of the proofs in its
     * `ends` · `pageLimit` more pages follow than `maxPages` allows · `capped` the vendor gives the listing in one
     * answer, and has reached the most rows that it puts into one ·
     * `tiedTimes` pages are asked for by time, and more rows share one time than an answer holds.
     */
    kind: Schema.Literals([
      "repeatedPage",
      "repeatedToken",
      "pageIgnored",
      "totalNotReached",
      "endlessEmptyPages",
      "contradictedEmpty",
      "drift",
      "noProof",
      "pageLimit",
      "capped",
      "tiedTimes"
    ]),
    /** What was seen, with numbers. */
    evidence: Schema.String,
    checkpoint: Checkpoint
  }
) {
  readonly isRetryable = false
  override get message(): string {
    return `the listing could not be read to its end, ${this.kind}: ${this.evidence}; ${this.checkpoint.received} rows were read`
  }
}

/** All reasons of a `SourceError`. */
export const Reason = Schema.Union([
  Unauthorized,
  Forbidden,
  NotFound,
  InvalidRequest,
  RateLimited,
  QuotaExhausted,
  Unavailable,
  Timeout,
  Transport,
  InvalidResponse,
  IncompleteWalk
])
export type Reason = typeof Reason.Type

/**
 * The error of every stream and effect that reads a vendor: where it happened, and `reason`, which says why.
 *
 * `isRetryable` is that of the reason. The message never contains the token.
 */
export class SourceError extends Schema.TaggedError<SourceError>("@colloquy/core/SourceError")(
  "SourceError",
  {
    /** The vendor's name, such as `gptbots`. */
    vendor: Schema.String,
    /** The name of the credential; absent if there is none. */
    account: Schema.optionalKey(Schema.String),
    /**
     * The vendor's id of the conversation that was read; absent for the list of conversations and for errors on
     * connecting.
     */
    conversationId: Schema.optionalKey(Schema.String),
    /** The operation, such as `Gptbots.messages`. */
    operation: Schema.String,
    reason: Reason
  }
) {
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
  override get message(): string {
    return `${this.vendor}: ${this.reason.message}`
  }
}
