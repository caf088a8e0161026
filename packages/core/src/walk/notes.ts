/**
 * The notes of a walk's completion: corrected problems, unseen shifts, and oddities.
 */
import type { DriftCause, Note } from "../model/Note.ts"
import type { Proof } from "../model/Page.ts"
import type { State, Walk } from "./state.ts"

/** All notes of a walk at its end. */
export const notes = <A, E, R>(walk: Walk<A, E, R>, state: State, proof: Proof): ReadonlyArray<Note> => [
  ...mended(walk, state),
  ...driftCauses(walk, state).map((cause): Note => ({ _tag: "UnseenDrift", cause })),
  ...walk.strategy.unverified.map((text): Note => ({ _tag: "Stated", text })),
  ...unresolved(state, proof),
  ...(isUncounted(walk, state) ? [{ _tag: "Uncounted" } as const] : [])
]

/** Corrected problems. */
const mended = <A, E, R>({ strategy }: Walk<A, E, R>, state: State): ReadonlyArray<Note> => {
  const { repeated, clampedTo, moves, oddSizes } = state
  const { size } = strategy
  return [
    ...(clampedTo === null || size === null
      ? []
      : [{ _tag: "Clamped", served: clampedTo, asked: size } as const]),
    ...(moves === 0 ? [] : [{ _tag: "Moved", times: moves } as const]),
    ...(repeated === 0 ? [] : [{ _tag: "CameAgain", rows: repeated } as const]),
    ...(oddSizes ? [{ _tag: "OddSizes" } as const] : [])
  ]
}

/** Why a shift of the listing may have been missed, given the strategy. */
const driftCauses = <A, E, R>(walk: Walk<A, E, R>, state: State): ReadonlyArray<DriftCause> => {
  const { concurrency, key, order, strategy } = walk
  if (strategy._tag === "Cursor") return strategy.tokensStandForRows || !state.blind ? [] : ["placeTokens"]
  if (!state.blind) return key === undefined && (state.joined || state.moves > 0) ? ["equalRows"] : []
  return [
    state.counted ? "removalAndInsertion" : "removal",
    ...(key === undefined && order !== "oldestFirst" ? (["growthAtHead"] as const) : []),
    // Only a total on each page reveals that pages fetched out of turn show different states of the listing.
    ...(concurrency === 1 || state.counted ? [] : (["fetchedAhead"] as const))
  ]
}

/** Whether nothing says how many rows an only answer should have. */
const isUncounted = <A, E, R>(
  { expectedCount, strategy }: Walk<A, E, R>,
  { received, total }: State
): boolean =>
  strategy._tag === "OneAnswer" && total === null && strategy.maxSize === null && expectedCount !== received

/** Oddities that remain. */
const unresolved = (state: State, proof: Proof): ReadonlyArray<Note> => {
  const { emptyPages, place, pushed, received, refused, total, totalClaimed, totalProven } = state
  const old = proof === "total" && !totalClaimed
  const isCounted = totalProven && total !== null
  return [
    ...(emptyPages === 0 ? [] : [{ _tag: "EmptyPages", pages: emptyPages } as const]),
    ...(old ? [{ _tag: "UnseenDrift", cause: "oldTotal" } as const] : []),
    ...(isCounted && received < total ? [{ _tag: "UnseenDrift", cause: "fewerThanTotal" } as const] : []),
    ...(!isCounted && pushed ? [{ _tag: "UnseenDrift", cause: "movedToFront" } as const] : []),
    ...(isCounted && place > total ? [{ _tag: "MoreThanTotal", received, total } as const] : []),
    ...(refused ? [{ _tag: "UndocumentedRefusal" } as const] : [])
  ]
}
