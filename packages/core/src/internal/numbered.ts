/**
 * Steps through page numbers and offsets.
 */
import * as Effect from "effect/Effect"
import type { PageRequest, PastEnd, Received } from "./answer.ts"
import type { IncompleteWalk } from "../SourceError.ts"
import * as Align from "./align.ts"
import * as Ends from "./ends.ts"
import * as LoopDetector from "./loopDetector.ts"
import * as Walk from "./walk.ts"

/** Pages in a row that may bring nothing new before the walk is a loop. */
const maxIdle = 2
/** Far beyond any end, and still a 32-bit number when a server multiplies it by a page size of 100. */
const farPage = 10_000_000
const farOffset = 1_000_000_000

/** Fetches the next page and says where the walk goes from it; undefined after the end. */
export const step = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State
): Effect.fn.Return<Walk.Step<A> | undefined, E | IncompleteWalk, R> {
  if (state.done) return undefined
  const answer = yield* walk.ahead.take(state.next, likely(walk, state))
  if (answer._tag === "Received") {
    if (answer.page !== null && answer.page !== state.next.page) {
      const evidence = `page ${state.next.page} was asked, page ${answer.page} came`
      return yield* Walk.incomplete(walk, state, "pageIgnored", evidence)
    }
    const claimed = Walk.withClaims(state, answer)
    if (answer.rows.length > 0) return yield* withRows(walk, claimed, answer.rows)
    return (yield* lookBack(walk, claimed, undefined)) ?? (yield* Ends.emptyPage(walk, claimed))
  }
  return (yield* lookBack(walk, state, answer)) ?? (yield* Ends.endOfPages(walk, state, answer))
})

/** Judges an answer with rows: what of it is new, and whether it can be trusted. */
const withRows = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  rows: ReadonlyArray<A>
): Effect.fn.Return<Walk.Step<A> | undefined, E | IncompleteWalk, R> {
  if (isProbe(walk, state)) return yield* step(walk, overlapping(state))
  const keys = plainKeys(walk, state, rows)
  if (keys !== undefined) {
    return yield* take(walk, state, { rows, fresh: rows, keys, mark: Align.markOf(walk, rows) }, -1)
  }
  const changed = state.change !== "none" && state.known !== null
  const at = Align.locate(
    walk,
    state.known,
    rows,
    changed && state.expected < 0 ? rows.length : state.expected
  )
  const mark = Align.markOf(walk, rows)
  const loop = at < 0 || walk.key === undefined ? loopIn(walk, state, rows, mark) : undefined
  if (at < 0 && state.expected >= 0) return yield* realign(walk, state, { rows, loop, mark })
  if (walk.key !== undefined) {
    if (at < 0 && state.known !== null && (changed || loop !== undefined)) {
      return yield* realign(walk, state, { rows, loop, mark })
    }
    return yield* accept(walk, state, rows, at, mark)
  }
  const genuine = state.repeatsAreGenuine || (loop !== undefined && (yield* probeBeyondEnd(walk)))
  if (loop !== undefined && !genuine) return yield* Walk.incomplete(walk, state, "repeatedPage", loop)
  const judged: Walk.State = { ...state, repeatsAreGenuine: genuine }
  return at < 0 && changed
    ? yield* realign(walk, judged, { rows, loop: undefined, mark })
    : yield* accept(walk, judged, rows, at, mark)
})

/**
 * The keys of an answer that is what nearly every one is: the next rows, all new, of a listing that has not moved. Its
 * rows are then remembered. Undefined for any other.
 */
const plainKeys = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  { change, expected, loops, resuming }: Walk.State,
  rows: ReadonlyArray<A>
): ReadonlyArray<string> | undefined => {
  if (walk.key === undefined || expected >= 0 || change !== "none" || resuming) return undefined
  const keys = Align.idsOf(walk, rows)
  return LoopDetector.rememberNew(loops, keys) ? keys : undefined
}

/** Takes the rows behind the last known one into the walk. */
const accept = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  rows: ReadonlyArray<A>,
  at: number,
  mark: string
): Effect.Effect<Walk.Step<A>, IncompleteWalk> => {
  const { key } = walk
  const behind = at < 0 ? rows : rows.slice(at + 1)
  if (state.resuming && key !== undefined) {
    const known = rows.slice(0, at + 1)
    LoopDetector.unseen(state.loops, known, Align.idsOf(walk, known))
  }
  const fresh =
    key === undefined ? behind : LoopDetector.unseen(state.loops, behind, Align.idsOf(walk, behind))
  return take(walk, state, { rows, fresh, mark }, at)
}

/** Takes new rows into the walk, and says where it goes from there. */
const take = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  taken: Align.Taken<A>,
  at: number
): Effect.Effect<Walk.Step<A>, IncompleteWalk> => {
  const { fresh, mark, rows } = taken
  const moved = at >= 0 && at !== state.expected
  const idle = fresh.length > 0 || state.resuming ? 0 : state.idle + 1
  if (idle > maxIdle) {
    const evidence = `${idle} pages in a row brought only rows that came before`
    return Walk.incomplete(walk, state, "repeatedPage", evidence)
  }
  LoopDetector.note(state.loops, mark, state.pages)
  const shift = moved ? Align.placeOf(walk, state, state.next, at) + 1 - state.received : state.shift
  const after: Walk.State = {
    ...state,
    received: state.received + fresh.length,
    shift,
    // A total from before the listing moved counts another listing.
    total: shift === state.shift || state.totalClaimed ? state.total : null,
    moves: state.moves + (moved && shift !== state.shift && !state.resuming ? 1 : 0),
    idle,
    emptyRun: 0,
    largest: Math.max(state.largest, rows.length),
    served: servedAfter(walk, state, rows.length, fresh.length),
    known: Align.note(walk, state.next, taken, state.known)
  }
  const last = at === rows.length - 1 && isLast(walk, state, rows.length)
  const proof =
    Walk.provenBy(walk.strategy, after, state.next.page) ??
    (last && walk.strategy.ends.includes("emptyPage") && !Walk.saysMore(after) ? "emptyPage" : null)
  return Effect.succeed(Walk.emit(walk, following(walk, after, rows.length, last), fresh, proof))
}

/** Whether an answer of this many rows, the known row the last of them, shows that there are no more. */
const isLast = <A, E, R>(walk: Walk.Walk<A, E, R>, { largest }: Walk.State, rows: number): boolean =>
  walk.strategy._tag === "Offset" && rows < largest

/** A short page of offsets with more rows behind it shows the size that the server really serves. */
const servedAfter = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  { known, served }: Walk.State,
  rows: number,
  fresh: number
): number | null => {
  if (walk.strategy._tag !== "Offset" || known === null || served === null) return served
  const short = fresh > 0 && known.inPage < served && known.inPage > 1 && rows <= known.inPage
  return short ? known.inPage : Math.max(served, rows)
}

// ---------------------------------------------------------------------------------------------------------------
// Where the walk goes
// ---------------------------------------------------------------------------------------------------------------

/** The state with its next request. Offsets overlap by one row, but behind the last row they ask for new ones. */
const following = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  rows: number,
  last: boolean
): Walk.State => {
  const { next } = state
  if (walk.strategy._tag === "PageNumber") {
    // A first page that comes short shows the size that the server really serves.
    const short = next.page === 1 && next.size !== null && rows < next.size
    const size = short && !state.resuming ? rows : next.size
    const told = short && state.totalProven && state.total !== null && rows < state.total
    return {
      ...state,
      next: { ...next, page: next.page + 1, size },
      expected: -1,
      clampedTo: told ? rows : state.clampedTo
    }
  }
  const overlaps = state.largest > 1 && !last
  const offset = Walk.place(state) - (overlaps ? 1 : 0)
  const clamped = state.served !== null && state.served < (walk.strategy.size ?? 0)
  return {
    ...state,
    next: { ...next, page: next.page + 1, offset },
    expected: overlaps ? 0 : -1,
    clampedTo: clamped ? state.served : state.clampedTo
  }
}

/** Whether the next request of an offset listing asks what is behind the last row. */
const isProbe = <A, E, R>(walk: Walk.Walk<A, E, R>, state: Walk.State): boolean =>
  walk.strategy._tag === "Offset" &&
  state.expected < 0 &&
  state.known !== null &&
  Math.max(state.largest, state.served ?? 1) > 1

/**
 * Rows behind the last one: they are asked for again, overlapping, for they may be others than the next. If a single
 * row comes then, too, the server serves one row a page, and pages cannot overlap.
 */
const overlapping = (state: Walk.State): Walk.State => ({
  ...state,
  served: state.largest === 1 ? 1 : state.served,
  next: { ...state.next, offset: Walk.place(state) - 1 },
  expected: 0
})

/** The requests that follow if all goes as it should, no further than the claims reach. */
const likely = function* <A, E, R>(walk: Walk.Walk<A, E, R>, state: Walk.State): Generator<PageRequest> {
  if (state.pages === 0 || state.resuming || isProbe(walk, state)) return
  const { next, known } = state
  const size = state.next.size ?? state.largest
  const total = state.totalProven ? state.total : null
  if (walk.strategy._tag === "PageNumber") {
    const last = state.lastPage ?? (total === null ? Infinity : Math.ceil(total / Math.max(1, size)))
    for (let page = next.page + 1; page <= last; page++) yield { ...next, page }
    return
  }
  const served = state.served ?? size
  if (known !== null && known.inPage < served) return
  const stride = Math.max(1, served - 1)
  for (let ahead = 1; ; ahead++) {
    const offset = next.offset + ahead * stride
    // An overlapping request for the last row alone would bring nothing.
    if (total !== null && offset >= total - (served - stride)) return
    yield { ...next, page: next.page + ahead, offset }
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Listings that move, and servers that go round
// ---------------------------------------------------------------------------------------------------------------

interface Suspect<A> {
  readonly rows: ReadonlyArray<A>
  readonly loop: string | undefined
  readonly mark: string
}

/** Finds the last known row and goes on behind it; fails, or starts again, where it is not within reach. */
const realign = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  suspect: Suspect<A>
): Effect.fn.Return<Walk.Step<A> | undefined, E | IncompleteWalk, R> {
  const found = yield* Align.search(walk, state)
  if (found === undefined) return yield* outOfReach(walk, state, suspect.loop)
  if (walk.strategy._tag === "Offset" || !isInPlace(walk, state, found)) {
    return yield* acceptFound(walk, state, found)
  }
  if (suspect.loop !== undefined) return yield* Walk.incomplete(walk, state, "repeatedPage", suspect.loop)
  const grown = (found.total ?? state.total ?? 0) >= (state.total ?? 0)
  if (state.change !== "fell" && grown) return yield* accept(walk, state, suspect.rows, -1, suspect.mark)
  // Something was removed, so the page is asked for again: it may be of another state than the one before it.
  if (state.idle >= maxIdle) {
    const evidence = `the vendor's counts changed with each of the last ${2 * maxIdle} requests`
    return yield* Walk.incomplete(walk, state, "drift", evidence)
  }
  return yield* step(walk, { ...state, total: found.total ?? state.total, idle: state.idle + 1 })
})

const outOfReach = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  loop: string | undefined
): Effect.Effect<Walk.Step<A> | undefined, E | IncompleteWalk, R> => {
  if (state.resuming) return step(walk, Walk.start(walk.strategy, "the rows of the checkpoint are gone"))
  if (loop !== undefined) return Walk.incomplete(walk, state, "repeatedPage", loop)
  const evidence = `the last rows read are not found around request ${state.pages}`
  return Walk.incomplete(walk, state, "drift", evidence)
}

/** Goes on behind the last known row, where it was found. */
const acceptFound = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  { at, request, rows, total }: Align.Found<A>
): Effect.Effect<Walk.Step<A>, IncompleteWalk> => {
  const there: Walk.State = {
    ...state,
    next: request,
    total: total ?? state.total,
    totalClaimed: total !== null,
    expected: -1
  }
  return accept(walk, there, rows, at, Align.markOf(walk, rows))
}

/** Whether the last known row is still the last before those that were asked for. */
const isInPlace = <A, E, R>(walk: Walk.Walk<A, E, R>, state: Walk.State, found: Align.Found<A>): boolean =>
  found.at === found.rows.length - 1 &&
  (walk.strategy._tag === "PageNumber"
    ? found.request.page === state.next.page - 1
    : found.request.offset + found.at + 1 === Walk.place(state))

/**
 * Where no rows came although there should be some, the listing may have shrunk, and rows slid into pages that were
 * read: looks there. Undefined if nothing has moved.
 */
const lookBack = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  error: PastEnd<E> | undefined
): Effect.fn.Return<Walk.Step<A> | undefined, E | IncompleteWalk, R> {
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
  const settled = state.expected < 0 || isLast(walk, state, found.rows.length)
  return settled && isInPlace(walk, state, found) && total === state.total
    ? undefined
    : yield* acceptFound(walk, state, found)
})

/** What looks like a loop in these rows, in words. */
const loopIn = <A, E, R>(
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
const probeBeyondEnd = <A, E, R>(walk: Walk.Walk<A, E, R>): Effect.Effect<boolean, E, R> =>
  Effect.map(
    walk.fetch({ page: farPage, offset: farOffset, size: walk.strategy.size, cursor: null }),
    (answer: Received<A> | PastEnd<E>) => answer._tag === "PastEnd" || answer.rows.length === 0
  )
