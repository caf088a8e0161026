/**
 * Listings that shift while they are read, and servers that loop: where to continue.
 */
import * as Effect from "effect/Effect"
import type { PastEnd, Received } from "./answer.ts"
import type { IncompleteWalk } from "../model/SourceError.ts"
import * as Align from "./align.ts"
import * as LoopDetector from "./loopDetector.ts"
import * as Walk from "./walk.ts"
import * as Windows from "./windows.ts"

/** How the walk continues: with another request, or after a row of an answer at hand. */
export type Move<A> =
  | { readonly _tag: "Ask"; readonly state: Walk.State }
  | {
      readonly _tag: "Accept"
      readonly state: Walk.State
      readonly rows: ReadonlyArray<A>
      readonly at: number
    }

const ask = (state: Walk.State): Move<never> => ({ _tag: "Ask", state })

/** The maximum of repeated requests for a page because the vendor's counts changed. */
const maxIdle = 2
/** Far beyond any end, and still a 32-bit number if a server multiplies it by a page size of 100. */
const farPage = 10_000_000
const farOffset = 1_000_000_000

/** An answer that may show another state of the listing than the one before. */
interface Suspect<A> {
  readonly rows: ReadonlyArray<A>
  /** What in it looks like a loop, in words. */
  readonly loop: string | undefined
}

/**
 * Finds the last known row and continues after it. If it is not found, the walk fails, or starts again on resuming.
 */
export const realign = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  suspect: Suspect<A>
): Effect.fn.Return<Move<A>, E | IncompleteWalk, R> {
  // A walk that resumed after a short page only now learns the page size.
  const largest = Math.max(state.largest, suspect.rows.length)
  // Where the last rows are equal, any others like them would be taken for them. The answer may be a passing fault, so the same
  // page is asked for first.
  const keys = state.known?.keys ?? []
  const sameFirst = walk.key === undefined && keys.length > 1 && keys.at(-1) === keys.at(-2)
  const found = yield* Align.search(walk, { ...state, largest }, sameFirst)
  if (found === undefined) return yield* searchFailed(walk, state, suspect.loop)
  const stayed = Align.isInPlace(state, found)
  if (state.expected >= 0 || !stayed) return acceptFound(walk, state, found)
  if (suspect.loop !== undefined) return yield* Walk.incomplete(walk, state, "repeatedPage", suspect.loop)
  const grown = (found.total ?? state.total ?? 0) >= (state.total ?? 0)
  if (state.change !== "fell" && grown) return { _tag: "Accept", state, rows: suspect.rows, at: -1 }
  // Something was removed. The page is requested again, because it may show another state than the one before.
  if (state.idle >= maxIdle) {
    const evidence = `the vendor's counts changed with each of the last ${2 * maxIdle} requests`
    return yield* Walk.incomplete(walk, state, "drift", evidence)
  }
  return ask({ ...state, total: found.total ?? state.total, idle: state.idle + 1 })
})

const searchFailed = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  loop: string | undefined
): Effect.Effect<Move<A>, IncompleteWalk> => {
  if (state.resuming) return Effect.succeed(ask(Walk.start(walk, "the rows of the checkpoint are gone")))
  if (loop !== undefined) return Walk.incomplete(walk, state, "repeatedPage", loop)
  const evidence = `the last rows read are not found around request ${state.pages}`
  return Walk.incomplete(walk, state, "drift", evidence)
}

/** Continues after the last known row, where it was found. */
const acceptFound = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  found: Align.Found<A>
): Move<A> => {
  const place = found.start + found.at + 1
  const moved = place - state.place
  // If it has not moved but the window had it elsewhere, the server does not serve the sizes of windows.
  if (state.overlapping && moved === 0) return ask(withoutOverlap(walk, state))
  // A total from before the shift counts another state.
  const total = found.total ?? (moved === 0 ? state.total : null)
  return {
    _tag: "Accept",
    state: {
      ...state,
      next: found.request,
      total,
      totalClaimed: found.total !== null,
      lastPage: found.lastPage ?? state.lastPage,
      expected: found.at,
      place,
      shift: state.shift + moved,
      moves: state.moves + (moved !== 0 && !state.resuming ? 1 : 0),
      pushed: state.pushed || moved > 0
    },
    rows: found.rows,
    at: found.at
  }
}

/**
 * Continues with pages that do not overlap, of the first page's size, which the server serves. On resuming that size
 * is unknown, so the walk starts again.
 */
const withoutOverlap = <A, E, R>(walk: Walk.Walk<A, E, R>, state: Walk.State): Walk.State => {
  const why = "the server does not serve pages that overlap"
  const base = state.resuming ? Walk.start(walk, why) : state
  const pages = {
    ...base,
    overlapping: false,
    oddSizes: true,
    size: Math.min(state.size ?? 1, state.largest)
  }
  return state.resuming
    ? { ...pages, size: walk.strategy.size }
    : { ...pages, ...Windows.rereadLast(walk, pages) }
}

/**
 * After an answer without the expected rows, the listing may have shrunk and rows may have shifted into pages already
 * read: searches for them. Undefined if nothing has shifted.
 */
export const lookBack = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  error: PastEnd<E> | undefined
): Effect.fn.Return<Move<A> | undefined, E | IncompleteWalk, R> {
  const short = state.totalProven && state.emptyRun === 0 && Walk.saysMore(state)
  const lost = state.expected >= 0 || state.change !== "none" || short
  if (!lost || state.known === null) return undefined
  const found = yield* Align.search(walk, state)
  if (found === undefined) {
    const unclear = error !== undefined && !error.documented && !state.resuming
    if (!unclear) return yield* searchFailed(walk, state, undefined)
    // An error in place of a known row is not an error past the end.
    return state.expected < 0 ? undefined : yield* Effect.fail(error.error)
  }
  const total = found.total ?? state.total
  const settled = state.expected < 0 && Align.isInPlace(state, found) && total === state.total
  return settled ? undefined : acceptFound(walk, state, found)
})

/** Requests the page before again: it had room for more rows. */
export const reread = (state: Walk.State): Walk.State => {
  const { known } = state
  return known === null
    ? state
    : { ...state, next: known.request, expected: known.inPage - 1, rereading: true }
}

/** What looks like a loop in these rows, in words. */
export const loopIn = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  rows: ReadonlyArray<A>,
  mark: string
): string | undefined => {
  const same = LoopDetector.earlier(state.loops, mark)
  if (same !== undefined) return `request ${state.pages} returned the same rows as request ${same}`
  return walk.key !== undefined && LoopDetector.cameBefore(state.loops, Align.idsOf(walk, rows))
    ? `request ${state.pages} returned rows that came before, with others in between`
    : undefined
}

/**
 * Without ids, equal pages may be correct ("ok", "ok", …). A server with rows even far beyond the end ignores the
 * page number; a server without rows there sent correct pages.
 */
export const probeBeyondEnd = <A, E, R>(walk: Walk.Walk<A, E, R>): Effect.Effect<boolean, E, R> =>
  Effect.map(
    walk.fetch({ page: farPage, offset: farOffset, size: walk.strategy.size, cursor: null }),
    (answer: Received<A> | PastEnd<E>) => answer._tag === "PastEnd" || answer.rows.length === 0
  )
