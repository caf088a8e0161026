/**
 * What a walk asks for, and what it gets.
 */

/** One request of a walk: each strategy uses its own field. */
export interface PageRequest {
  /** Counts from 1. */
  readonly page: number
  /** Counts from 0. */
  readonly offset: number
  /** Rows to ask for; null where the server chooses. */
  readonly size: number | null
  /** The token or link that the page before gave; null for the first page. */
  readonly cursor: string | null
}

/** One page as it came. Claims are what the vendor says beside the rows; null where it says nothing. */
export interface Received<A> {
  readonly _tag: "Received"
  readonly rows: ReadonlyArray<A>
  /** Rows in the whole listing, as claimed. */
  readonly total: number | null
  /** The last page's number, as claimed. */
  readonly lastPage: number | null
  /** The number that the answer says it has. */
  readonly page: number | null
  /** The token or link for the next page, untouched; null where there is none. */
  readonly next: string | null
}

/** The vendor answered with an error instead of a page, and the error may mean "past the end". */
export interface PastEnd<E> {
  readonly _tag: "PastEnd"
  /** Whether the vendor documents this very error for a page past the end. If not, the walk makes sure. */
  readonly documented: boolean
  /** What to fail with if it is not the end after all. */
  readonly error: E
}
