/**
 * What a completion tells in words: what was mended, what could not be seen, what stayed odd.
 */
import type { Proof } from "../model/Page.ts"
import type { State, Walk } from "./state.ts"

/** How a completion begins to tell that the listing moved; `verify` takes no such reading for good. */
export const moved = "the listing moved"

/** What went wrong on the way and was made good. */
export const mended = <A, E, R>({ strategy }: Walk<A, E, R>, state: State): ReadonlyArray<string> => {
  const { again, clampedTo, moves } = state
  return [
    ...(clampedTo === null
      ? []
      : [`the server serves ${clampedTo} rows a page where ${strategy.size} were asked`]),
    ...(moves === 0 ? [] : [`${moved} ${moves} times while it was read, and was found again`]),
    ...(again === 0 ? [] : [`${again} rows came again, and were left out`]),
    ...(state.oddSizes ? ["the server does not serve the sizes that would let its pages overlap"] : [])
  ]
}

/** What this way of reading this listing cannot show. */
export const unseen = <A, E, R>(walk: Walk<A, E, R>, state: State): ReadonlyArray<string> => {
  const { concurrency, key, order, strategy } = walk
  if (strategy._tag === "Cursor") return strategy.tokensStandForRows || !state.blind ? [] : [tokens]
  if (!state.blind) return key === undefined && state.joined ? [equalRows] : []
  return [
    state.counted ? hiddenByCount : hidden,
    ...(key === undefined && order !== "oldestFirst" ? [repeats] : []),
    ...(concurrency === 1 || state.counted ? [] : [outOfTurn])
  ]
}

const tokens =
  "drift: a token may stand for a place in the list, so that a row removed between two requests hides another"
const equalRows = "drift: without ids, a move within a run of equal rows cannot be seen"
const hidden = "drift: a row removed between two requests hides another, unseen"
const hiddenByCount =
  "drift: a row removed and another added between two requests leave the total as it was, and may hide a third"
const repeats = "drift: without ids, a list that grows at its head repeats rows"
/** Pages that are read out of turn may be of different states of the listing; only a total on each would show it. */
const outOfTurn = "drift: pages were fetched ahead, so that a row inserted meanwhile may have hidden another"

/** What stayed odd. */
export const odd = (state: State, proof: Proof): ReadonlyArray<string> => {
  const { emptyPages, place, received, total } = state
  const old = proof === "total" && !state.totalClaimed
  const over = state.totalProven && total !== null && place > total
  return [
    ...(emptyPages === 0 ? [] : [`${emptyPages} of the pages came empty in the middle of the listing`]),
    ...(old ? ["drift: the vendor gave its total on an earlier page only"] : []),
    ...(over ? [`${received} rows came where the vendor counts ${total}`] : []),
    ...(state.refused ? [refused] : [])
  ]
}

const refused =
  "the vendor refused what lies behind the last row, in a way that its documents do not describe"
