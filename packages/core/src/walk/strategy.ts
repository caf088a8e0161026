/**
 * The facts of a listing that decide how it is walked.
 */
import type { Proof } from "../model/Page.ts"

/** How the rows of a listing run by their times; `unknown` unless the vendor documents it. */
export type Order = "oldestFirst" | "newestFirst" | "unknown"

/** What every strategy says of its listing. */
export interface Facts {
  /** Rows to ask for in each request; null where the server chooses. */
  readonly size: number | null
  /** The largest size that the vendor documents; null where it documents none. */
  readonly maxSize: number | null
  /** The proofs on which this listing may end; at least one. */
  readonly ends: ReadonlyArray<Proof>
  /**
   * Whether the listing's `total` may count the rows of the page instead of the whole listing. It then proves the
   * end only once it has exceeded a page.
   */
  readonly totalMayCountPage: boolean
  /** In words: what this listing cannot show besides what follows from its strategy. Part of every completion. */
  readonly unverified: ReadonlyArray<string>
}

/**
 * A listing of numbered pages, the first being 1. Where rows have ids and the caller chooses the size, pages of such
 * numbers and sizes are asked for that each begins with rows of the one before it; see `docs/pagination.md`.
 */
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
  /** Whether a token is known to stand for a row, and not for a place in the list. */
  readonly tokensStandForRows: boolean
  /** Whether a token that comes again means the end for now, as with endpoints that are tailed, and not a loop. */
  readonly repeatedTokenEnds: boolean
}

/** How a listing is paged and on what it ends. Stateless: one value serves any number of walks. */
export type Strategy = PageNumber | Offset | Cursor
