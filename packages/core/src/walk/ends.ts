/**
 * Judges answers without rows: an end, or a contradiction.
 */
import * as Effect from "effect/Effect"
import type { PastEnd, Received } from "./answer.ts"
import type { IncompleteWalk } from "../model/SourceError.ts"
import type { Strategy } from "./strategy.ts"
import * as Align from "./align.ts"
import * as LoopDetector from "./loopDetector.ts"
import * as Walk from "./walk.ts"

/** The maximum of consecutive empty pages while the vendor claims more rows. */
const maxEmptyPages = 5

/** An empty page without a claim of more rows: the end. */
export const emptyPage = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State
): Effect.fn.Return<Walk.Step<A>, E | IncompleteWalk, R> {
  if (Walk.isUnexpectedlyEmpty(walk, state)) {
    const evidence = `no rows came, but the list of conversations counts ${walk.expectedCount}`
    return yield* Walk.incomplete(walk, state, "contradictedEmpty", evidence)
  }
  const { ends } = walk.strategy
  const proof =
    Walk.provenBy(walk.strategy, state, state.next.page) ?? (ends.includes("emptyPage") ? "emptyPage" : null)
  if (proof === null) {
    const evidence = `an empty page came, and this listing ends on ${ends.join(" or ")}`
    return yield* Walk.incomplete(walk, state, "noProof", evidence)
  }
  if (state.oddSizes && (yield* hasRowsBehind(walk, state))) {
    const evidence = `page ${state.next.page} came empty, and the page behind it has a new row`
    return yield* Walk.incomplete(walk, state, "noProof", evidence)
  }
  return yield* Walk.end(walk, markBlind(walk, state), [], proof)
})

/**
 * Whether the page behind an empty one ends with a new row. It is asked for only if pages that were to overlap did not: the
 * server may not serve their sizes, or leave out pages. The page begins at known rows if the server serves its size.
 */
const hasRowsBehind = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  { loops, next, place }: Walk.State
): Effect.Effect<boolean, E, R> => {
  const size = Math.floor((place - 1) / next.page)
  const behind = { ...next, page: next.page + 1, size: size < 1 ? next.size : size }
  return Effect.map(walk.fetch(behind), (answer) => {
    const last = answer._tag === "Received" ? answer.rows.at(-1) : undefined
    const id = last === undefined ? undefined : walk.key?.(last)
    return id !== undefined && !LoopDetector.cameBefore(loops, [id])
  })
}

/**
 * Whether rows may hide between pages. Assumes that no server serves one or two rows per page if more are requested
 * and its pages overlap.
 */
const canHide = ({ _tag, size }: Strategy, { largest, overlapping }: Walk.State): boolean =>
  (_tag === "PageNumber" && !overlapping) || largest > 2 || (size ?? 0) <= 2

/** Marks a state whose end did not overlap known rows: a shift in between was not visible. */
const markBlind = <A, E, R>({ strategy }: Walk.Walk<A, E, R>, state: Walk.State): Walk.State => ({
  ...state,
  blind: state.blind || (state.known !== null && state.expected < 0 && canHide(strategy, state))
})

/** Continues after an empty page in the middle, within the vendor's claims and the maximum. */
export const skipEmptyPage = <A, E, R>(
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
    const evidence = `${maxEmptyPages} empty pages in a row, and the vendor claims ${claimedSize(state)}`
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

const claimedSize = (state: Walk.State): string =>
  state.lastPage === null ? `${state.total} rows` : `${state.lastPage} pages`

/** The wait before an undocumented refusal is requested again. Most temporary faults end within it. */
const refusalRetryDelay = "1 second"

/** Repeats a request after an undocumented refusal, which may be a temporary fault. */
export const askAgain = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State
): Effect.Effect<Received<A> | PastEnd<E>, E, R> => Effect.delay(walk.fetch(state.next), refusalRetryDelay)

/** Judges an error in place of a page: the end if nothing contradicts it, else a failure. */
export const endOfPages = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  answer: PastEnd<E>
): Effect.fn.Return<Walk.Step<A>, E | IncompleteWalk, R> {
  if (!walk.strategy.ends.includes("endOfPagesError")) return yield* Effect.fail(answer.error)
  if (Walk.isUnexpectedlyEmpty(walk, state)) {
    const evidence = `page 1 is past the end, but the list of conversations counts ${walk.expectedCount} messages`
    return yield* Walk.incomplete(walk, state, "contradictedEmpty", evidence)
  }
  const missing = Walk.saysMore(state)
    ? claimedSize(state)
    : answer.documented
      ? undefined
      : unreached(walk, state)
  if (missing !== undefined) {
    const evidence = `the vendor says that page ${state.next.page} is past the end, but claims ${missing}`
    return yield* Walk.incomplete(walk, state, "totalNotReached", evidence)
  }
  if (!answer.documented && !(yield* previousStillReads(walk, state))) return yield* Effect.fail(answer.error)
  const ended = { ...markBlind(walk, state), refused: state.refused || !answer.documented }
  return yield* Walk.end(walk, ended, [], "endOfPagesError")
})

/**
 * The claims that were not reached, which exclude an undocumented refusal as the end; undefined if there are none.
 */
const unreached = <A, E, R>(
  { expectedCount }: Walk.Walk<A, E, R>,
  { lastPage, next, received }: Walk.State
): string | undefined => {
  if (lastPage !== null && next.page <= lastPage) return `${lastPage} pages`
  return expectedCount !== null && received < expectedCount
    ? `${expectedCount} messages in its list`
    : undefined
}

/** Reads the last page with rows again. An error after it is about the page only if that page is unchanged. */
const previousStillReads = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State
): Effect.fn.Return<boolean, E, R> {
  if (state.known === null) return false
  const again = yield* walk.fetch(state.known.request)
  return again._tag === "Received" && Align.markOf(walk, again.rows) === state.known.mark
})
