/**
 * Chooses the request for the rows after a place: by offset, by page number, or by a window. A window is a page whose
 * number and size are chosen so that it holds the last known row and as many rows after it as possible.
 */
import type { AnyRequest } from "./request.ts"
import type { State, Walk } from "./state.ts"

/** A request, and the expected index of the last known row in its answer; -1 if only new rows are expected. */
export interface Next {
  readonly request: AnyRequest
  readonly expected: number
}

/** The smallest page size for windows. Smaller pages would take half as many requests again. */
export const leastSize = 20

/** The place where an answer begins; null if the server chooses the page size. */
export const startOf = <A, E, R>({ strategy }: Walk<A, E, R>, { offset, page, size }: AnyRequest) =>
  strategy._tag === "Offset" ? offset : size === null ? null : (page - 1) * size

/** The index of the last known row in an answer; -1 if it lies before it. */
const expectedIn = (place: number, start: number): number => Math.max(-1, place - 1 - start)

/** The page of this number and size, with the expected index. */
const pageAt = (state: State, page: number, size: number): Next => ({
  request: { ...state.next, page, size },
  expected: expectedIn(state.place, (page - 1) * size)
})

/**
 * The window of at most `size` rows that holds the row before `place` and reaches furthest after it. Undefined if
 * there is none, because all sizes divide the place.
 *
 * A window of size s ends before `place + s`, so the search stops at the first size that cannot do better.
 */
export const furthest = (
  place: number,
  size: number
): { readonly page: number; readonly size: number } | undefined => {
  let best: { page: number; size: number } | undefined
  let end = place
  for (let each = size; each >= 2 && place - 1 + each > end; each--) {
    const page = Math.floor((place - 1) / each) + 1
    if (page * each <= end) continue
    end = page * each
    best = { page, size: each }
  }
  return best
}

/** The largest page that begins at this place. */
const pageStartingAt = (place: number, size: number): { readonly page: number; readonly size: number } => {
  let each = size
  while (place % each !== 0) each -= 1
  return { page: place / each + 1, size: each }
}

/** The number of the page of this size that holds the last known row. */
export const pageOfLast = ({ place }: State, size: number): number =>
  Math.floor(Math.max(0, place - 1) / size) + 1

/**
 * The window with the last known row and more, or the page after that row if `behind` is set or there is no window.
 * It is no larger than the largest page so far, because a short first page may have been clamped.
 */
const window = (state: State, size: number, behind: boolean): Next => {
  const most = Math.min(size, state.largest)
  const found = (behind ? undefined : furthest(state.place, most)) ?? pageStartingAt(state.place, most)
  return pageAt(state, found.page, found.size)
}

/** Requests the page with the last known row again; the first page with its original size. */
export const rereadLast = <A, E, R>(
  { strategy }: Walk<A, E, R>,
  state: State
): Pick<State, "next" | "expected"> => {
  const size = state.size ?? 1
  const page = pageOfLast(state, size)
  const { expected, request } = pageAt(state, page, page === 1 ? (strategy.size ?? size) : size)
  return { next: request, expected }
}

/** The request with the last known row, and with rows after it if possible. */
export const rereadWindow = (state: State, size: number): Next => {
  const found = furthest(state.place, size)
  return pageAt(state, found?.page ?? pageOfLast(state, size), found?.size ?? size)
}

/**
 * The request for the rows after those taken so far. If the last answer ended with the last known row, and the
 * overlapping request was just made, requests the rows after it.
 */
export const nextRequest = <A, E, R>(walk: Walk<A, E, R>, state: State, exhausted: boolean): Next => {
  const next = requestAfter(walk, state, false)
  return exhausted && isSame(walk, next.request, state.next) ? requestAfter(walk, state, true) : next
}

const isSame = <A, E, R>({ strategy }: Walk<A, E, R>, a: AnyRequest, b: AnyRequest): boolean =>
  strategy._tag === "Offset" ? a.offset === b.offset : a.page === b.page && a.size === b.size

const requestAfter = <A, E, R>(walk: Walk<A, E, R>, state: State, behind: boolean): Next => {
  const { next, place, size } = state
  if (walk.strategy._tag === "Offset") {
    const overlaps = state.largest > 1 && !behind
    const offset = place - (overlaps ? 1 : 0)
    return { request: { ...next, page: next.page + 1, offset }, expected: overlaps ? 0 : -1 }
  }
  return state.overlapping && size !== null
    ? window(state, size, behind)
    : { request: { ...next, page: next.page + 1, size }, expected: -1 }
}

/** The expected next requests, within the vendor's claims. */
export const likely = function* <A, E, R>(walk: Walk<A, E, R>, state: State): Generator<AnyRequest> {
  const total = state.totalProven ? state.total : null
  let { next, place } = state
  // The current request may still emit a page.
  for (let left = walk.maxPages - state.emitted - 1; left > 0; left--) {
    const start = startOf(walk, next)
    const rows =
      walk.strategy._tag === "Offset"
        ? Math.max(state.size ?? 1, state.largest)
        : (next.size ?? state.largest)
    place = (start ?? place) + rows
    const isLast = !state.overlapping && state.lastPage !== null && next.page >= state.lastPage
    if (isLast || (total !== null && place >= total)) return
    next = nextRequest(walk, { ...state, next, place }, false).request
    yield next
  }
}
