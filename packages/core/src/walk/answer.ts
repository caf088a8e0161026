/**
 * What a vendor answers to a request of a walk.
 */

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
