/**
 * Finds the last known rows again: in an answer that overlaps them, or in pages around their expected place.
 */
import * as Effect from "effect/Effect"
import type { AnyRequest } from "./request.ts"
import * as DerivedId from "../model/DerivedId.ts"
import * as LoopDetector from "./loopDetector.ts"
import type { Known, State, Walk } from "./state.ts"
import { leastSize, pageOfLast, startOf } from "./windows.ts"

/** Pages searched on each side of the expected place. */
const searchRadius = 3
/** The number of keys in a checkpoint. Keys of rows without ids are hashes, so there are fewer. */
const recentWithIds = 8
const recentWithout = 5

/** The key of a row: its id, or a hash of its contents. */
export const keyOf = <A, E, R>(walk: Walk<A, E, R>, row: A): string => walk.key?.(row) ?? contentKey(row)

/** The ids of rows; undefined for rows without one. */
export const idsOf = <A, E, R>(
  { key }: Walk<A, E, R>,
  rows: ReadonlyArray<A>
): ReadonlyArray<string | undefined> => rows.map((row) => key?.(row))

/** A hash of a row's contents. */
export const contentKey = (row: unknown): string => DerivedId.make([JSON.stringify(row)])

/** A page's rows, and those of them that are new. */
export interface PageRows<A> {
  readonly rows: ReadonlyArray<A>
  readonly fresh: ReadonlyArray<A>
  /** New rows before a known one: they were inserted among rows already read. */
  readonly inserted?: ReadonlyArray<A>
  /** The keys of the new rows, if already computed. */
  readonly keys?: ReadonlyArray<string>
  readonly mark: string
}

/** The known rows after a page. Earlier known rows are kept if the page has few new ones. */
export const knownAfter = <A, E, R>(
  walk: Walk<A, E, R>,
  state: State,
  { fresh, inserted = [], keys: given, mark, rows }: PageRows<A>,
  at: number
): Known => {
  const before = state.known
  const kept = walk.key === undefined ? fresh.slice(-recentWithout) : fresh
  const keys = given ?? kept.map((row) => keyOf(walk, row))
  const enough = walk.key === undefined ? recentWithout : Math.max(rows.length, recentWithIds)
  const older = before === null || keys.length >= enough ? [] : before.keys.slice(keys.length - enough)
  // Inserted rows are remembered, but do not become the last known row.
  const between = inserted.map((row) => keyOf(walk, row))
  return {
    keys: older.length + between.length === 0 ? keys : [...between, ...older, ...keys],
    request: state.next,
    inPage: rows.length,
    room: roomOf(walk, state, rows.length, at),
    overlaps: state.rereading ? before?.overlaps === true : isOverlap(state, rows.length, at),
    mark
  }
}

/** Whether rows that had come before are followed by new ones, though only new ones were expected. */
export const isOverlap = ({ expected, resuming }: State, rows: number, at: number): boolean =>
  expected < 0 && at >= 0 && at < rows - 1 && !resuming

/**
 * A page is full if the vendor claims more rows after it, if it has as many rows as the server is known to serve, or
 * if it was read again, with rows after it known, and had nothing new. A short page in the middle is not: the server may have
 * cut this one only, and counted its rows by another size.
 */
const roomOf = <A, E, R>(
  { strategy }: Walk<A, E, R>,
  { fullSize, lastPage, next, place, rereading, total, totalProven }: State,
  rows: number,
  at: number
): Known["room"] => {
  if (strategy._tag === "Offset") return "full"
  if (at === rows - 1 && rereading) return "full"
  if (next.page > 1 && next.size !== null && rows < next.size && rows !== fullSize) return "unknown"
  if (lastPage !== null && next.page < lastPage) return "full"
  if (totalProven && total !== null && place + rows - at - 1 < total) return "full"
  if (rows === next.size) return "asked"
  return fullSize > 0 && rows >= fullSize ? "full" : "unknown"
}

/**
 * The page size after an answer with this many rows, of which `fresh` are new.
 *
 * A short first page sets the size of further requests. Page numbers then mean the same to servers that count by the
 * requested size and to servers that count by the served size. If it is short again with rows after it, the server
 * clamped it.
 */
export const sizeAfter = <A, E, R>(
  walk: Walk<A, E, R>,
  state: State,
  rows: number,
  fresh: number
): Pick<State, "size" | "overlapping" | "clampedTo"> => {
  const { clampedTo, next, overlapping, size, total } = state
  if (size === null) return { size, overlapping, clampedTo }
  if (walk.strategy._tag === "Offset") {
    const served = servedAfter(state, size, rows, fresh)
    return { size: served, overlapping, clampedTo: served < (walk.strategy.size ?? 0) ? served : clampedTo }
  }
  const first = next.page === 1 && next.size === walk.strategy.size
  if (!first) return { size, overlapping, clampedTo }
  // More rows than requested: the server chooses the size.
  if (rows > size) return { size: rows, overlapping: false, clampedTo }
  if (rows === next.size) return { size: rows, overlapping, clampedTo }
  const clamped = (state.rereading && fresh === 0) || (state.totalProven && total !== null && rows < total)
  return clamped
    ? { size: rows, overlapping: overlapping && rows >= leastSize, clampedTo: rows }
    : { size: overlapping ? size : rows, overlapping, clampedTo }
}

/** A short page of offsets, with more rows after it, has the size that the server serves. */
const servedAfter = ({ known }: State, size: number, rows: number, fresh: number): number => {
  if (known === null) return size
  const short = fresh > 0 && known.inPage < size && known.inPage > 1 && rows <= known.inPage
  return short ? known.inPage : Math.max(size, rows)
}

/** The keys for a checkpoint. */
export const recent = <A, E, R>(walk: Walk<A, E, R>, known: Known | null): ReadonlyArray<string> =>
  known === null ? [] : known.keys.slice(walk.key === undefined ? -recentWithout : -recentWithIds)

/**
 * The index of the last known row in these rows, or -1.
 *
 * With ids, this is the latest known row that is present. Without ids, equal rows may be different ones: the row must
 * be at the `expected` index, or match at exactly one place together with the rows before it.
 */
export const locate = <A, E, R>(
  walk: Walk<A, E, R>,
  known: Known | null,
  rows: ReadonlyArray<A>,
  expected: number
): number => {
  if (known === null || known.keys.length === 0) return -1
  if (expected >= 0 && fits(walk, known.keys, rows, expected)) return expected
  if (walk.key !== undefined) return latestKnown(walk.key, known.keys, rows)
  return expected < 0 ? -1 : uniquePlace(walk, known.keys, rows)
}

/** Rows without an id may be equal to others and do not count. */
const latestKnown = <A>(
  idOf: (row: A) => string | undefined,
  keys: ReadonlyArray<string>,
  rows: ReadonlyArray<A>
): number => {
  const ranks = new Map(keys.map((key, rank) => [key, rank]))
  let best = -1
  let at = -1
  for (const [index, row] of rows.entries()) {
    const id = idOf(row)
    const rank = id === undefined ? -1 : (ranks.get(id) ?? -1)
    if (rank > best) {
      best = rank
      at = index
    }
  }
  return at
}

/**
 * The only index at which the last known row and the rows before it match; -1 if there is none or several. The first
 * row does not count: no row before it confirms the match.
 */
const uniquePlace = <A, E, R>(
  walk: Walk<A, E, R>,
  keys: ReadonlyArray<string>,
  rows: ReadonlyArray<A>
): number => {
  const here = rows.map((row) => keyOf(walk, row))
  const backwards = keys.toReversed()
  const places = here.flatMap((_, index) =>
    !(index === 0 && keys.length > 1) &&
    backwards.every((key, back) => back > index || here[index - back] === key)
      ? [index]
      : []
  )
  return places.length === 1 ? (places[0] ?? -1) : -1
}

/** Whether the last known row is at this index: by its id, or together with the rows before it. */
const fits = <A, E, R>(
  walk: Walk<A, E, R>,
  keys: ReadonlyArray<string>,
  rows: ReadonlyArray<A>,
  index: number
): boolean => {
  const seen = walk.key === undefined ? Math.min(index + 1, keys.length) : 1
  return Array.from({ length: seen }, (_, back) => back).every((back) => {
    const row = rows[index - back]
    return row !== undefined && keyOf(walk, row) === keys.at(-1 - back)
  })
}

/** Remembers rows that were read before. */
export const remember = <A, E, R>(walk: Walk<A, E, R>, { loops }: State, rows: ReadonlyArray<A>): void =>
  void LoopDetector.filterNew(loops, rows, idsOf(walk, rows))

/**
 * The rows that are new, as far as remembered; then remembers them. A row with the key of another row of these and
 * other contents also counts as new, and is reported to `onConflict`: either may be the right one.
 */
export const filterNew = <A, E, R>(
  walk: Walk<A, E, R>,
  { loops }: State,
  rows: ReadonlyArray<A>
): ReadonlyArray<A> => {
  const keys = idsOf(walk, rows)
  const conflicts = new Set<A>()
  const first = new Map<string, A>()
  for (const [index, row] of rows.entries()) {
    const key = keys[index]
    if (key === undefined) continue
    const other = first.get(key)
    if (other === undefined) first.set(key, row)
    else if (contentKey(other) !== contentKey(row)) conflicts.add(row)
  }
  if (conflicts.size === 0) return LoopDetector.filterNew(loops, rows, keys)
  const fresh = new Set(LoopDetector.filterNew(loops, rows, keys))
  for (const row of conflicts) walk.onConflict?.(row)
  return rows.filter((row) => fresh.has(row) || conflicts.has(row))
}

/** Where the last known row was found. */
export interface Found<A> {
  readonly request: AnyRequest
  readonly rows: ReadonlyArray<A>
  /** The number of rows of the listing before its first row. */
  readonly start: number
  readonly at: number
  readonly total: number | null
  readonly lastPage: number | null
}

/** Whether this is the last known row. Earlier known rows may have moved independently. */
export const isLastKnown = <A, E, R>(walk: Walk<A, E, R>, { known }: State, row: A | undefined): boolean =>
  row !== undefined && keyOf(walk, row) === known?.keys.at(-1)

/** Whether the last known row has not moved. */
export const isInPlace = <A>({ place }: State, { at, rows, start }: Found<A>): boolean =>
  start + at + 1 === place && at === rows.length - 1

/**
 * Searches for the last known row in pages around its expected place, nearest first, with at most seven requests; with
 * `sameFirst` the page at hand is requested again before them. Undefined if it is not found.
 */
export const search = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk<A, E, R>,
  state: State,
  sameFirst = false
): Effect.fn.Return<Found<A> | undefined, E, R> {
  const { known } = state
  let { largest } = state
  let earlier: Found<A> | undefined
  for (const request of nearby(walk, state, sameFirst)) {
    const answer = yield* walk.fetch(request)
    if (answer._tag === "PastEnd") continue
    const { lastPage, rows, total } = answer
    largest = Math.max(largest, rows.length)
    const again = isKnown(walk, known, request, rows)
    const found = again ? rows.length - 1 : locate(walk, known, rows, rows.length)
    const at = found < 0 && (yield* isFirstBehindKnown(walk, state, request, rows)) ? 0 : found
    const row = rows[at]
    if (row === undefined) continue
    // If the server chooses the size, the pages before determine a page's place.
    const start = startOf(walk, request) ?? (request.page - 1) * largest
    const place = { request, rows, start, at, total, lastPage }
    if (again || isLastKnown(walk, state, row)) return place
    // The last known row may be gone, or farther away than this one.
    earlier ??= place
  }
  return earlier
})

/**
 * Whether the first of these rows is the last known row, if rows have no ids. The row before it must be the known one
 * before it, because equal rows may be anywhere.
 */
const isFirstBehindKnown = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk<A, E, R>,
  state: State,
  request: AnyRequest,
  [first]: ReadonlyArray<A>
): Effect.fn.Return<boolean, E, R> {
  const { known } = state
  const before = known?.keys.at(-2)
  if (walk.key !== undefined || before === undefined || !isLastKnown(walk, state, first)) return false
  const { offset, page } = request
  const isOffset = walk.strategy._tag === "Offset"
  if (isOffset ? offset < 1 : page < 2) return false
  const answer = yield* walk.fetch({ ...request, page: page - 1, offset: offset - 1 })
  if (answer._tag === "PastEnd") return false
  const row = isOffset ? answer.rows[0] : answer.rows.at(-1)
  return row !== undefined && keyOf(walk, row) === before
})

/**
 * Whether a numbered page came again unchanged. Its last row then has not moved, even if equal rows exist elsewhere.
 */
const isKnown = <A, E, R>(
  walk: Walk<A, E, R>,
  known: Known | null,
  request: AnyRequest,
  rows: ReadonlyArray<A>
): boolean =>
  walk.strategy._tag === "PageNumber" &&
  known !== null &&
  request.page === known.request.page &&
  request.size === known.request.size &&
  rows.length > 0 &&
  markOf(walk, rows) === known.mark

/** Searches for windows with pages of the full size, which every server serves. */
const nearby = <A, E, R>(
  walk: Walk<A, E, R>,
  state: State,
  sameFirst: boolean
): ReadonlyArray<AnyRequest> => {
  const { next, overlapping, size } = state
  const windows = overlapping && size !== null
  const page = windows ? pageOfLast(state, size) : next.page
  const at = (step: number): AnyRequest =>
    walk.strategy._tag === "Offset"
      ? { ...next, offset: Math.max(0, next.offset + step * (size ?? 1)) }
      : { ...next, page: page + step, size: windows ? size : next.size }
  const sides = Array.from({ length: searchRadius }, (_, step) => [-step - 1, step + 1]).flat()
  return [...(windows || sameFirst ? [0] : []), ...sides].map(at).filter(({ page }) => page >= 1)
}

/** A short mark of a page: its length and the keys of its first and last row. Repeated pages have the same mark. */
export const markOf = <A, E, R>(walk: Walk<A, E, R>, rows: ReadonlyArray<A>): string => {
  const [first] = rows
  const last = rows.at(-1)
  if (first === undefined || last === undefined) return ""
  return `${rows.length}|${keyOf(walk, first)}|${keyOf(walk, last)}`
}
