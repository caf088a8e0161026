/**
 * A page: the decoded rows of one answer, a checkpoint and, on the last page, a completion.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Checkpoint } from "./Checkpoint.ts"
import { Note } from "./Note.ts"

/**
 * The proof on which a walk ended.
 *
 * `total`: as many rows came as the vendor counts · `lastPage`: the vendor's last page was read ·
 * `emptyPage`: the page after the last row was empty · `endOfPagesError`: the vendor answered with its
 * documented error for a page past the end, or with another refusal there while the page before still reads ·
 * `noNext`: the vendor gave no further cursor or link · `oneAnswer`: the vendor documents that one answer has all rows,
 * and nothing in it says that there are more.
 */
export const Proof = Schema.Literals([
  "total",
  "lastPage",
  "emptyPage",
  "endOfPagesError",
  "noNext",
  "oneAnswer"
])
export type Proof = typeof Proof.Type

/** How a walk ended: its proof, counts, the vendor's claims, and notes. */
export const Completion = Schema.Struct({
  proof: Proof,
  /** Distinct rows received. */
  count: Schema.Int,
  /** Requests that returned a page, including the one that proved the end. */
  pages: Schema.Int,
  claimed: Schema.Struct({
    /** Rows by the listing's own total. */
    total: Schema.NullOr(Schema.Finite),
    lastPage: Schema.NullOr(Schema.Finite),
    /** Rows by the list of conversations. */
    listed: Schema.NullOr(Schema.Finite)
  }),
  /** Whether two walks of the whole listing agreed; only with `verify`. */
  verified: Schema.Boolean,
  /** The notes on corrected problems, in words. */
  mended: Schema.Array(Schema.String),
  /** The notes on what could not be verified, in words. */
  unverified: Schema.Array(Schema.String),
  /** The same notes, typed. Empty in completions that were stored before notes existed. */
  notes: Schema.Array(Note).pipe(Schema.withDecodingDefaultKey(Effect.succeed([])))
}).annotate({ identifier: "Completion" })
export interface Completion extends Schema.Schema.Type<typeof Completion> {}

/** Where a row was read: what decoding needs besides the row. */
export const Origin = Schema.Struct({
  /** The listing's operation, such as `Gptbots.messagesV2`. */
  listing: Schema.String,
  /** The listing's options on which decoding depends, such as the sort. */
  options: Schema.Record(Schema.String, Schema.String)
}).annotate({ identifier: "Origin" })
export interface Origin extends Schema.Schema.Type<typeof Origin> {}

/** A row that does not fit its wire schema, kept with its page. See `ReadOptions.undecodable`. */
export interface Undecodable {
  /** Its index among the rows of the walk, from 0. */
  readonly index: number
  /** Why the row does not fit, in words and without the row's values. */
  readonly problem: string
  /** The row as it came. Integers beyond 2^53 and numbers beyond a double are text with all their digits. */
  readonly json: Schema.Json
  /** Where it was read, for the vendor's `decoder`. Walks of a `Listing` set it. */
  readonly origin?: Origin | undefined
}

/**
 * A page of a walk: the rows of one answer.
 *
 * Only the last page of a complete walk has a `completion`; it may have no items. Store `checkpoint` with the
 * rows.
 *
 * **Example** (Counting the rows of a complete walk)
 *
 * ```ts
 * import { type Page, Source } from "@colloquy/core"
 * import { Effect, Stream } from "effect"
 *
 * const countOf = (pages: ReadonlyArray<Page.Page<unknown>>): number | null => pages.at(-1)?.completion?.count ?? null
 *
 * export const count = Stream.runCollect(Source.messagePages({ conversationId: "42" })).pipe(
 *   Effect.map((pages) => countOf(pages))
 * )
 * ```
 */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  /** The rows that could not be decoded, in order; empty unless `undecodable` is `"keep"`. */
  readonly undecodable: ReadonlyArray<Undecodable>
  /** Index of the first row, decodable or not, among the rows of the walk, from 0. */
  readonly start: number
  /** The vendor's count of rows in the whole listing; null if it gives none. */
  readonly total: number | null
  /** Where the walk stands after this page. */
  readonly checkpoint: Checkpoint
  readonly completion: Completion | null
  /** Why the walk started again in spite of its checkpoint; on the first page only, else null. */
  readonly restarted: string | null
}

/** The `undecodable` of a page whose rows all fit. */
export const allDecoded: ReadonlyArray<Undecodable> = []

/** Maps the items of a page; `index` is each item's index among the rows of the walk. */
export const map = <A, B>(page: Page<A>, f: (item: A, index: number) => B): Page<B> =>
  withItems(
    page,
    page.undecodable.length === 0
      ? page.items.map((item, index) => f(item, page.start + index))
      : mapAround(page, f)
  )

/** Counts the undecodable rows before each item. */
const mapAround = <A, B>(
  { items, start, undecodable }: Page<A>,
  f: (item: A, index: number) => B
): ReadonlyArray<B> => {
  let skipped = 0
  return items.map((item, at) => {
    while (undecodable[skipped]?.index === start + at + skipped) skipped += 1
    return f(item, start + at + skipped)
  })
}

/** Replaces the items of a page. */
export const withItems = <A, B>(page: Page<A>, items: ReadonlyArray<B>): Page<B> => ({ ...page, items })
