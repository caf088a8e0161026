/**
 * What a walk notes for its completion: what was mended, what could not be seen, what stayed odd.
 */
import type { DriftCause, Note } from "../model/Note.ts"
import type { Proof } from "../model/Page.ts"
import type { State, Walk } from "./state.ts"

/** All that a walk has to say at its end. */
export const notes = <A, E, R>(walk: Walk<A, E, R>, state: State, proof: Proof): ReadonlyArray<Note> => [
  ...mended(walk, state),
  ...unseen(walk, state).map((cause): Note => ({ _tag: "UnseenDrift", cause })),
  ...walk.strategy.unverified.map((text): Note => ({ _tag: "Stated", text })),
  ...odd(state, proof)
]

/** What went wrong on the way and was made good. */
const mended = <A, E, R>({ strategy }: Walk<A, E, R>, state: State): ReadonlyArray<Note> => {
  const { again, clampedTo, moves, oddSizes } = state
  const { size } = strategy
  return [
    ...(clampedTo === null || size === null
      ? []
      : [{ _tag: "Clamped", served: clampedTo, asked: size } as const]),
    ...(moves === 0 ? [] : [{ _tag: "Moved", times: moves } as const]),
    ...(again === 0 ? [] : [{ _tag: "CameAgain", rows: again } as const]),
    ...(oddSizes ? [{ _tag: "OddSizes" } as const] : [])
  ]
}

/** Why a move of the list could have stayed unseen, by this way of reading it. */
const unseen = <A, E, R>(walk: Walk<A, E, R>, state: State): ReadonlyArray<DriftCause> => {
  const { concurrency, key, order, strategy } = walk
  if (strategy._tag === "Cursor") return strategy.tokensStandForRows || !state.blind ? [] : ["placeTokens"]
  if (!state.blind) return key === undefined && state.joined ? ["equalRows"] : []
  return [
    state.counted ? "removalAndInsertion" : "removal",
    ...(key === undefined && order !== "oldestFirst" ? (["growthAtHead"] as const) : []),
    // Only a total on each page would show that pages read out of turn are of different states of the list.
    ...(concurrency === 1 || state.counted ? [] : (["fetchedAhead"] as const))
  ]
}

/** What stayed odd. */
const odd = (state: State, proof: Proof): ReadonlyArray<Note> => {
  const { emptyPages, place, received, refused, total, totalClaimed, totalProven } = state
  const old = proof === "total" && !totalClaimed
  return [
    ...(emptyPages === 0 ? [] : [{ _tag: "EmptyPages", pages: emptyPages } as const]),
    ...(old ? [{ _tag: "UnseenDrift", cause: "oldTotal" } as const] : []),
    ...(totalProven && total !== null && place > total
      ? [{ _tag: "MoreThanTotal", received, total } as const]
      : []),
    ...(refused ? [{ _tag: "UndocumentedRefusal" } as const] : [])
  ]
}
