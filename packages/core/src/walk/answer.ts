/**
 * A vendor's answers to the requests of a walk.
 */

/** One page as it came. Claims are what the vendor states besides the rows; null if it states nothing. */
export interface Received<A> {
  readonly _tag: "Received"
  readonly rows: ReadonlyArray<A>
  /** The claimed number of rows in the whole listing. */
  readonly total: number | null
  /** The claimed number of the last page. */
  readonly lastPage: number | null
  /** The page number in the answer. */
  readonly page: number | null
  /** The token or link for the next page, unchanged; null if there is none. */
  readonly next: string | null
}

/** An error instead of a page, which may mean "past the end". */
export interface PastEnd<E> {
  readonly _tag: "PastEnd"
  /** Whether the vendor documents this error for a page past the end. If not, the walk verifies it. */
  readonly documented: boolean
  /** The error to fail with if it is not the end. */
  readonly error: E
}
