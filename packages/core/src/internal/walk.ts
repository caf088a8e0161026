/**
 * The state machine behind `Pagination.pages`: one step judges one answer, in the order of the listing.
 */
import * as Effect from "effect/Effect"
import type { Checkpoint } from "../Checkpoint.ts"
import { allDecoded, type Completion, type Proof } from "../Page.ts"
import type { PageRequest, Received } from "./answer.ts"
import type { Strategy } from "./strategy.ts"
import { IncompleteWalk } from "../SourceError.ts"
import * as Align from "./align.ts"
import * as LoopDetector from "./loopDetector.ts"
import type { State, Step, Walk } from "./state.ts"

export type { State, Step, Walk }

export const start = (strategy: Strategy, restarted: string | null = null): State => ({
  next: { page: 1, offset: 0, size: strategy.size, cursor: null },
  expected: -1,
  served: strategy.size,
  largest: 0,
  received: 0,
  shift: 0,
  pages: 0,
  total: null,
  totalClaimed: false,
  change: "none",
  totalProven: !strategy.totalMayCountPage,
  lastPage: null,
  emptyRun: 0,
  emptyPages: 0,
  idle: 0,
  known: null,
  repeatsAreGenuine: false,
  moves: 0,
  clampedTo: null,
  resuming: false,
  restarted,
  loops: LoopDetector.make(),
  cursors: LoopDetector.make(),
  done: false
})

/** The state in which a walk goes on from a checkpoint that fits: the last page, or its last row, is read again. */
export const resume = (strategy: Strategy, from: Checkpoint): State => {
  if (from.received === 0) return start(strategy)
  const page = Math.max(1, (from.page ?? 1) - 1)
  const next: PageRequest =
    strategy._tag === "Offset"
      ? { page: 2, offset: Math.max(0, from.received + from.shift - 1), size: from.size, cursor: null }
      : { page: strategy._tag === "Cursor" ? 2 : page, offset: 0, size: from.size, cursor: from.cursor }
  return {
    ...start(strategy),
    next,
    expected: strategy._tag === "Offset" ? 0 : from.inPage - 1,
    served: from.size,
    largest: from.inPage,
    received: from.received,
    shift: from.shift,
    known: { keys: from.recent, request: next, inPage: from.inPage, mark: "" },
    loops: LoopDetector.make(from.recent),
    resuming: true
  }
}

/** The places that a strategy pages by come after this many rows. */
export const place = (state: State): number => state.received + state.shift

/** Whether the vendor's claims put rows behind those received. */
export const saysMore = (state: State): boolean =>
  (state.totalProven && state.total !== null && place(state) < state.total) ||
  (state.lastPage !== null && state.next.page < state.lastPage)

/** Whether nothing came where the list of conversations counts messages. */
export const isContradicted = <A, E, R>({ listed }: Walk<A, E, R>, { received }: State): boolean =>
  received === 0 && listed !== null && listed > 0

/** The end that the claims prove, if any. */
export const provenBy = (strategy: Strategy, state: State, asked: number): Proof | null => {
  // A total of an earlier answer may be old by now: another proof is better where there is one.
  const current = state.totalClaimed || strategy.ends.length === 1
  if (current && strategy.ends.includes("total") && state.totalProven && state.total === place(state)) {
    return "total"
  }
  if (!strategy.ends.includes("lastPage") || state.lastPage === null) return null
  // A listing with nothing in it may call its last page 0 or 1.
  if (asked !== Math.max(1, state.lastPage)) return null
  return state.lastPage === 0 && state.received > 0 ? null : "lastPage"
}

/** Takes in what an answer claims of the whole listing. */
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

/** A page of the walk, and the state after it; the walk is done if the page has a proof. */
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
  { ...state, restarted: null, resuming: false, change: "none", done: proof !== null }
]

const completion = <A, E, R>(walk: Walk<A, E, R>, state: State, proof: Proof): Completion => ({
  proof,
  count: state.received,
  pages: state.pages,
  claimed: { total: state.total, lastPage: state.lastPage, listed: walk.listed },
  verified: false,
  mended: mended(walk.strategy, state),
  unverified: [...walk.strategy.unverified, ...outOfTurn(walk, state), ...odd(state, proof)]
})

/** How a completion begins to tell that the listing moved; `verify` takes no such reading for good. */
export const moved = "the listing moved"

const mended = (strategy: Strategy, { clampedTo, moves }: State): ReadonlyArray<string> => [
  ...(clampedTo === null
    ? []
    : [`the server serves ${clampedTo} rows a page where ${strategy.size} were asked`]),
  ...(moves === 0 ? [] : [`${moved} ${moves} times while it was read, and was found again`])
]

/** Pages that are read out of turn may be of different states of the listing; only a total on each would show it. */
const outOfTurn = <A, E, R>({ concurrency, strategy }: Walk<A, E, R>, state: State): ReadonlyArray<string> =>
  concurrency === 1 || strategy._tag !== "PageNumber" || (state.totalProven && state.totalClaimed)
    ? []
    : ["drift: pages were fetched ahead, so that a row inserted meanwhile may have hidden another"]

const odd = (state: State, proof: Proof): ReadonlyArray<string> => {
  const { emptyPages, total } = state
  const old = proof === "total" && !state.totalClaimed
  const over = state.totalProven && total !== null && place(state) > total
  return [
    ...(emptyPages === 0 ? [] : [`${emptyPages} of the pages came empty in the middle of the listing`]),
    ...(old ? ["drift: the vendor gave its total on an earlier page only"] : []),
    ...(over ? [`${state.received} rows came where the vendor counts ${total}`] : [])
  ]
}

const checkpoint = <A, E, R>(walk: Walk<A, E, R>, state: State): Checkpoint => ({
  version: 2,
  fingerprint: walk.fingerprint,
  page: walk.strategy._tag === "PageNumber" ? state.next.page : null,
  offset: walk.strategy._tag === "Offset" ? place(state) : null,
  cursor: state.next.cursor,
  size: state.next.size,
  received: state.received,
  shift: state.shift,
  inPage: state.known?.inPage ?? 0,
  recent: Align.recent(walk, state.known),
  identity: null
})

/** Fails the walk, with what was seen and where it stands. */
export const incomplete = <A, E, R>(
  walk: Walk<A, E, R>,
  state: State,
  kind: IncompleteWalk["kind"],
  evidence: string
): Effect.Effect<never, IncompleteWalk> =>
  Effect.fail(new IncompleteWalk({ kind, evidence, checkpoint: checkpoint(walk, state) }))
