/**
 * Answers without rows: the end, or the sign of something missing.
 */
import * as Effect from "effect/Effect"
import type { PastEnd, Received } from "./answer.ts"
import type { IncompleteWalk } from "../model/SourceError.ts"
import type { Strategy } from "./strategy.ts"
import * as Align from "./align.ts"
import * as Walk from "./walk.ts"

/** Empty pages in a row that are read on, while the vendor says there is more. */
const maxEmptyPages = 5

/** An empty page where the vendor does not say that there is more: the end. */
export const emptyPage = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State
): Effect.Effect<Walk.Step<A>, IncompleteWalk> => {
  if (Walk.isContradicted(walk, state)) {
    const evidence = `no rows came, but the list of conversations counts ${walk.expectedCount}`
    return Walk.incomplete(walk, state, "contradictedEmpty", evidence)
  }
  const { ends } = walk.strategy
  const proof =
    Walk.provenBy(walk.strategy, state, state.next.page) ?? (ends.includes("emptyPage") ? "emptyPage" : null)
  if (proof === null) {
    const evidence = `an empty page came, and this listing ends on ${ends.join(" or ")}`
    return Walk.incomplete(walk, state, "noProof", evidence)
  }
  return Effect.succeed(Walk.emit(walk, unseen(walk, state), [], proof))
}

/** No server is thought to serve one or two rows a page where more are asked for and its pages can overlap. */
const canHide = ({ _tag, size }: Strategy, { largest, overlapping }: Walk.State): boolean =>
  (_tag === "PageNumber" && !overlapping) || largest > 2 || (size ?? 0) <= 2

/** The end was looked for behind rows that the answer did not overlap: what moved in between was not seen. */
const unseen = <A, E, R>({ strategy }: Walk.Walk<A, E, R>, state: Walk.State): Walk.State => ({
  ...state,
  blind: state.blind || (state.known !== null && state.expected < 0 && canHide(strategy, state))
})

/** Steps over an empty page in the middle, as far as the claims reach and patience allows. */
export const readOn = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State
): Effect.Effect<Walk.State, IncompleteWalk> => {
  const { next, total, lastPage } = state
  const size = next.size ?? 1
  const before = walk.strategy._tag === "PageNumber" ? (next.page - 1) * size : next.offset
  if (lastPage === null && total !== null && before >= total) {
    const evidence = `the vendor counts ${total} rows, and the pages end before`
    return Walk.incomplete(walk, state, "totalNotReached", evidence)
  }
  if (state.emptyRun + 1 >= maxEmptyPages) {
    const evidence = `${maxEmptyPages} empty pages in a row, and the vendor claims ${claim(state)}`
    return Walk.incomplete(walk, state, "endlessEmptyPages", evidence)
  }
  return Effect.succeed({
    ...state,
    next: { ...next, page: next.page + 1, offset: next.offset + size },
    expected: -1,
    overlapping: false,
    size: walk.strategy._tag === "Offset" ? state.size : next.size,
    emptyRun: state.emptyRun + 1,
    emptyPages: state.emptyPages + 1
  })
}

const claim = (state: Walk.State): string =>
  state.lastPage === null ? `${state.total} rows` : `${state.lastPage} pages`

/** How long to wait before a refusal that no document names is asked for again: most faults have passed by then. */
const patience = "1 second"

/** Asks again what was refused for a reason that no document names: the refusal may be a passing fault. */
export const askAgain = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State
): Effect.Effect<Received<A> | PastEnd<E>, E, R> => Effect.delay(walk.fetch(state.next), patience)

/** An error where a page was due: the end if everything seen agrees, else the failure that it looks like. */
export const endOfPages = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  answer: PastEnd<E>
): Effect.fn.Return<Walk.Step<A>, E | IncompleteWalk, R> {
  if (!walk.strategy.ends.includes("endOfPagesError")) return yield* Effect.fail(answer.error)
  if (Walk.isContradicted(walk, state)) {
    const evidence = `page 1 is past the end, but the list of conversations counts ${walk.expectedCount} messages`
    return yield* Walk.incomplete(walk, state, "contradictedEmpty", evidence)
  }
  const missing = Walk.saysMore(state) ? claim(state) : answer.documented ? undefined : unreached(walk, state)
  if (missing !== undefined) {
    const evidence = `the vendor says that page ${state.next.page} is past the end, but claims ${missing}`
    return yield* Walk.incomplete(walk, state, "totalNotReached", evidence)
  }
  if (!answer.documented && !(yield* previousStillReads(walk, state))) return yield* Effect.fail(answer.error)
  const ended = { ...unseen(walk, state), refused: state.refused || !answer.documented }
  return Walk.emit(walk, ended, [], "endOfPagesError")
})

/** What the vendor claims and has not come, which forbids to take the weakest sign for the end; undefined if nothing. */
const unreached = <A, E, R>(
  { expectedCount }: Walk.Walk<A, E, R>,
  { lastPage, next, received }: Walk.State
): string | undefined => {
  if (lastPage !== null && next.page <= lastPage) return `${lastPage} pages`
  return expectedCount !== null && received < expectedCount
    ? `${expectedCount} messages in its list`
    : undefined
}

/** Reads the last page with rows again: an error beyond it is about the page only if that one still comes. */
const previousStillReads = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State
): Effect.fn.Return<boolean, E, R> {
  if (state.known === null) return false
  const again = yield* walk.fetch(state.known.request)
  return again._tag === "Received" && Align.markOf(walk, again.rows) === state.known.mark
})
