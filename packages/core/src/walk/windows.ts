/**
 * Which request brings the rows from a place on: by offset, by the number of a page of fixed size, or by a window, a
 * page of such a number and size that it holds the last known row and reaches furthest behind it.
 */
import type { AnyRequest } from "./request.ts"
import type { State, Walk } from "./state.ts"

/** A request, and where in its answer the last known row should be; -1 where it should have only new rows. */
export interface Next {
  readonly request: AnyRequest
  readonly expected: number
}

/** The least size of pages for which windows pay: below it they would need half as many requests again. */
export const leastSize = 20

/** Where the answer to a request begins; null where the server chooses the size of pages. */
export const startOf = <A, E, R>({ strategy }: Walk<A, E, R>, { offset, page, size }: AnyRequest) =>
  strategy._tag === "Offset" ? offset : size === null ? null : (page - 1) * size

/** The place of the last known row in an answer to this request; -1 where it lies before it. */
const expectedIn = (place: number, start: number): number => Math.max(-1, place - 1 - start)

/** A page of this number and size, and what is expected of it. */
const pageAt = (state: State, page: number, size: number): Next => ({
  request: { ...state.next, page, size },
  expected: expectedIn(state.place, (page - 1) * size)
})

/**
 * The window that holds the row before `place` and reaches furthest behind it, of at most `size` rows; undefined where
 * no size has one: all of them divide the place.
 *
 * Of a size s it reaches to less than `place + s`, so that the search ends with the first size that could not do better.
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
const beginningAt = (place: number, size: number): { readonly page: number; readonly size: number } => {
  let each = size
  while (place % each !== 0) each -= 1
  return { page: place / each + 1, size: each }
}

/** The number of the page of this size that the last known row lies in. */
export const pageOfLast = ({ place }: State, size: number): number =>
  Math.floor(Math.max(0, place - 1) / size) + 1

/**
 * The window that holds the last known row and more; a page behind it, where `behind` is wanted or there is none. It is no
 * larger than any page was so far: a first page that came short may have been cut.
 */
const window = (state: State, size: number, behind: boolean): Next => {
  const most = Math.min(size, state.largest)
  const found = (behind ? undefined : furthest(state.place, most)) ?? beginningAt(state.place, most)
  return pageAt(state, found.page, found.size)
}

/** The page of the state's size that holds the last known row, to be asked for again; the first one as it was at first. */
export const lastAgain = <A, E, R>(
  { strategy }: Walk<A, E, R>,
  state: State
): Pick<State, "next" | "expected"> => {
  const size = state.size ?? 1
  const page = pageOfLast(state, size)
  const { expected, request } = pageAt(state, page, page === 1 ? (strategy.size ?? size) : size)
  return { next: request, expected }
}

/** The request that holds the last known row, and more if any can. */
export const rereading = (state: State, size: number): Next => {
  const found = furthest(state.place, size)
  return pageAt(state, found?.page ?? pageOfLast(state, size), found?.size ?? size)
}

/**
 * The request for what comes behind the rows taken so far; behind the last of them, where the last answer ended with it
 * and one that overlaps it has just been asked for.
 */
export const following = <A, E, R>(walk: Walk<A, E, R>, state: State, exhausted: boolean): Next => {
  const next = onward(walk, state, false)
  return exhausted && isSame(walk, next.request, state.next) ? onward(walk, state, true) : next
}

const isSame = <A, E, R>({ strategy }: Walk<A, E, R>, a: AnyRequest, b: AnyRequest): boolean =>
  strategy._tag === "Offset" ? a.offset === b.offset : a.page === b.page && a.size === b.size

const onward = <A, E, R>(walk: Walk<A, E, R>, state: State, behind: boolean): Next => {
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

/** The requests that follow if all goes as it should, no further than the claims reach. */
export const likely = function* <A, E, R>(walk: Walk<A, E, R>, state: State): Generator<AnyRequest> {
  const total = state.totalProven ? state.total : null
  let { next, place } = state
  // The page that is asked for now is one of those that may still go out.
  for (let left = walk.maxPages - state.emitted - 1; left > 0; left--) {
    const start = startOf(walk, next)
    const rows =
      walk.strategy._tag === "Offset"
        ? Math.max(state.size ?? 1, state.largest)
        : (next.size ?? state.largest)
    place = (start ?? place) + rows
    const isLast = !state.overlapping && state.lastPage !== null && next.page >= state.lastPage
    if (isLast || (total !== null && place >= total)) return
    next = following(walk, { ...state, next, place }, false).request
    yield next
  }
}
