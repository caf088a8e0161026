/**
 * A listing's rows, made when they are asked for: a length and a function from place to row.
 */

/** Rows that need no memory. */
export interface Rows<A> {
  readonly length: number
  /** The row at this place, from 0 to `length - 1`. */
  readonly at: (index: number) => A
}

/** The rows from `start` up to, but without, `end`. */
export const slice = <A>(rows: Rows<A>, start: number, end: number): Array<A> => {
  const from = Math.max(0, start)
  const count = Math.max(0, Math.min(end, rows.length) - from)
  return Array.from({ length: count }, (_, index) => rows.at(from + index))
}

/** All rows at once. For small listings: a test's, or one page's. */
export const toArray = <A>(rows: Rows<A>): Array<A> => slice(rows, 0, rows.length)

/** The same rows from the last to the first. */
export const reverse = <A>(rows: Rows<A>): Rows<A> => ({
  length: rows.length,
  at: (index) => rows.at(rows.length - 1 - index)
})

/** Each row mapped, when it is asked for. */
export const map = <A, B>(rows: Rows<A>, f: (row: A, index: number) => B): Rows<B> => ({
  length: rows.length,
  at: (index) => f(rows.at(index), index)
})

/** The places from 0 to `length - 1`. */
export const range = (length: number): Rows<number> => ({ length, at: (index) => index })
