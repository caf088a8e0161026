/**
 * Steps of a walk by cursors, next links and times. The vendor names the next page, or the time of the last row does; the
 * walk checks that it makes progress.
 */
import * as Effect from "effect/Effect"
import type { PastEnd, Received } from "./answer.ts"
import type { IncompleteWalk } from "../model/SourceError.ts"
import * as Align from "./align.ts"
import * as LoopDetector from "./loopDetector.ts"
import type { ByTime } from "./strategy.ts"
import * as Time from "./time.ts"
import * as Walk from "./walk.ts"

/** The maximum of consecutive pages without new rows, each with a new cursor. */
const maxIdle = 20
/** The maximum of pages searched for the last known row on resuming. Rows inserted before it may have moved it. */
const maxSearchPages = 4

/** Fetches the next page and decides how the walk continues; undefined after the end. */
export const step = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State
): Effect.fn.Return<Walk.Step<A> | undefined, E | IncompleteWalk, R> {
  return state.done ? undefined : yield* judge(walk, state, yield* walk.fetch(state.next))
})

const judge = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  answer: Received<A> | PastEnd<E>
): Effect.fn.Return<Walk.Step<A> | undefined, E | IncompleteWalk, R> {
  if (answer._tag === "PastEnd") {
    return state.resuming
      ? yield* step(walk, Walk.start(walk, "the vendor no longer takes the cursor of the checkpoint"))
      : yield* Effect.fail(answer.error)
  }
  const time = timeOf(walk)
  const flaw = time && Time.flawOf(time, state.next, answer.rows)
  if (flaw) return yield* Walk.incomplete(walk, state, flaw.kind, flaw.evidence)
  const next = time ? Time.next(time, answer.rows) : answer.next
  const claimed = Walk.withClaims(state, answer)
  const at = Align.locate(walk, state.known, answer.rows, state.expected)
  if (state.expected >= 0 && at < 0) return yield* searchAhead(walk, claimed, next)
  return yield* take(walk, claimed, { ...answer, next }, at)
})

const timeOf = <A, E, R>({ strategy }: Walk.Walk<A, E, R>): ByTime | null =>
  strategy._tag === "Cursor" ? strategy.time : null

/** Searches for the checkpoint's rows in the next pages, and starts again if they are not found. */
const searchAhead = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  next: string | null
): Effect.Effect<Walk.Step<A> | undefined, E | IncompleteWalk, R> =>
  next === null || state.idle + 1 >= maxSearchPages
    ? step(walk, Walk.start(walk, "the rows of the checkpoint are gone"))
    : step(walk, { ...state, next: { ...state.next, page: 2, cursor: next }, idle: state.idle + 1 })

/** Adds the rows after the last known one to the walk. */
const take = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  answer: Received<A>,
  at: number
): Effect.fn.Return<Walk.Step<A> | undefined, E | IncompleteWalk, R> {
  const { next, rows } = answer
  // If no known row was expected, rows before a known one were inserted among rows already read.
  const isUnanchored = walk.key !== undefined && state.expected < 0 && !state.resuming
  const behind = isUnanchored ? rows : rows.slice(at + 1)
  if (walk.key !== undefined && state.resuming) Align.remember(walk, state, rows.slice(0, at + 1))
  const fresh = walk.key === undefined ? behind : Align.filterNew(walk, state, behind)
  // By time, the last rows come again.
  const again = state.resuming || timeOf(walk) !== null ? 0 : behind.length - fresh.length
  const idle = fresh.length > 0 && !isRepeat(walk, state, rows) ? 0 : state.idle + 1
  const mark = Align.markOf(walk, rows)
  const after: Walk.State = {
    ...state,
    expected: -1,
    shift: state.shift + (state.expected >= 0 ? Math.max(0, at - state.expected) : 0),
    received: state.received + fresh.length,
    place: state.place + fresh.length,
    repeated: state.repeated + again,
    stirred: state.stirred || again > 0,
    blind: state.blind || state.known !== null,
    smallest: next === state.next.cursor ? state.smallest : Math.min(state.smallest, rows.length),
    idle,
    known: rows.length === 0 ? state.known : Align.knownAfter(walk, state, { rows, fresh, mark }, at),
    next: { ...state.next, page: state.next.page + 1, cursor: next }
  }
  const time = timeOf(walk)
  if (time !== null && (next === null || next === state.next.cursor)) {
    return yield* endOfTimes(walk, { ...after, next: state.next }, time, { rows, fresh })
  }
  if (next === null) return yield* finish(walk, after, fresh)
  if (idle > maxIdle) {
    const evidence = `${idle} pages in a row brought nothing new, each with a new cursor`
    const kind = rows.length === 0 ? "endlessEmptyPages" : "repeatedPage"
    return yield* Walk.incomplete(walk, after, kind, evidence)
  }
  const earlier = LoopDetector.visit(state.cursors, next, after.pages)
  if (earlier !== undefined || next === state.next.cursor) {
    if (walk.strategy._tag === "Cursor" && walk.strategy.repeatedTokenEnds)
      return yield* finish(walk, after, fresh)
    const evidence = `request ${after.pages} gave a cursor that had come before`
    return yield* Walk.incomplete(walk, after, "repeatedToken", evidence)
  }
  return fresh.length === 0
    ? yield* step(walk, Walk.continued({ ...after, idle: state.resuming ? 0 : idle }))
    : Walk.emit(walk, after, fresh, null)
})

/**
 * Ends a walk by times if the rows of the last time are all there are, and none are beyond. A walk that has just resumed has
 * seen no other answer, and starts again.
 */
const endOfTimes = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  time: ByTime,
  { fresh, rows }: { readonly rows: ReadonlyArray<A>; readonly fresh: ReadonlyArray<A> }
): Effect.fn.Return<Walk.Step<A> | undefined, E | IncompleteWalk, R> {
  if (rows.length === 0) return yield* finishEmpty(walk, state)
  if (!Time.hasRoom(rows.length, walk.strategy.size, state.smallest)) {
    if (state.resumed && state.emitted === 0) {
      return yield* step(walk, Walk.start(walk, `${rows.length} rows after the checkpoint share one time`))
    }
    const evidence = `${rows.length} rows share one time, and another answer held no more: there may be others of that time`
    return yield* Walk.incomplete(walk, state, "tiedTimes", evidence)
  }
  const beyond = yield* walk.fetch({ ...state.next, cursor: Time.beyond(time, rows) })
  if (beyond._tag === "PastEnd") return yield* Effect.fail(beyond.error)
  if (beyond.rows.length === 0) return yield* finish(walk, state, fresh)
  const evidence = `${beyond.rows.length} rows lie beyond an answer that had room for them`
  return yield* Walk.incomplete(walk, state, "drift", evidence)
})

/** Ends a walk by times on an empty answer, unless the rows of the last time should have come again. */
const finishEmpty = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State
): Effect.fn.Return<Walk.Step<A> | undefined, E | IncompleteWalk, R> {
  if (state.received === 0) return yield* finish(walk, state, [])
  const again = yield* walk.fetch(state.next)
  if (again._tag === "PastEnd" || again.rows.length > 0) return yield* judge(walk, state, again)
  const evidence = "an answer came empty, twice, in which the last rows should have come again"
  return yield* Walk.incomplete(walk, state, "drift", evidence)
})

/** Ends the walk without a next page, unless the vendor's count contradicts it. */
const finish = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  fresh: ReadonlyArray<A>
): Effect.Effect<Walk.Step<A>, IncompleteWalk> => {
  if (state.totalProven && state.total !== null && state.received < state.total) {
    const evidence = `there is no next page after ${state.received} rows, and the vendor counts ${state.total}`
    return Walk.incomplete(walk, state, "totalNotReached", evidence)
  }
  if (Walk.isUnexpectedlyEmpty(walk, state)) {
    const evidence = `no rows came, but the list of conversations counts ${walk.expectedCount}`
    return Walk.incomplete(walk, state, "contradictedEmpty", evidence)
  }
  return Effect.succeed(Walk.emit(walk, state, fresh, timeOf(walk) === null ? "noNext" : "emptyPage"))
}

/**
 * Whether a page has the same rows as an earlier one. Without ids this may be correct, so the page only counts as
 * idle.
 */
const isRepeat = <A, E, R>(walk: Walk.Walk<A, E, R>, state: Walk.State, rows: ReadonlyArray<A>): boolean =>
  LoopDetector.visit(state.loops, Align.markOf(walk, rows), state.pages) !== undefined
