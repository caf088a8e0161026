/**
 * One response of a listing, decoded, with where it stands and, on the last one, the proof of the end.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Checkpoint } from "./Checkpoint.ts"
import { Note } from "./Note.ts"

/**
 * The proof on which a walk ended.
 *
 * `total`: as many rows came as the vendor counts · `lastPage`: the page that the vendor calls the last was read ·
 * `emptyPage`: the vendor was asked for more and sent none · `endOfPagesError`: the vendor answered with the error
 * that it documents for a page past the end, or with an error there while the page before it still reads ·
 * `noNext`: the vendor gave no cursor or link to go on with.
 */
export const Proof = Schema.Literals(["total", "lastPage", "emptyPage", "endOfPagesError", "noNext"])
export type Proof = typeof Proof.Type

/** How a walk ended: the proof, the count, what the vendor claimed, what was mended, what could not be verified. */
export const Completion = Schema.Struct({
  proof: Proof,
  /** Distinct rows received. */
  count: Schema.Int,
  /** Requests that returned a page of the listing, the proving one included. */
  pages: Schema.Int,
  claimed: Schema.Struct({
    /** Rows, by the listing's own total. */
    total: Schema.NullOr(Schema.Finite),
    lastPage: Schema.NullOr(Schema.Finite),
    /** Rows, by the list of conversations. */
    listed: Schema.NullOr(Schema.Finite)
  }),
  /** Whether two readings of the whole listing agreed; only with `verify`. */
  verified: Schema.Boolean,
  /** In words: what went wrong on the way and was made good. */
  mended: Schema.Array(Schema.String),
  /** In words: what this kind of listing cannot show, and what stayed odd. */
  unverified: Schema.Array(Schema.String),
  /** The same, typed: `mended` and `unverified` are its words. Empty where it was stored before there were notes. */
  notes: Schema.Array(Note).pipe(Schema.withDecodingDefaultKey(Effect.succeed([])))
}).annotate({ identifier: "Completion" })
export interface Completion extends Schema.Schema.Type<typeof Completion> {}

/** Where a row stood: what its decoding needs besides the row. */
export const Origin = Schema.Struct({
  /** The listing: the operation of its errors, such as `Gptbots.messagesV2`. */
  listing: Schema.String,
  /** The listing's options on which the decoding depends, such as the sort. */
  options: Schema.Record(Schema.String, Schema.String)
}).annotate({ identifier: "Origin" })
export interface Origin extends Schema.Schema.Type<typeof Origin> {}

/** A row that did not fit its wire schema, kept with its page; see `Reading.undecodable`. */
export interface Undecodable {
  /** Its place among the rows of the walk, from 0. */
  readonly index: number
  /** In words, without the row's values: why it does not fit. */
  readonly problem: string
  /** The row as it came; an integer beyond 2^53, or a number beyond a double, is the text of its digits in it. */
  readonly json: Schema.Json
  /** Where it stood, for the vendor's `decoder`. Walks of a `Listing` give it. */
  readonly origin?: Origin | undefined
}

/** A page of a walk. The last page of a completed walk has a `completion`, and may have no items. */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  /** The rows that could not be decoded, in order; empty unless the reading keeps them. */
  readonly undecodable: ReadonlyArray<Undecodable>
  /** Index of the first row, decodable or not, among the rows of the walk, from 0. */
  readonly start: number
  /** Rows in the whole listing, as the vendor counts them so far; null where it does not. */
  readonly total: number | null
  /** Where the walk stands after this page. */
  readonly checkpoint: Checkpoint
  readonly completion: Completion | null
  /** Why the walk starts again in spite of the checkpoint that it was given; on its first page only, else null. */
  readonly restarted: string | null
}

/** The `undecodable` of a page whose rows all fit. */
export const allDecoded: ReadonlyArray<Undecodable> = []

/** Maps the items of a page; `index` is each item's place among the rows of the walk. */
export const map = <A, B>(page: Page<A>, f: (item: A, index: number) => B): Page<B> =>
  withItems(
    page,
    page.undecodable.length === 0
      ? page.items.map((item, index) => f(item, page.start + index))
      : mapAround(page, f)
  )

/** An item's place is behind the undecodable rows before it. */
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
