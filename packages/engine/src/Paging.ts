/**
 * Cuts rows into pages, including the faults of paging.
 */
import * as Predicate from "effect/Predicate"
import { type Fault, valueOf } from "./Faults.ts"
import * as Rows from "./Rows.ts"

/** A page of a listing. */
export interface Served<A> {
  readonly rows: ReadonlyArray<A | Malformed>
  /** Whether the page is past the last row; false for the first page. */
  readonly pastEnd: boolean
  /** The page size that is served. */
  readonly size: number
  /** The number of rows before the page. */
  readonly start: number
}

/** A row whose key field has an undocumented type. */
export type Malformed = { readonly [field: string]: unknown }

/** Where a page starts: a page number from 1, or an offset from 0. */
export type Start = { readonly page: number } | { readonly offset: number }

/** The rows of a page. The fault `malformed-record` corrupts `keyField`. */
export const serve = <A extends object>(
  rows: Rows.Rows<A>,
  start: Start,
  asked: number,
  keyField: keyof A & string,
  faults: ReadonlyArray<Fault>
): Served<A> => {
  const size = Math.min(asked, valueOf(faults, "clamp") ?? asked)
  const from = misread("page" in start ? (start.page - 1) * size : start.offset, rows.length, size, faults)
  const empty = valueOf(faults, "empty-page", 2)
  const isHole = empty !== undefined && Math.floor(from / size) + 1 === empty && from < rows.length
  const end = valueOf(faults, "limit-first") === undefined ? from + size : Math.max(from, size)
  const malformed = valueOf(faults, "malformed-record")
  return {
    rows: Rows.slice(rows, from, isHole ? from : end).map((row, index) =>
      index === malformed ? spoil(row, keyField) : row
    ),
    pastEnd: from > 0 && from >= rows.length,
    size,
    start: from
  }
}

/** The offset that is served in place of the requested one. */
const misread = (offset: number, length: number, size: number, faults: ReadonlyArray<Fault>): number => {
  if (valueOf(faults, "ignore-page") !== undefined) return 0
  const cycle = valueOf(faults, "cycle", 1)
  const from = cycle === undefined ? offset : offset % (cycle * size)
  const isPast = length > 0 && from >= length
  return isPast && valueOf(faults, "clamp-page") !== undefined ? Math.floor((length - 1) / size) * size : from
}

const spoil = (row: object, keyField: string): Malformed => ({ ...row, [keyField]: [false] })

/** The total that is claimed for this many rows, on a page with `start` rows before it. */
export const claimed = (length: number, faults: ReadonlyArray<Fault>, start = 0): number => {
  const shift = valueOf(faults, "offset-total") === undefined ? 0 : start
  return Math.max(0, length + shift + (valueOf(faults, "wrong-total") ?? 0))
}

/** The token or link for the next page that is given, by the faults. */
export const next = <Next>(next: Next, faults: ReadonlyArray<Fault>): Next | null =>
  valueOf(faults, "no-next") === undefined ? next : null

/** A whole number from the query; `otherwise` if it is missing, undefined if it is not a whole number. */
export const whole = (query: URLSearchParams, name: string, otherwise?: number): number | undefined => {
  const text = query.get(name)
  if (text === null) return otherwise
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** Whether a value is 1 or more. */
export const isFromOne = (value: number | undefined): value is number =>
  Predicate.isNumber(value) && value >= 1
