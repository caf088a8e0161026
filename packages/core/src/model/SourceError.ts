/**
 * The one error of every source: which vendor, which operation, and a reason.
 *
 * Handle one reason with `Effect.catchReason("SourceError", "RateLimited", …)`, or all of them, exhaustively, with
 * `Effect.unwrapReason("SourceError")` and then `Effect.catchTags({ … })`.
 *
 * **Example** (Reading on when a conversation is gone)
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

/** What the vendor itself said: HTTP status, its own error code, its own words (secrets removed, shortened). */
const said = {
  status: Schema.NullOr(Schema.Int),
  code: Schema.NullOr(Schema.String),
  vendorMessage: Schema.NullOr(Schema.String)
}
const retryAfter = Schema.NullOr(Schema.DurationFromMillis)

/** What a vendor said of a failure, in its own terms. */
export interface VendorWords {
  readonly status: number | null
  readonly code: string | null
  readonly vendorMessage: string | null
}

const words = (self: VendorWords): string => {
  const facts = [
    self.status === null ? "" : `HTTP ${self.status}`,
    self.code === null || self.code === self.vendorMessage ? "" : `code ${self.code}`,
    self.vendorMessage === null ? "" : `"${self.vendorMessage}"`
  ].filter((fact) => fact !== "")
  return facts.length === 0 ? "" : ` (${facts.join(", ")})`
}

const waitHint = (after: Duration.Duration | null): string =>
  after === null ? "" : `; it asks to wait ${Duration.format(after)}`

/** The vendor does not accept the token. */
export class Unauthorized extends Schema.TaggedError<Unauthorized>()("Unauthorized", said) {
  readonly isRetryable = false
  override get message(): string {
    return `the vendor refused the token${words(this)}; check that the API key is right and has not expired`
  }
}

/** The token is good but may not do this. */
export class Forbidden extends Schema.TaggedError<Forbidden>()("Forbidden", said) {
  readonly isRetryable = false
  override get message(): string {
    return `the token may not read this${words(this)}; check the key's rights, or that API access is switched on`
  }
}

/** The conversation, bot or agent does not exist. */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", said) {
  readonly isRetryable = false
  override get message(): string {
    return `the vendor knows no such conversation or bot${words(this)}; check the ids, the region and the base URL`
  }
}

/** The request is wrong: refused by Colloquy before it was sent, or by the vendor. */
export class InvalidRequest extends Schema.TaggedError<InvalidRequest>()("InvalidRequest", {
  ...said,
  /** What is wrong with it and what would be right. */
  problem: Schema.String
}) {
  readonly isRetryable = false
  /** A request that never left, with what to do about it. */
  static refuse(problem: string): InvalidRequest {
    return new InvalidRequest({ problem, status: null, code: null, vendorMessage: null })
  }
  override get message(): string {
    return `${this.problem}${words(this)}`
  }
}

/** Too many requests. Retried inside the page, within bounds, before it surfaces. */
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", { ...said, retryAfter }) {
  readonly isRetryable = true
  override get message(): string {
    return `the vendor limits the rate${words(this)}${waitHint(this.retryAfter)}; try again later, or read less at once`
  }
}

/** The plan's credits are used up: waiting does not help. */
export class QuotaExhausted extends Schema.TaggedError<QuotaExhausted>()("QuotaExhausted", said) {
  readonly isRetryable = false
  override get message(): string {
    return `the account's quota is used up${words(this)}; renew or raise the plan at the vendor`
  }
}

/** The vendor is down or overloaded. */
export class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", { ...said, retryAfter }) {
  readonly isRetryable = true
  override get message(): string {
    return `the vendor is not available${words(this)}${waitHint(this.retryAfter)}; try again later`
  }
}

/** No whole answer came within the time for one request. */
export class Timeout extends Schema.TaggedError<Timeout>()("Timeout", { after: Schema.DurationFromMillis }) {
  readonly isRetryable = true
  override get message(): string {
    return `no answer within ${Duration.format(this.after)}; try again later, or allow more time`
  }
}

/** The connection failed: refused, reset, or closed before the body ended. */
export class Transport extends Schema.TaggedError<Transport>()("Transport", { problem: Schema.String }) {
  readonly isRetryable = true
  override get message(): string {
    return `the connection failed: ${this.problem}; check the network and the base URL`
  }
}

/** An answer came, but not one that the vendor's documents describe. */
export class InvalidResponse extends Schema.TaggedError<InvalidResponse>()("InvalidResponse", {
  ...said,
  /**
   * `truncated` JSON that ends too early (retried) · `notJson` for example HTML · `envelope` JSON of another shape ·
   * `record` one row of another shape · `tooLarge` over a bound of bytes, values or rows · `redirect` to where the
   * token must not go · `unknownError` an error code that no document lists, inside a 200.
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
  /** What was seen and what was expected. Never the token, never the whole body. */
  problem: Schema.String,
  /** Index in the listing of the row that could not be decoded, from 0; null where it is not about a row. */
  position: Schema.NullOr(Schema.Int)
}) {
  get isRetryable(): boolean {
    return this.kind === "truncated"
  }
  override get message(): string {
    const where = this.position === null ? "" : ` at row ${this.position}`
    return `the answer is not what the vendor documents${where}: ${this.problem}${words(this)}`
  }
}

/**
 * The listing was not read to its end: it shows so itself, or the caller's bound was reached. Never retried: the same
 * walk would fail again.
 *
 * `checkpoint` says how far the walk came; the pages before it were emitted and are good.
 */
export class IncompleteWalk extends Schema.TaggedError<IncompleteWalk>()("IncompleteWalk", {
  /**
   * `repeatedPage` a page, or a row of a page long past, came again · `repeatedToken` a cursor or link came again ·
   * `pageIgnored` the answer says it is another page than was asked · `totalNotReached` the rows or pages end before
   * the count that the vendor claims · `endlessEmptyPages` pages stay empty although the vendor says there is more ·
   * `contradictedEmpty` nothing came where the list of conversations counted messages · `drift` the listing moved
   * while it was read, further than could be followed · `noProof` the listing stopped on a sign that this vendor's
   * listing does not end on · `pageLimit` it goes on behind the pages that the caller's `maxPages` allows.
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
    "pageLimit"
  ]),
  /** What was seen, with the numbers. */
  evidence: Schema.String,
  checkpoint: Checkpoint
}) {
  readonly isRetryable = false
  override get message(): string {
    return `the listing could not be read to its end, ${this.kind}: ${this.evidence}; ${this.checkpoint.received} rows were read`
  }
}

/** Everything that can go wrong while reading. */
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

/** The public error of every stream and effect in Colloquy. */
export class SourceError extends Schema.TaggedError<SourceError>()("SourceError", {
  /** The vendor's name, such as `gptbots`. */
  vendor: Schema.String,
  /** The name of the credential; absent where none was at hand. */
  account: Schema.optionalKey(Schema.String),
  /** The vendor's id of the conversation that was read; absent for the list, and where nothing was read. */
  conversationId: Schema.optionalKey(Schema.String),
  /** What was being done, such as `Gptbots.messages`. */
  operation: Schema.String,
  reason: Reason
}) {
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
  override get message(): string {
    return `${this.vendor}: ${this.reason.message}`
  }
}
