/**
 * Steps of a walk by page numbers and offsets.
 */
import * as Effect from "effect/Effect"
import type { PastEnd, Received } from "./answer.ts"
import type { IncompleteWalk } from "../model/SourceError.ts"
import * as Align from "./align.ts"
import * as Ends from "./ends.ts"
import * as LoopDetector from "./loopDetector.ts"
import * as Moved from "./moved.ts"
import * as Walk from "./walk.ts"
import * as Windows from "./windows.ts"

/** The maximum of consecutive pages without new rows before the walk counts as a loop. */
const maxIdle = 2

/** Fetches the next page and decides how the walk continues; undefined after the end. */
export const step = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State
): Effect.fn.Return<Walk.Step<A> | undefined, E | IncompleteWalk, R> {
  if (state.done) return undefined
  const answer = yield* walk.ahead.take(state.next, ahead(walk, state))
  const isUnclear = answer._tag === "PastEnd" && !answer.documented && state.known !== null
  return yield* judge(walk, state, isUnclear ? yield* Ends.askAgain(walk, state) : answer)
})

/** The requests to fetch ahead; none if the next answer decides what follows. */
const ahead = <A, E, R>(walk: Walk.Walk<A, E, R>, state: Walk.State) => {
  const { known, pages, rereading, resuming, size } = state
  const isUncertain = pages === 0 || resuming || rereading || isProbe(walk, state)
  const endsHere = walk.strategy._tag === "Offset" && known !== null && size !== null && known.inPage < size
  return isUncertain || endsHere ? [] : Windows.likely(walk, state)
}

const judge = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  answer: Received<A> | PastEnd<E>,
  isSecond = false
): Effect.fn.Return<Walk.Step<A> | undefined, E | IncompleteWalk, R> {
  if (answer._tag === "PastEnd") {
    const move = yield* Moved.lookBack(walk, state, answer)
    return move === undefined ? yield* Ends.endOfPages(walk, state, answer) : yield* follow(walk, move)
  }
  if (answer.page !== null && answer.page !== state.next.page) {
    const evidence = `page ${state.next.page} was asked, page ${answer.page} came`
    return yield* Walk.incomplete(walk, state, "pageIgnored", evidence)
  }
  const claimed = Walk.withClaims(state, answer)
  if (answer.rows.length > 0) {
    if (isSecond || !endsOnFallenTotal(walk, claimed, answer.rows)) {
      return yield* withRows(walk, claimed, answer.rows)
    }
    return yield* judge(walk, claimed, yield* walk.fetch(state.next), true)
  }
  const move = yield* Moved.lookBack(walk, claimed, undefined)
  if (move !== undefined) return yield* follow(walk, move)
  if (Walk.saysMore(claimed))
    return yield* step(walk, Walk.continued(yield* Ends.skipEmptyPage(walk, claimed)))
  const again = isDenied(claimed) ? yield* Ends.askAgain(walk, state) : answer
  return again._tag === "PastEnd" || again.rows.length > 0
    ? yield* judge(walk, state, again)
    : yield* Ends.emptyPage(walk, claimed)
})

/** Whether these rows reach a total that has just fallen to them: one answer of an old state would end the walk. */
const endsOnFallenTotal = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  { change, next, place, total, totalProven }: Walk.State,
  rows: ReadonlyArray<A>
): boolean =>
  change === "fell" &&
  totalProven &&
  total !== null &&
  (Windows.startOf(walk, next) ?? place) + rows.length >= total

/** Whether an empty answer counts fewer rows than were read and are still there: it may be a passing fault. */
const isDenied = ({ known, place, total, totalClaimed, totalProven }: Walk.State): boolean =>
  known !== null && totalProven && totalClaimed && total !== null && total < place

/** Continues with a move. */
const follow = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  move: Moved.Move<A>
): Effect.Effect<Walk.Step<A> | undefined, E | IncompleteWalk, R> =>
  move._tag === "Ask"
    ? step(walk, move.state)
    : accept(walk, move.state, move.rows, move.at, Align.markOf(walk, move.rows))

/** Judges an answer with rows: which of them are new, and whether it can be trusted. */
const withRows = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  rows: ReadonlyArray<A>
): Effect.fn.Return<Walk.Step<A> | undefined, E | IncompleteWalk, R> {
  if (isProbe(walk, state)) return yield* step(walk, overlapping(state))
  if (mayHaveSkippedRows(walk, state, rows)) return yield* step(walk, Moved.reread(state))
  const odd = oddSize(walk, state, rows)
  if (odd !== undefined) return yield* Walk.incomplete(walk, state, "drift", odd)
  const mark = Align.markOf(walk, rows)
  const plain = plainRows(walk, state, rows)
  if (plain !== undefined) return yield* take(walk, state, { rows, mark, ...plain }, state.expected)
  const changed = state.change !== "none" && state.known !== null
  const at = Align.locate(
    walk,
    state.known,
    rows,
    changed && state.expected < 0 ? rows.length : state.expected
  )
  const loop = at < 0 || walk.key === undefined ? Moved.loopIn(walk, state, rows, mark) : undefined
  const realign = (judged: Walk.State) =>
    Effect.flatMap(Moved.realign(walk, judged, { rows, loop }), (move) => follow(walk, move))
  const isSure = Align.isLastKnown(walk, state, rows[at]) && !(state.overlapping && at !== state.expected)
  if (state.expected >= 0 && !isSure) return yield* realign(state)
  if (walk.key !== undefined) {
    const suspicious = at < 0 && state.known !== null && (changed || loop !== undefined)
    return yield* suspicious ? realign(state) : accept(walk, state, rows, at, mark)
  }
  const genuine = state.repeatsAreGenuine || (loop !== undefined && (yield* Moved.probeBeyondEnd(walk)))
  if (loop !== undefined && !genuine) return yield* Walk.incomplete(walk, state, "repeatedPage", loop)
  const judged: Walk.State = { ...state, repeatsAreGenuine: genuine }
  return yield* at < 0 && changed ? realign(judged) : accept(walk, judged, rows, at, mark)
})

/**
 * Whether the page before had room for more rows. Rows added there since would be skipped. A first page that is short
 * again also shows the size that the server serves.
 */
const mayHaveSkippedRows = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  rows: ReadonlyArray<A>
): boolean => {
  const { expected, known, next, overlapping, rereading } = state
  if (known === null || rereading || known.room === "full") return false
  const isOwnSize = next.size !== null && rows.length > next.size
  if (expected < 0) return known.room === "unknown" || isOwnSize
  const mayBeCut = overlapping && known.room === "unknown" && known.request.page === 1
  return mayBeCut && rows.length > expected + 1 && Align.isLastKnown(walk, state, rows[expected])
}

/**
 * How the server changed the size of its pages, in words, so that rows between two pages may be skipped: the page before was cut
 * short and counted by the smaller size, or this one is short and more pages are claimed than before.
 */
const oddSize = <A, E, R>(
  { strategy }: Walk.Walk<A, E, R>,
  { change, expected, known, largest, lastPage, next, overlapping, rereading }: Walk.State,
  { length }: ReadonlyArray<A>
): string | undefined => {
  if (known === null || strategy._tag === "Offset" || expected >= 0 || overlapping || rereading)
    return undefined
  if (known.overlaps && known.inPage < (known.request.size ?? largest)) {
    return `page ${known.request.page} came short, began with rows of the page before, and was not the last`
  }
  const isCut = length < (next.size ?? largest) && lastPage !== null && next.page < lastPage
  return isCut && change === "grew"
    ? `page ${next.page} came with ${length} rows after pages of ${largest}, and more pages were claimed`
    : undefined
}

/**
 * The new rows and their keys in the common case: the last known row is at its expected index, and only new rows
 * follow. The rows are then remembered. Undefined in any other case.
 */
const plainRows = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  { change, expected, known, loops, resuming }: Walk.State,
  rows: ReadonlyArray<A>
): { readonly fresh: ReadonlyArray<A>; readonly keys: ReadonlyArray<string> } | undefined => {
  if (walk.key === undefined || resuming) return undefined
  if (expected < 0 && change !== "none") return undefined
  if (expected >= 0) {
    const last = rows[expected]
    if (expected >= rows.length - 1 || last === undefined) return undefined
    if (walk.key(last) !== known?.keys.at(-1)) return undefined
  }
  const fresh = expected < 0 ? rows : rows.slice(expected + 1)
  const keys = Align.idsOf(walk, fresh)
  return LoopDetector.rememberNew(loops, keys) ? { fresh, keys } : undefined
}

/** Adds the rows after the last known one to the walk. */
const accept = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  rows: ReadonlyArray<A>,
  at: number,
  mark: string
): Effect.Effect<Walk.Step<A> | undefined, E | IncompleteWalk, R> => {
  const behind = at < 0 ? rows : rows.slice(at + 1)
  if (walk.key === undefined) return take(walk, state, { rows, fresh: behind, mark }, at)
  const before = rows.slice(0, at + 1)
  if (state.resuming) Align.remember(walk, state, before)
  // If no known row was expected, rows before a known one were inserted among rows already read.
  const stirs = at >= 0 && state.expected < 0 && !state.resuming
  const inserted = stirs ? Align.filterNew(walk, state, before) : []
  const fresh = Align.filterNew(walk, state, behind)
  const again = state.resuming ? 0 : behind.length - fresh.length
  const stirred = state.stirred || stirs || again > 0
  return take(
    walk,
    { ...state, stirred, repeated: state.repeated + again },
    { rows, inserted, fresh, mark },
    at
  )
}

/** Adds new rows to the walk, and decides how it continues. */
const take = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  taken: Align.PageRows<A>,
  at: number
): Effect.Effect<Walk.Step<A> | undefined, E | IncompleteWalk, R> => {
  const { fresh, inserted = [], mark, rows } = taken
  const items = inserted.length === 0 ? fresh : [...inserted, ...fresh]
  const idle = items.length > 0 || state.resuming ? 0 : state.idle + 1
  if (idle > maxIdle) {
    const evidence = `${idle} pages in a row brought only rows that came before`
    return Walk.incomplete(walk, state, "repeatedPage", evidence)
  }
  LoopDetector.remember(state.loops, mark, state.pages)
  const after = stateAfter(walk, { ...state, idle }, taken, at)
  const exhausted = at === rows.length - 1
  const isLast = exhausted && rows.length < after.largest && canEndOnOverlap(walk, state)
  const proof =
    Walk.provenBy(walk.strategy, after, state.next.page) ??
    (isLast && !Walk.saysMore(after) ? "emptyPage" : null)
  const next = Windows.nextRequest(walk, after, exhausted)
  const nextState: Walk.State = { ...after, next: next.request, expected: next.expected }
  if (proof !== null) return Walk.end(walk, nextState, items, proof)
  return items.length === 0
    ? step(walk, Walk.continued(nextState))
    : Effect.succeed(Walk.emit(walk, nextState, items, null))
}

/**
 * Whether an answer with no rows after the last known one, though the server serves more, proves the end like an
 * empty page.
 */
const canEndOnOverlap = <A, E, R>({ strategy }: Walk.Walk<A, E, R>, { overlapping }: Walk.State): boolean =>
  (strategy._tag === "Offset" || overlapping) && strategy.ends.includes("emptyPage")

/** The state after new rows. */
const stateAfter = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  taken: Align.PageRows<A>,
  at: number
): Walk.State => {
  const { fresh, inserted = [], rows } = taken
  const moved = at < 0 || state.expected < 0 ? 0 : at - state.expected
  // A total from before the shift counts another state.
  const isOld = moved !== 0 && !state.totalClaimed
  const joined = state.joined || (state.known !== null && fresh.length > 0)
  // A known row that came unasked is a row that has moved, and shows nothing of those between.
  const blind = (at < 0 || state.expected < 0) && joined && fresh.length > 0
  const isOverlap = Align.isOverlap(state, rows.length, at)
  return {
    ...state,
    ...Align.sizeAfter(walk, state, rows.length, fresh.length),
    received: state.received + inserted.length + fresh.length,
    place: state.place + moved + rows.length - at - 1,
    shift: state.shift + moved - inserted.length,
    total: isOld ? null : state.total,
    moves: state.moves + ((moved !== 0 || isOverlap) && !state.resuming ? 1 : 0),
    pushed: state.pushed || moved > 0 || isOverlap,
    blind: state.blind || blind,
    counted: state.counted && (!blind || (state.totalProven && state.totalClaimed)),
    joined,
    emptyRun: 0,
    rereading: false,
    largest: Math.max(state.largest, rows.length),
    fullSize: state.rereading && fresh.length === 0 ? rows.length : state.fullSize,
    known: Align.knownAfter(walk, state, taken, at)
  }
}

/** Whether the next request of an offset listing only looks past the last row. */
const isProbe = <A, E, R>(walk: Walk.Walk<A, E, R>, state: Walk.State): boolean =>
  walk.strategy._tag === "Offset" &&
  state.expected < 0 &&
  state.known !== null &&
  Math.max(state.largest, state.size ?? 1) > 1

/**
 * Rows came past the last known one. Requests them again with an overlap, because they may not be the next rows. If a
 * single row comes again, the server serves one row per page, and pages cannot overlap.
 */
const overlapping = (state: Walk.State): Walk.State => ({
  ...state,
  size: state.largest === 1 ? 1 : state.size,
  next: { ...state.next, offset: state.place - 1 },
  expected: 0
})
