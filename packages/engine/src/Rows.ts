/**
 * Rows of a listing that are made on demand: a length, and a function from index to row.
 */

/** Rows that take no memory. */
export interface Rows<A> {
  readonly length: number
  /** The row at this index, from 0 to `length - 1`. */
  readonly at: (index: number) => A
}

/** The rows of an array. */
export const fromArray = <A>(rows: ReadonlyArray<A>): Rows<A> => ({
  length: rows.length,
  at: (index) => {
    const row = rows[index]
    if (row === undefined) throw new RangeError(`there is no row ${index} of ${rows.length}`)
    return row
  }
})

/** The rows from `start` to before `end`. */
export const slice = <A>(rows: Rows<A>, start: number, end: number): Array<A> => {
  const from = Math.max(0, start)
  const count = Math.max(0, Math.min(end, rows.length) - from)
  return Array.from({ length: count }, (_, index) => rows.at(from + index))
}

/** All rows at once. For small listings, such as those of a test. */
export const toArray = <A>(rows: Rows<A>): Array<A> => slice(rows, 0, rows.length)

/** The same rows in reverse order. */
export const reverse = <A>(rows: Rows<A>): Rows<A> => ({
  length: rows.length,
  at: (index) => rows.at(rows.length - 1 - index)
})

/** Maps each row on demand. */
export const map = <A, B>(rows: Rows<A>, f: (row: A, index: number) => B): Rows<B> => ({
  length: rows.length,
  at: (index) => f(rows.at(index), index)
})

/** The indexes from 0 to `length - 1`. */
export const range = (length: number): Rows<number> => ({ length, at: (index) => index })
