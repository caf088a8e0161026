/**
 * Strategies: the facts of a listing that decide how it is walked.
 */
import type { Proof } from "../model/Page.ts"

/** The order of a listing's rows by time; `unknown` unless the vendor documents it. */
export type Order = "oldestFirst" | "newestFirst" | "unknown"

/** The facts of every strategy. */
export interface Facts {
  /** Rows per request; null if the server chooses. */
  readonly size: number | null
  /** The documented maximum of rows per request; null if there is none. */
  readonly maxSize: number | null
  /** The proofs on which this listing may end; at least one. */
  readonly ends: ReadonlyArray<Proof>
  /**
   * Whether `total` may count the rows of the page instead of the whole listing. It then proves an end only after it
   * has exceeded a page.
   */
  readonly totalMayCountPage: boolean
  /** Further limits of this listing, in words. Part of every completion. */
  readonly unverified: ReadonlyArray<string>
}

/**
 * A listing with numbered pages, from 1. If rows have ids and the caller chooses the size, page numbers and sizes are
 * chosen so that pages overlap; see `docs/pagination.md`.
 */
export interface PageNumber extends Facts {
  readonly _tag: "PageNumber"
}

/**
 * A listing by offset, from 0. The offset advances by the rows received, less one: each request overlaps the one
 * before by a row, which reveals a shift of the listing. Pages of one row cannot overlap; a row removed meanwhile
 * then hides another.
 */
export interface Offset extends Facts {
  readonly _tag: "Offset"
}

/** How a listing is paged by the times of its rows, which must have ids. */
export interface ByTime {
  /** The time of a row, a whole number; undefined if it has none. */
  readonly of: (row: unknown) => number | undefined
  /** `past`: newest first, a request gives the rows before a time. `future`: oldest first, the rows after a time. */
  readonly toward: "past" | "future"
}

/**
 * A listing whose pages give an opaque token or a link for the next page; the last page gives none. Or, with `time`, a
 * listing whose requests ask for the rows beyond a time.
 */
export interface Cursor extends Facts {
  readonly _tag: "Cursor"
  /** Null unless it is paged by times. */
  readonly time: ByTime | null
  /** Whether tokens are known to stand for rows, not for places in the listing. */
  readonly tokensStandForRows: boolean
  /** Whether a repeated token means the end for now, as on endpoints that are tailed, instead of a loop. */
  readonly repeatedTokenEnds: boolean
}

/**
 * A listing that comes whole, in one answer. If the vendor puts a limited number of rows into an answer, `maxSize` is that
 * number.
 */
export interface OneAnswer extends Facts {
  readonly _tag: "OneAnswer"
}

/**
 * A strategy: how a listing is paged and on which proofs it ends. Stateless: one value serves any number of walks.
 */
export type Strategy = PageNumber | Offset | Cursor | OneAnswer
