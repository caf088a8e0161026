/**
 * Steps through cursors and next links: the vendor says where to go on, so the walk checks that it does go on.
 */
import * as Effect from "effect/Effect"
import type { IncompleteWalk } from "../SourceError.ts"
import * as Align from "./align.ts"
import * as LoopDetector from "./loopDetector.ts"
import * as Walk from "./walk.ts"

/** Pages in a row that may be empty, or bring only rows that came before, under ever new cursors. */
const maxIdle = 20

/** Fetches the next page and says where the walk goes from it; undefined after the end. */
export const step = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State
): Effect.fn.Return<Walk.Step<A> | undefined, E | IncompleteWalk, R> {
  if (state.done) return undefined
  const answer = yield* walk.fetch(state.next)
  if (answer._tag === "PastEnd") {
    return state.resuming
      ? yield* step(
          walk,
          Walk.start(walk.strategy, "the vendor no longer takes the cursor of the checkpoint")
        )
      : yield* Effect.fail(answer.error)
  }
  const claimed = Walk.withClaims(state, answer)
  const { rows } = answer
  const at = Align.locate(walk, state.known, rows, state.expected)
  if (state.expected >= 0 && at < 0) {
    return yield* step(walk, Walk.start(walk.strategy, "the rows of the checkpoint are gone"))
  }
  const fresh = unseen(walk, claimed, rows, at)
  const idle = fresh.length > 0 && !isRepeat(walk, claimed, rows) ? 0 : state.idle + 1
  const ends = answer.next === null
  const known = Align.note(walk, state.next, { rows, fresh, mark: "" }, state.known)
  const after: Walk.State = {
    ...claimed,
    expected: -1,
    received: state.received + fresh.length,
    idle,
    // Only the last page is read again from its checkpoint; from the others the walk goes on behind them.
    known: { ...known, inPage: ends ? rows.length : 0 },
    next: { ...state.next, page: state.next.page + 1, cursor: answer.next }
  }
  if (answer.next === null)
    return yield* ended(walk, { ...after, next: { ...after.next, cursor: state.next.cursor } }, fresh)
  if (idle > maxIdle) {
    const evidence = `${idle} pages in a row brought nothing new, each with a new cursor`
    const kind = rows.length === 0 ? "endlessEmptyPages" : "repeatedPage"
    return yield* Walk.incomplete(walk, after, kind, evidence)
  }
  const earlier = LoopDetector.visit(state.cursors, answer.next, after.pages)
  if (earlier === undefined && answer.next !== state.next.cursor) return Walk.emit(walk, after, fresh, null)
  if (walk.strategy._tag === "Cursor" && walk.strategy.repeatedTokenEnds)
    return yield* ended(walk, after, fresh)
  const evidence = `request ${after.pages} gave a cursor that had come before`
  return yield* Walk.incomplete(walk, after, "repeatedToken", evidence)
})

/** The rows behind the last known one; with ids, those among them that did not come before. */
const unseen = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  rows: ReadonlyArray<A>,
  at: number
): ReadonlyArray<A> => {
  const behind = rows.slice(at + 1)
  return walk.key === undefined ? behind : LoopDetector.unseen(state.loops, behind, Align.idsOf(walk, behind))
}

/** Without a next page the listing has ended, unless its own count says otherwise. */
const ended = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  fresh: ReadonlyArray<A>
): Effect.Effect<Walk.Step<A>, IncompleteWalk> => {
  if (state.totalProven && state.total !== null && state.received < state.total) {
    const evidence = `there is no next page after ${state.received} rows, and the vendor counts ${state.total}`
    return Walk.incomplete(walk, state, "totalNotReached", evidence)
  }
  if (Walk.isContradicted(walk, state)) {
    const evidence = `no rows came, but the list of conversations counts ${walk.listed}`
    return Walk.incomplete(walk, state, "contradictedEmpty", evidence)
  }
  return Effect.succeed(Walk.emit(walk, state, fresh, "noNext"))
}

/** Whether a page has the same rows as an earlier one. Without ids that may be genuine, so it only counts as idle. */
const isRepeat = <A, E, R>(walk: Walk.Walk<A, E, R>, state: Walk.State, rows: ReadonlyArray<A>): boolean =>
  LoopDetector.visit(state.loops, Align.markOf(walk, rows), state.pages) !== undefined
