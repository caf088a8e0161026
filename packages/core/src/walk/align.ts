/**
 * Finding the last known rows again: in an answer that overlaps what is known, or around where they should be.
 */
import * as Effect from "effect/Effect"
import type { AnyRequest } from "./request.ts"
import * as DerivedId from "../model/DerivedId.ts"
import * as LoopDetector from "./loopDetector.ts"
import type { Known, State, Walk } from "./state.ts"
import { leastSize, pageOfLast, startOf } from "./windows.ts"

/** How many requests are spent on each side when a listing has moved. */
const reach = 3
/** Keys that a checkpoint carries. Rows without ids have to be hashed for it, so they are fewer. */
const recentWithIds = 8
const recentWithout = 5

/** The key of a row: its id, or a hash of its content. */
export const keyOf = <A, E, R>(walk: Walk<A, E, R>, row: A): string => walk.key?.(row) ?? contentKey(row)

/** The ids of rows; undefined for a row that has none. */
export const idsOf = <A, E, R>(
  { key }: Walk<A, E, R>,
  rows: ReadonlyArray<A>
): ReadonlyArray<string | undefined> => rows.map((row) => key?.(row))

/** A hash of a row's content. */
export const contentKey = (row: unknown): string => DerivedId.make([JSON.stringify(row)])

/** A page's rows, and those of them that are new. */
export interface Taken<A> {
  readonly rows: ReadonlyArray<A>
  readonly fresh: ReadonlyArray<A>
  /** New rows in front of a known one, which belong to what was read. */
  readonly inserted?: ReadonlyArray<A>
  /** The keys of the new rows, where they are at hand. */
  readonly keys?: ReadonlyArray<string>
  readonly mark: string
}

/** Takes note of a page's rows; what was known stays known as far as the page brought little that is new. */
export const note = <A, E, R>(
  walk: Walk<A, E, R>,
  state: State,
  { fresh, inserted = [], keys: atHand, mark, rows }: Taken<A>,
  at: number
): Known => {
  const before = state.known
  const kept = walk.key === undefined ? fresh.slice(-recentWithout) : fresh
  const keys = atHand ?? kept.map((row) => keyOf(walk, row))
  const enough = walk.key === undefined ? recentWithout : Math.max(rows.length, recentWithIds)
  const older = before === null || keys.length >= enough ? [] : before.keys.slice(keys.length - enough)
  // Those in between are behind no other: only that they came is to be known.
  const between = inserted.map((row) => keyOf(walk, row))
  return {
    keys: older.length + between.length === 0 ? keys : [...between, ...older, ...keys],
    request: state.next,
    inPage: rows.length,
    room: roomOf(walk, state, rows.length, at),
    mark
  }
}

/**
 * A page is full where the vendor says that there are more rows behind it, where it has as many as the server has been seen
 * to serve, or where it was asked for again, rows behind it at hand, and brought nothing new.
 */
const roomOf = <A, E, R>(
  { strategy }: Walk<A, E, R>,
  { fills, lastPage, next, place, rereading, total, totalProven }: State,
  rows: number,
  at: number
): Known["room"] => {
  if (strategy._tag === "Offset" || (lastPage !== null && next.page < lastPage)) return "full"
  if (totalProven && total !== null && place + rows - at - 1 < total) return "full"
  if (at === rows - 1 && rereading) return "full"
  if (rows === next.size) return "asked"
  return fills > 0 && rows >= fills ? "full" : "unknown"
}

/**
 * How many rows the server serves, after an answer with so many, of which so many are new. A first page that comes short
 * sets the size of the requests behind it, so that page numbers mean the same to a server that counts by the size that
 * was asked and to one that counts by the size that it serves. Short again with rows behind it, it was clamped.
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
  // More than was asked: the server chooses.
  if (rows > size) return { size: rows, overlapping: false, clampedTo }
  if (rows === next.size) return { size: rows, overlapping, clampedTo }
  const clamped = (state.rereading && fresh === 0) || (state.totalProven && total !== null && rows < total)
  return clamped
    ? { size: rows, overlapping: overlapping && rows >= leastSize, clampedTo: rows }
    : { size: overlapping ? size : rows, overlapping, clampedTo }
}

/** A short page of offsets with more rows behind it shows the size that the server really serves. */
const servedAfter = ({ known }: State, size: number, rows: number, fresh: number): number => {
  if (known === null) return size
  const short = fresh > 0 && known.inPage < size && known.inPage > 1 && rows <= known.inPage
  return short ? known.inPage : Math.max(size, rows)
}

/** The keys that go into a checkpoint. */
export const recent = <A, E, R>(walk: Walk<A, E, R>, known: Known | null): ReadonlyArray<string> =>
  known === null ? [] : known.keys.slice(walk.key === undefined ? -recentWithout : -recentWithIds)

/**
 * The index of the last known row among these rows, or -1.
 *
 * With ids it is the latest known row that is there. Without, equal rows may be others: the row must be where it is
 * `expected`, or be found only once, together with those before it.
 */
export const locate = <A, E, R>(
  walk: Walk<A, E, R>,
  known: Known | null,
  rows: ReadonlyArray<A>,
  expected: number
): number => {
  if (known === null || known.keys.length === 0) return -1
  if (expected >= 0 && fits(walk, known.keys, rows, expected)) return expected
  if (walk.key !== undefined) return latest(walk.key, known.keys, rows)
  return expected < 0 ? -1 : onlyPlace(walk, known.keys, rows)
}

/** Rows that lack the id that the others have may be equal, and locate nothing. */
const latest = <A>(
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
 * The one place where the last known row stands with those before it, as far as they can be seen. As the first of the rows
 * it has lost all of them: that alone says too little.
 */
const onlyPlace = <A, E, R>(
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

/** Whether the last known row is at this index: with ids by its own, else together with those before it. */
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
  void LoopDetector.unseen(loops, rows, idsOf(walk, rows))

/**
 * The rows that did not come before, as far as is remembered; then remembers them. A row that has the key of another one
 * of these rows and other contents stays, and is told of: neither is known to be the right one.
 */
export const unseen = <A, E, R>(
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
  if (conflicts.size === 0) return LoopDetector.unseen(loops, rows, keys)
  const fresh = new Set(LoopDetector.unseen(loops, rows, keys))
  for (const row of conflicts) walk.onConflict?.(row)
  return rows.filter((row) => fresh.has(row) || conflicts.has(row))
}

/** Where the last known row was found. */
export interface Found<A> {
  readonly request: AnyRequest
  readonly rows: ReadonlyArray<A>
  /** The place of its first row. */
  readonly start: number
  readonly at: number
  readonly total: number | null
  readonly lastPage: number | null
}

/** Whether this is the last known row; others of those known may have moved otherwise. */
export const isLastKnown = <A, E, R>(walk: Walk<A, E, R>, { known }: State, row: A | undefined): boolean =>
  row !== undefined && keyOf(walk, row) === known?.keys.at(-1)

/** Whether the last known row is where it was. */
export const isInPlace = <A>({ place }: State, { at, rows, start }: Found<A>): boolean =>
  start + at + 1 === place && at === rows.length - 1

/**
 * Reads around the place where the last known row should be, the nearest first, until it is found; undefined if it
 * is not within reach. At most seven requests.
 */
export const search = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk<A, E, R>,
  state: State
): Effect.fn.Return<Found<A> | undefined, E, R> {
  const { known } = state
  let { largest } = state
  let earlier: Found<A> | undefined
  for (const request of around(walk, state)) {
    const answer = yield* walk.fetch(request)
    if (answer._tag === "PastEnd") continue
    const { lastPage, rows, total } = answer
    largest = Math.max(largest, rows.length)
    const again = isKnown(walk, known, request, rows)
    const found = again ? rows.length - 1 : locate(walk, known, rows, rows.length)
    const at = found < 0 && (yield* isFirstBehindKnown(walk, state, request, rows)) ? 0 : found
    const row = rows[at]
    if (row === undefined) continue
    // Where the server chooses the size, a page's place is known by the pages before it.
    const start = startOf(walk, request) ?? (request.page - 1) * largest
    const place = { request, rows, start, at, total, lastPage }
    if (again || isLastKnown(walk, state, row)) return place
    // The last one may be gone, or farther away than this one.
    earlier ??= place
  }
  return earlier
})

/**
 * Whether the last known row, without an id, is the first of these rows: the row in front of it has to be the known one
 * before it, for equal rows may stand anywhere.
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

/** Whether a numbered page has come again just as it was: then its last row is where it was, however common. */
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

/** Windows are looked for in pages of the whole size: those are served, whatever the server makes of other sizes. */
const around = <A, E, R>(walk: Walk<A, E, R>, state: State): ReadonlyArray<AnyRequest> => {
  const { next, overlapping, size } = state
  const windows = overlapping && size !== null
  const page = windows ? pageOfLast(state, size) : next.page
  const at = (step: number): AnyRequest =>
    walk.strategy._tag === "Offset"
      ? { ...next, offset: Math.max(0, next.offset + step * (size ?? 1)) }
      : { ...next, page: page + step, size: windows ? size : next.size }
  const sides = Array.from({ length: reach }, (_, step) => [-step - 1, step + 1]).flat()
  return (windows ? [0, ...sides] : sides).map(at).filter(({ page }) => page >= 1)
}

/** A short mark of a page: its first and last row and their number. Pages that repeat have the same. */
export const markOf = <A, E, R>(walk: Walk<A, E, R>, rows: ReadonlyArray<A>): string => {
  const [first] = rows
  const last = rows.at(-1)
  if (first === undefined || last === undefined) return ""
  return `${rows.length}|${keyOf(walk, first)}|${keyOf(walk, last)}`
}
