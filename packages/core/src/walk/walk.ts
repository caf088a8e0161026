/**
 * The state machine behind `Pagination.pages`: each step judges one answer, in the order of the listing.
 */
import * as Effect from "effect/Effect"
import type { Checkpoint } from "../model/Checkpoint.ts"
import * as Note from "../model/Note.ts"
import { allDecoded, type Completion, type Proof } from "../model/Page.ts"
import type { Received } from "./answer.ts"
import { IncompleteWalk } from "../model/SourceError.ts"
import * as Align from "./align.ts"
import * as LoopDetector from "./loopDetector.ts"
import * as Notes from "./notes.ts"
import type { Known, State, Step, Walk } from "./state.ts"
import type { Strategy } from "./strategy.ts"
import * as Windows from "./windows.ts"

export type { State, Step, Walk }

/** The state at the start of a listing. */
export const start = <A, E, R>(walk: Walk<A, E, R>, restarted: string | null = null): State => {
  const { size } = walk.strategy
  return {
    next: { page: 1, offset: 0, size, cursor: null },
    expected: -1,
    overlapping: mayOverlap(walk, size),
    size,
    largest: 0,
    smallest: Infinity,
    fullSize: 0,
    received: 0,
    place: 0,
    shift: 0,
    pages: 0,
    emitted: 0,
    total: null,
    totalClaimed: false,
    change: "none",
    totalProven: !walk.strategy.totalMayCountPage,
    lastPage: null,
    emptyRun: 0,
    emptyPages: 0,
    idle: 0,
    known: null,
    repeatsAreGenuine: false,
    moves: 0,
    pushed: false,
    repeated: 0,
    blind: false,
    stirred: false,
    joined: false,
    counted: true,
    clampedTo: null,
    oddSizes: false,
    refused: false,
    resuming: false,
    resumed: false,
    rereading: false,
    restarted,
    cut: null,
    loops: LoopDetector.make(),
    cursors: LoopDetector.make(),
    done: false
  }
}

/**
 * Whether numbered pages of this size can overlap. They cannot if the vendor gives a last page, which depends on the
 * size.
 */
const mayOverlap = <A, E, R>({ key, overlap, strategy }: Walk<A, E, R>, size: number | null): boolean =>
  overlap &&
  strategy._tag === "PageNumber" &&
  key !== undefined &&
  size !== null &&
  size >= Windows.leastSize &&
  !strategy.ends.includes("lastPage")

/**
 * The state of a walk that resumes from a checkpoint of its listing. It reads some or all rows of the last page
 * again.
 */
export const resume = <A, E, R>(walk: Walk<A, E, R>, from: Checkpoint): State => {
  if (from.received === 0) return start(walk)
  const { strategy } = walk
  const place = from.offset ?? from.received + from.shift
  // A checkpoint with both a page and an offset is of pages that cannot overlap.
  const overlapping = mayOverlap(walk, strategy.size) && !(from.page !== null && from.offset !== null)
  const size = overlapping && from.page !== null ? strategy.size : from.size
  const state: State = {
    ...start(walk),
    overlapping,
    size,
    clampedTo: overlapping && size !== strategy.size ? size : null,
    largest: from.inPage,
    received: from.received,
    place,
    shift: from.shift,
    pushed: from.shift > 0,
    blind: from.blind ?? (strategy._tag !== "Offset" && from.received > from.inPage),
    stirred: from.stirred ?? false,
    counted: false,
    joined: from.received > from.inPage,
    loops: LoopDetector.make(from.recent),
    resuming: true,
    resumed: true
  }
  const { expected, request } = resumeRequest(walk, state, from)
  const known: Known = {
    keys: from.recent,
    request,
    inPage: from.inPage,
    room: "unknown",
    overlaps: false,
    mark: ""
  }
  return { ...state, next: request, expected, known }
}

/** The first request of a resumed walk. */
const resumeRequest = <A, E, R>(
  { key, strategy }: Walk<A, E, R>,
  state: State,
  from: Checkpoint
): Windows.Next => {
  const { next, place, size } = state
  if (strategy._tag === "Cursor") {
    const page = from.cursor === null ? 1 : 2
    return { request: { ...next, page, cursor: from.cursor }, expected: from.inPage - 1 }
  }
  if (strategy._tag === "Offset") {
    // Without ids, one equal row proves little: all known rows have to match.
    const seen = Math.min(from.recent.length, from.inPage - 1)
    const overlap = Math.min(place, key === undefined ? Math.max(1, seen) : 1)
    return { request: { ...next, page: 2, offset: place - overlap }, expected: overlap - 1 }
  }
  const pageBefore = {
    request: { ...next, page: Math.max(1, (from.page ?? 1) - 1), size },
    expected: from.inPage - 1
  }
  if (!state.overlapping || size === null) return pageBefore
  return Windows.rereadWindow(state, size)
}

/** Whether the vendor claims more rows than received. */
export const saysMore = (state: State): boolean =>
  (state.totalProven && state.total !== null && state.place < state.total) ||
  (state.lastPage !== null && state.next.page < state.lastPage)

/** Whether no rows came although the list of conversations counts messages. */
export const isUnexpectedlyEmpty = <A, E, R>(
  { expectedCount }: Walk<A, E, R>,
  { received }: State
): boolean => received === 0 && expectedCount !== null && expectedCount > 0

/** The proof that the claims give; null if none. */
export const provenBy = (strategy: Strategy, state: State, asked: number): Proof | null => {
  // A total of an earlier answer may be outdated, so another proof is preferred.
  const current = state.totalClaimed || strategy.ends.length === 1
  if (current && strategy.ends.includes("total") && state.totalProven && state.total === state.place) {
    return "total"
  }
  if (!strategy.ends.includes("lastPage") || state.lastPage === null) return null
  // An empty listing may call its last page 0 or 1.
  if (asked !== Math.max(1, state.lastPage)) return null
  return state.lastPage === 0 && state.received > 0 ? null : "lastPage"
}

/** Applies the claims of an answer. */
export const withClaims = <A>(state: State, answer: Received<A>): State => {
  const totalProven = state.totalProven || (answer.total !== null && answer.total > answer.rows.length)
  return {
    ...state,
    pages: state.pages + 1,
    total: answer.total ?? state.total,
    totalClaimed: answer.total !== null,
    change: changeOf(totalProven ? state.total : null, answer.total, state.lastPage, answer.lastPage),
    totalProven,
    lastPage: answer.lastPage ?? state.lastPage
  }
}

const changeOf = (
  total: number | null,
  newTotal: number | null,
  lastPage: number | null,
  newLastPage: number | null
): State["change"] => {
  const rows = total === null || newTotal === null ? 0 : newTotal - total
  const pages = lastPage === null || newLastPage === null ? 0 : newLastPage - lastPage
  if (rows < 0 || pages < 0) return "fell"
  return rows > 0 || pages > 0 ? "grew" : "none"
}

/**
 * The state for the next request, if no page was emitted. A page without new rows is not emitted: a caller that takes
 * one page at a time, each from the checkpoint of the one before, would never make progress.
 */
export const continued = (state: State): State => ({ ...state, change: "none", resuming: false })

/** Emits a page. The walk is done if the page has a proof. */
export const emit = <A, E, R>(
  walk: Walk<A, E, R>,
  state: State,
  items: ReadonlyArray<A>,
  proof: Proof | null
): Step<A> => [
  {
    items,
    undecodable: allDecoded,
    start: state.received - items.length,
    total: state.totalProven ? state.total : null,
    checkpoint: checkpoint(walk, state),
    completion: proof === null ? null : completion(walk, state, proof),
    restarted: state.restarted
  },
  { ...continued(state), emitted: state.emitted + 1, restarted: null, done: proof !== null }
]

/**
 * Emits the last page, unless pages came empty in the middle and fewer rows than the vendor counts: a list that moved would
 * explain as well where the rows after them were found.
 */
export const end = <A, E, R>(
  walk: Walk<A, E, R>,
  state: State,
  items: ReadonlyArray<A>,
  proof: Proof
): Effect.Effect<Step<A>, IncompleteWalk> => {
  const { emptyPages, received, total, totalProven } = state
  if (emptyPages === 0 || !totalProven || total === null || received >= total) {
    return Effect.succeed(emit(walk, state, items, proof))
  }
  const evidence = `${emptyPages} pages came empty, and ${received} of the ${total} rows that the vendor counts came`
  return incomplete(walk, state, "totalNotReached", evidence)
}

/** Whether `maxPages` pages were emitted and the listing has not ended. */
export const hasReachedPageLimit = <A, E, R>(
  { maxPages }: Walk<A, E, R>,
  { done, emitted }: State
): boolean => !done && emitted >= maxPages

const completion = <A, E, R>(walk: Walk<A, E, R>, state: State, proof: Proof): Completion => ({
  proof,
  count: state.received,
  pages: state.pages,
  claimed: { total: state.total, lastPage: state.lastPage, listed: walk.expectedCount },
  verified: false,
  ...Note.inWords(Notes.notes(walk, state, proof))
})

const checkpoint = <A, E, R>(walk: Walk<A, E, R>, state: State): Checkpoint => {
  const { _tag } = walk.strategy
  const isPages = _tag === "PageNumber"
  const hasPageNumber = isPages && !state.overlapping
  const isPlaced = _tag === "Offset" || _tag === "OneAnswer" || (isPages && state.size !== null)
  return {
    version: 2,
    fingerprint: walk.fingerprint,
    page: hasPageNumber ? state.next.page : null,
    offset: isPlaced ? state.place : null,
    // The last page with rows is requested again: its last row shows where the listing stands.
    cursor: _tag === "Cursor" ? (state.known?.request.cursor ?? null) : null,
    size: sizeOf(walk, state),
    received: state.received,
    shift: state.shift,
    inPage: state.known?.inPage ?? 0,
    recent: Align.recent(walk, state.known),
    blind: state.blind,
    ...(state.stirred ? { stirred: true } : {}),
    identity: null
  }
}

/**
 * The page size for resuming. A short first page does not determine it: the listing may have been short, and grow.
 */
const sizeOf = <A, E, R>({ strategy }: Walk<A, E, R>, state: State): number | null => {
  const { clampedTo, next, overlapping, size } = state
  if (strategy._tag !== "PageNumber" || clampedTo !== null) return size
  return overlapping || next.page <= 2 ? strategy.size : size
}

/** Fails the walk with evidence and a checkpoint. */
export const incomplete = <A, E, R>(
  walk: Walk<A, E, R>,
  state: State,
  kind: IncompleteWalk["kind"],
  evidence: string
): Effect.Effect<never, IncompleteWalk> =>
  Effect.fail(new IncompleteWalk({ kind, evidence, checkpoint: checkpoint(walk, state) }))

/** Fails the walk because it {@link hasReachedPageLimit}. */
export const pageLimit = <A, E, R>(
  walk: Walk<A, E, R>,
  state: State
): Effect.Effect<never, IncompleteWalk> => {
  const { maxPages } = walk
  const evidence = `${maxPages} ${maxPages === 1 ? "page was" : "pages were"} read, as many as maxPages allows`
  return incomplete(walk, state, "pageLimit", evidence)
}
