/**
 * Steps of a walk over a listing in one answer: takes its rows, and judges whether they are all of them.
 */
import * as Effect from "effect/Effect"
import type { Received } from "./answer.ts"
import type { IncompleteWalk } from "../model/SourceError.ts"
import * as Align from "./align.ts"
import * as Walk from "./walk.ts"

/** Fetches the answer. Rows that are not all of them are emitted, and the walk fails after them. */
export const step = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State
): Effect.fn.Return<Walk.Step<A> | undefined, E | IncompleteWalk, R> {
  if (state.done) return undefined
  if (state.cut !== null) return yield* Walk.incomplete(walk, state, state.cut.kind, state.cut.evidence)
  const answer = yield* walk.fetch(state.next)
  if (answer._tag === "PastEnd") return yield* Effect.fail(answer.error)
  const { known } = state
  const holds = known === null || isInPlace(walk, known, answer.rows)
  const from = holds ? state : Walk.start(walk, "the rows of the checkpoint have moved")
  return yield* take(walk, Walk.withClaims(from, answer), answer)
})

/** Whether the rows that a checkpoint knows are where they were. The whole answer is at hand, so that a move shows. */
const isInPlace = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  { inPage, keys }: NonNullable<Walk.State["known"]>,
  rows: ReadonlyArray<A>
): boolean => {
  const there = rows.slice(Math.max(0, inPage - keys.length), inPage).map((row) => Align.keyOf(walk, row))
  return there.length === keys.length && there.every((key, at) => key === keys[at])
}

/** Adds the rows after those of the checkpoint to the walk. */
const take = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  { rows }: Received<A>
): Effect.Effect<Walk.Step<A> | undefined, E | IncompleteWalk, R> => {
  const at = (state.known?.inPage ?? 0) - 1
  if (walk.key !== undefined && at >= 0) Align.remember(walk, state, rows.slice(0, at + 1))
  const behind = rows.slice(at + 1)
  const fresh = walk.key === undefined ? behind : Align.filterNew(walk, state, behind)
  const received = state.received + fresh.length
  const taken: Walk.State = {
    ...state,
    received,
    place: received,
    repeated: state.repeated + behind.length - fresh.length,
    known: rows.length === 0 ? state.known : Align.knownAfter(walk, state, { rows, fresh, mark: "" }, at)
  }
  const cut = cutOf(walk, taken, rows.length)
  if (cut === null) return Effect.succeed(Walk.emit(walk, taken, fresh, "oneAnswer"))
  const after = { ...taken, cut }
  return fresh.length === 0 ? step(walk, after) : Effect.succeed(Walk.emit(walk, after, fresh, null))
}

/** Why the rows of an answer are not all of the listing; null if nothing says so. */
const cutOf = <A, E, R>(walk: Walk.Walk<A, E, R>, state: Walk.State, rows: number): Walk.State["cut"] => {
  const { maxSize } = walk.strategy
  const { received, total } = state
  const isFull = maxSize !== null && rows >= maxSize
  const bound = `one answer holds at most ${maxSize}`
  if (total !== null && received < total) {
    const evidence = `${received} rows came, and the vendor counts ${total}`
    return isFull
      ? { kind: "capped", evidence: `${evidence}; ${bound}` }
      : { kind: "totalNotReached", evidence }
  }
  if (total === null && isFull) return { kind: "capped", evidence: `${rows} rows came; ${bound}` }
  if (!Walk.isUnexpectedlyEmpty(walk, state)) return null
  const evidence = `no rows came, but the list of conversations counts ${walk.expectedCount}`
  return { kind: "contradictedEmpty", evidence }
}
