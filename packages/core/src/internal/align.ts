/**
 * Finding the last known rows again: in an answer that overlaps what is known, or around where they should be.
 */
import * as Effect from "effect/Effect"
import type { PageRequest } from "./answer.ts"
import * as Identity from "../Identity.ts"
import type { Known, State, Walk } from "./state.ts"

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
export const contentKey = (row: unknown): string => Identity.derive([JSON.stringify(row)])

/** A page's rows, and those of them that are new. */
export interface Taken<A> {
  readonly rows: ReadonlyArray<A>
  readonly fresh: ReadonlyArray<A>
  /** The keys of the new rows, where they are at hand. */
  readonly keys?: ReadonlyArray<string>
  readonly mark: string
}

/** Takes note of a page's rows; `before` stays known as far as the page brought little that is new. */
export const note = <A, E, R>(
  walk: Walk<A, E, R>,
  request: PageRequest,
  { fresh, keys: atHand, mark, rows }: Taken<A>,
  before: Known | null
): Known => {
  const kept = walk.key === undefined ? fresh.slice(-recentWithout) : fresh
  const keys = atHand ?? kept.map((row) => keyOf(walk, row))
  const enough = walk.key === undefined ? recentWithout : rows.length
  const older = before === null || keys.length >= enough ? [] : before.keys.slice(keys.length - enough)
  return { keys: older.length === 0 ? keys : [...older, ...keys], request, inPage: rows.length, mark }
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
  const last = known.keys.at(-1)
  const at = rows[expected]
  if (expected >= 0 && at !== undefined && keyOf(walk, at) === last) return expected
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

const onlyPlace = <A, E, R>(
  walk: Walk<A, E, R>,
  keys: ReadonlyArray<string>,
  rows: ReadonlyArray<A>
): number => {
  const here = rows.map((row) => keyOf(walk, row))
  const backwards = keys.toReversed()
  const places = here.flatMap((_, index) =>
    backwards.every((key, back) => back > index || here[index - back] === key) ? [index] : []
  )
  return places.length === 1 ? (places[0] ?? -1) : -1
}

/** Where the last known row was found. */
export interface Found<A> {
  readonly request: PageRequest
  readonly rows: ReadonlyArray<A>
  readonly at: number
  readonly total: number | null
}

/**
 * Reads around the place where the last known row should be, the nearest first, until it is found; undefined if it
 * is not within reach. At most six requests.
 */
export const search = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk<A, E, R>,
  state: State
): Effect.fn.Return<Found<A> | undefined, E, R> {
  for (const request of around(walk, state)) {
    const answer = yield* walk.fetch(request)
    if (answer._tag === "PastEnd") continue
    const at = isKnown(walk, state.known, request, answer.rows)
      ? answer.rows.length - 1
      : locate(walk, state.known, answer.rows, answer.rows.length)
    if (at >= 0) return { request, rows: answer.rows, at, total: answer.total }
  }
  return undefined
})

/** Whether a numbered page has come again just as it was: then its last row is where it was, however common. */
const isKnown = <A, E, R>(
  walk: Walk<A, E, R>,
  known: Known | null,
  request: PageRequest,
  rows: ReadonlyArray<A>
): boolean =>
  walk.strategy._tag === "PageNumber" &&
  known !== null &&
  request.page === known.request.page &&
  rows.length > 0 &&
  markOf(walk, rows) === known.mark

const around = <A, E, R>(walk: Walk<A, E, R>, state: State): ReadonlyArray<PageRequest> => {
  const { next } = state
  const span = state.served ?? next.size ?? 1
  const steps = Array.from({ length: reach }, (_, step) => [-step - 1, step + 1]).flat()
  const at = (step: number): PageRequest =>
    walk.strategy._tag === "Offset"
      ? { ...next, offset: Math.max(0, next.offset + step * span) }
      : { ...next, page: next.page + step }
  return steps.map(at).filter(({ page }) => page >= 1)
}

/** The place in the listing of a row of an answer, where pages have a size. */
export const placeOf = <A, E, R>(
  walk: Walk<A, E, R>,
  state: State,
  request: PageRequest,
  at: number
): number =>
  walk.strategy._tag === "Offset"
    ? request.offset + at
    : (request.page - 1) * (state.next.size ?? state.served ?? state.largest) + at

/** A short mark of a page: its first and last row and their number. Pages that repeat have the same. */
export const markOf = <A, E, R>(walk: Walk<A, E, R>, rows: ReadonlyArray<A>): string => {
  const [first] = rows
  const last = rows.at(-1)
  if (first === undefined || last === undefined) return ""
  return `${rows.length}|${keyOf(walk, first)}|${keyOf(walk, last)}`
}
