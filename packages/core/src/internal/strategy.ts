/**
 * The facts of a listing that decide how it is walked.
 */
import type { Proof } from "../Page.ts"

/** What every strategy says of its listing. */
export interface Facts {
  /** Rows to ask for in each request; null where the server chooses. */
  readonly size: number | null
  /** The proofs on which this listing may end; at least one. */
  readonly ends: ReadonlyArray<Proof>
  /**
   * Whether the listing's `total` may count the rows of the page instead of the whole listing. It then proves the
   * end only once it has exceeded a page.
   */
  readonly totalMayCountPage: boolean
  /** In words: what this kind of listing cannot show. Becomes part of every completion. */
  readonly unverified: ReadonlyArray<string>
}

/** A listing of numbered pages, the first being 1. */
export interface PageNumber extends Facts {
  readonly _tag: "PageNumber"
}

/**
 * A listing of rows from an offset, the first being 0. The offset advances by the rows received, less one: each
 * request overlaps the one before by a row, which shows whether the listing has moved. Pages of one row cannot
 * overlap, so that a row removed meanwhile hides another.
 */
export interface Offset extends Facts {
  readonly _tag: "Offset"
}

/** A listing in which each page gives an opaque token, or a link, for the next one; the last gives none. */
export interface Cursor extends Facts {
  readonly _tag: "Cursor"
  /** Whether a token that comes again means the end for now, as with endpoints that are tailed, and not a loop. */
  readonly repeatedTokenEnds: boolean
}

/** How a listing is paged and on what it ends. Stateless: one value serves any number of walks. */
export type Strategy = PageNumber | Offset | Cursor
