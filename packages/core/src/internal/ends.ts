/**
 * Answers without rows: the end, or the sign of something missing.
 */
import * as Effect from "effect/Effect"
import type { PastEnd } from "./answer.ts"
import type { IncompleteWalk } from "../SourceError.ts"
import * as Align from "./align.ts"
import * as Walk from "./walk.ts"

/** Empty pages in a row that are read on, while the vendor says there is more. */
const maxEmptyPages = 5

/** An empty page: the end, unless the vendor says that there is more. */
export const emptyPage = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State
): Effect.Effect<Walk.Step<A>, IncompleteWalk> => {
  if (Walk.saysMore(state)) return readOn(walk, state)
  if (Walk.isContradicted(walk, state)) {
    const evidence = `no rows came, but the list of conversations counts ${walk.listed}`
    return Walk.incomplete(walk, state, "contradictedEmpty", evidence)
  }
  const { ends } = walk.strategy
  const proof =
    Walk.provenBy(walk.strategy, state, state.next.page) ?? (ends.includes("emptyPage") ? "emptyPage" : null)
  if (proof === null) {
    const evidence = `an empty page came, and this listing ends on ${ends.join(" or ")}`
    return Walk.incomplete(walk, state, "noProof", evidence)
  }
  return Effect.succeed(Walk.emit(walk, state, [], proof))
}

/** Steps over an empty page in the middle, as far as the claims reach and patience allows. */
const readOn = <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State
): Effect.Effect<Walk.Step<A>, IncompleteWalk> => {
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
  const after: Walk.State = {
    ...state,
    next: { ...next, page: next.page + 1, offset: next.offset + size },
    expected: -1,
    emptyRun: state.emptyRun + 1,
    emptyPages: state.emptyPages + 1
  }
  return Effect.succeed(Walk.emit(walk, after, [], null))
}

const claim = (state: Walk.State): string =>
  state.lastPage === null ? `${state.total} rows` : `${state.lastPage} pages`

/** An error where a page was due: the end if everything seen agrees, else the failure that it looks like. */
export const endOfPages = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State,
  answer: PastEnd<E>
): Effect.fn.Return<Walk.Step<A>, E | IncompleteWalk, R> {
  if (!walk.strategy.ends.includes("endOfPagesError")) return yield* Effect.fail(answer.error)
  if (Walk.saysMore(state)) {
    const evidence = `the vendor says that page ${state.next.page} is past the end, but claims ${claim(state)}`
    return yield* Walk.incomplete(walk, state, "totalNotReached", evidence)
  }
  if (Walk.isContradicted(walk, state)) {
    const evidence = `page 1 is past the end, but the list of conversations counts ${walk.listed} messages`
    return yield* Walk.incomplete(walk, state, "contradictedEmpty", evidence)
  }
  if (!answer.documented && !(yield* previousStillReads(walk, state))) return yield* Effect.fail(answer.error)
  return Walk.emit(walk, state, [], "endOfPagesError")
})

/** Reads the last page with rows again: an error beyond it is about the page only if that one still comes. */
const previousStillReads = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk.Walk<A, E, R>,
  state: Walk.State
): Effect.fn.Return<boolean, E, R> {
  if (state.known === null) return false
  const again = yield* walk.fetch(state.known.request)
  return again._tag === "Received" && Align.markOf(walk, again.rows) === state.known.mark
})
