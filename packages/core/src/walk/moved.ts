/**
 * Listings that move while they are read, and servers that go round: where to read on.
 */
import * as Effect from "effect/Effect"
import type { PastEnd, Received } from "./answer.ts"
import type { IncompleteWalk } from "../model/SourceError.ts"
import * as Align from "./align.ts"
import * as LoopDetector from "./loopDetector.ts"
import * as Walk from "./walk.ts"
import * as Windows from "./windows.ts"

/** Where the walk goes: on to another request, or behind a row of an answer that is at hand. */
export type Move<A> =
  | { readonly _tag: "Ask"; readonly state: Walk.State }
  | {
      readonly _tag: "Accept"
      readonly state: Walk.State
      readonly rows: ReadonlyArray<A>
      readonly at: number
    }

const ask = (state: Walk.State): Move<never> => ({ _tag: "Ask", state })

/** How often a page is asked for again because the vendor's counts changed. */
const maxIdle = 2
/** Far beyond any end, and still a 32-bit number when a server multiplies it by a page size of 100. */
const farPage = 10_000_000
const farOffset = 1_000_000_000

/** An answer that may be of another state of the listing than the one before it. */
interface Suspect<A> {
  readonly rows: ReadonlyArray<A>
  /** What in it looks like a loop, in words. */
  readonly loop: string | undefined
}

/** Finds the last known row and goes on behind it; fails, or starts again, where it is not within reach. */
export const realign = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  suspect: Suspect<A>
): Effect.fn.Return<Move<A>, E | IncompleteWalk, R> {
  // A walk that goes on behind a short page learns only now how many rows a page has.
  const largest = Math.max(state.largest, suspect.rows.length)
  const found = yield* Align.search(walk, { ...state, largest })
  if (found === undefined) return yield* outOfReach(walk, state, suspect.loop)
  const stayed = Align.isInPlace(state, found)
  if (state.expected >= 0 || !stayed) return acceptFound(walk, state, found)
  if (suspect.loop !== undefined) return yield* Walk.incomplete(walk, state, "repeatedPage", suspect.loop)
  const grown = (found.total ?? state.total ?? 0) >= (state.total ?? 0)
  if (state.change !== "fell" && grown) return { _tag: "Accept", state, rows: suspect.rows, at: -1 }
  // Something was removed, so the page is asked for again: it may be of another state than the one before it.
  if (state.idle >= maxIdle) {
    const evidence = `the vendor's counts changed with each of the last ${2 * maxIdle} requests`
    return yield* Walk.incomplete(walk, state, "drift", evidence)
  }
  return ask({ ...state, total: found.total ?? state.total, idle: state.idle + 1 })
})

const outOfReach = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  loop: string | undefined
): Effect.Effect<Move<A>, IncompleteWalk> => {
  if (state.resuming) return Effect.succeed(ask(Walk.start(walk, "the rows of the checkpoint are gone")))
  if (loop !== undefined) return Walk.incomplete(walk, state, "repeatedPage", loop)
  const evidence = `the last rows read are not found around request ${state.pages}`
  return Walk.incomplete(walk, state, "drift", evidence)
}

/** Goes on behind the last known row, where it was found. */
const acceptFound = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  found: Align.Found<A>
): Move<A> => {
  const place = found.start + found.at + 1
  const moved = place - state.place
  // If it is where it was, and a window had it elsewhere, the server does not serve the sizes of windows.
  if (state.overlapping && moved === 0) return ask(apart(walk, state))
  // A total from before the listing moved counts another listing.
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
      moves: state.moves + (moved !== 0 && !state.resuming ? 1 : 0)
    },
    rows: found.rows,
    at: found.at
  }
}

/**
 * Goes on by pages that do not overlap, of as many rows as the first page had: that many the server serves. Where a walk
 * goes on that is not known, and it starts again.
 */
const apart = <A, E, R>(walk: Walk.Walk<A, E, R>, state: Walk.State): Walk.State => {
  const why = "the server does not serve pages that overlap"
  const going = state.resuming ? Walk.start(walk, why) : state
  const pages = {
    ...going,
    overlapping: false,
    oddSizes: true,
    size: Math.min(state.size ?? 1, state.largest)
  }
  return state.resuming
    ? { ...pages, size: walk.strategy.size }
    : { ...pages, ...Windows.lastAgain(walk, pages) }
}

/**
 * Where no rows came although there should be some, the listing may have shrunk, and rows slid into pages that were
 * read: looks there. Undefined if nothing has moved.
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
    if (!unclear) return yield* outOfReach(walk, state, undefined)
    // An error where a known row should be is no error behind the end.
    return state.expected < 0 ? undefined : yield* Effect.fail(error.error)
  }
  const total = found.total ?? state.total
  const settled = state.expected < 0 && Align.isInPlace(state, found) && total === state.total
  return settled ? undefined : acceptFound(walk, state, found)
})

/** Asks again for the page before: it had room for more rows than it brought. */
export const rereading = (state: Walk.State): Walk.State => {
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
 * Without ids equal pages may be genuine ("ok", "ok", …). A server that has rows even far beyond the end ignores
 * the page that it is asked for; one that has none there was right to send equal pages.
 */
export const probeBeyondEnd = <A, E, R>(walk: Walk.Walk<A, E, R>): Effect.Effect<boolean, E, R> =>
  Effect.map(
    walk.fetch({ page: farPage, offset: farOffset, size: walk.strategy.size, cursor: null }),
    (answer: Received<A> | PastEnd<E>) => answer._tag === "PastEnd" || answer.rows.length === 0
  )
