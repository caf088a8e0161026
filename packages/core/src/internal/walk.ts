/**
 * The state machine behind `Pagination.pages`: one step is one request, judged.
 */
import * as Effect from "effect/Effect"
import type { Checkpoint } from "../Checkpoint.ts"
import * as Identity from "../Identity.ts"
import type { Completion, Page, Proof } from "../Page.ts"
import type { PageRequest, PastEnd, Received, Strategy } from "../Pagination.ts"
import { IncompleteWalk } from "../SourceError.ts"
import * as LoopDetector from "./loopDetector.ts"

/** Empty pages in a row that are read on, while the vendor says there is more. */
const maxEmptyPages = 5
/** Far beyond any end, and still a 32-bit number when a server multiplies it by a page size of 100. */
const farPage = 10_000_000
const farOffset = 1_000_000_000

/** A listing being walked. */
export interface Walk<A, E, R> {
  readonly strategy: Strategy
  readonly fetch: (request: PageRequest) => Effect.Effect<Received<A> | PastEnd<E>, E, R>
  readonly key: ((row: A) => string | undefined) | undefined
  readonly listed: number | null
}

export interface State {
  readonly next: PageRequest
  readonly received: number
  readonly pages: number
  readonly total: number | null
  readonly lastPage: number | null
  /** Whether the total has been seen to count more than a page. */
  readonly totalProven: boolean
  readonly emptyRun: number
  readonly emptyPages: number
  /** The last request that returned rows, and the mark of those. */
  readonly previous: {
    readonly request: PageRequest
    readonly mark: string
    readonly keys: ReadonlySet<string>
  } | null
  /** Whether a probe beyond the end has shown that equal pages are genuine. */
  readonly repeatsAreGenuine: boolean
  readonly oddities: ReadonlyArray<string>
  readonly loops: LoopDetector.LoopDetector
  readonly done: boolean
}

export const initial = (strategy: Strategy): State => ({
  next: { page: 1, offset: 0, size: strategy.size },
  received: 0,
  pages: 0,
  total: null,
  lastPage: null,
  totalProven: !strategy.totalMayCountPage,
  emptyRun: 0,
  emptyPages: 0,
  previous: null,
  repeatsAreGenuine: false,
  oddities: [],
  loops: LoopDetector.make(),
  done: false
})

export const pastEnd = <E>(error: E, documented: boolean): PastEnd<E> => ({
  _tag: "PastEnd",
  documented,
  error
})

type Step<A> = readonly [Page<A>, State]

/** Fetches the next page and says where the walk goes from it; undefined after the end. */
export const step = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk<A, E, R>,
  state: State
): Effect.fn.Return<Step<A> | undefined, E | IncompleteWalk, R> {
  if (state.done) return undefined
  const answer = yield* walk.fetch(state.next)
  if (answer._tag === "PastEnd") return yield* endOfPages(walk, state, answer)
  if (answer.page !== null && answer.page !== state.next.page) {
    return yield* incomplete(
      walk,
      state,
      "pageIgnored",
      `page ${state.next.page} was asked, page ${answer.page} came`
    )
  }
  const claimed = yield* withClaims(walk, state, answer)
  if (answer.rows.length === 0) return yield* emptyPage(walk, claimed)
  return yield* fullPage(walk, claimed, answer.rows)
})

/** Takes in what the answer claims of the whole listing. */
const withClaims = <A, E, R>(
  walk: Walk<A, E, R>,
  state: State,
  answer: Received<A>
): Effect.Effect<State, IncompleteWalk> => {
  const total = answer.total ?? state.total
  const totalProven = state.totalProven || (answer.total !== null && answer.total > answer.rows.length)
  if (totalProven && total !== null && state.total !== null && total < state.total) {
    return incomplete(walk, state, "totalShrank", `the claimed total fell from ${state.total} to ${total}`)
  }
  return Effect.succeed({
    ...state,
    pages: state.pages + 1,
    total,
    totalProven,
    lastPage: answer.lastPage ?? state.lastPage
  })
}

const fullPage = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk<A, E, R>,
  state: State,
  rows: ReadonlyArray<A>
): Effect.fn.Return<Step<A>, E | IncompleteWalk, R> {
  const mark = markOf(walk, rows)
  const earlier = LoopDetector.visit(state.loops, mark, state.pages)
  const genuine = state.repeatsAreGenuine || (earlier !== undefined && (yield* probeBeyondEnd(walk)))
  if (earlier !== undefined && !genuine) {
    const evidence = `request ${state.pages} returned the same rows as request ${earlier}`
    return yield* incomplete(walk, state, "repeatedPage", evidence)
  }
  const { fresh, keys } = withoutOverlap(walk, state, rows)
  const returned = LoopDetector.visitStart(state.loops, fresh, walk.key, state.pages)
  if (returned !== undefined) {
    const evidence = `request ${state.pages} returned a row of request ${returned} again, with others in between`
    return yield* incomplete(walk, state, "repeatedPage", evidence)
  }
  const after: State = {
    ...state,
    next: following(walk.strategy, state, rows.length),
    received: state.received + fresh.length,
    emptyRun: 0,
    previous: { request: state.next, mark, keys },
    repeatsAreGenuine: genuine,
    oddities: oddities(walk.strategy, state, rows.length)
  }
  const proof = provenBy(walk, after, state.next.page)
  return [page(walk, state.received, fresh, after, proof), { ...after, done: proof !== null }]
})

/** The end that a page with rows proves by its claims, if any. */
const provenBy = <A, E, R>(walk: Walk<A, E, R>, state: State, asked: number): Proof | null => {
  const { ends } = walk.strategy
  if (ends.includes("total") && state.totalProven && state.total === state.received) return "total"
  // A listing with nothing in it may call its last page 0 or 1.
  if (ends.includes("lastPage") && state.lastPage !== null && asked === Math.max(1, state.lastPage)) {
    return state.lastPage === 0 && state.received > 0 ? null : "lastPage"
  }
  return null
}

/** An empty page: the end, unless the vendor says that there is more. */
const emptyPage = <A, E, R>(walk: Walk<A, E, R>, state: State): Effect.Effect<Step<A>, IncompleteWalk> => {
  if (saysMore(state)) return readOn(walk, state)
  if (state.received === 0 && (walk.listed ?? 0) > 0) {
    const evidence = `no rows came, but the list of conversations counts ${walk.listed}`
    return incomplete(walk, state, "contradictedEmpty", evidence)
  }
  const { ends } = walk.strategy
  const proof = provenBy(walk, state, state.next.page) ?? (ends.includes("emptyPage") ? "emptyPage" : null)
  if (proof === null) {
    return incomplete(
      walk,
      state,
      "noProof",
      `an empty page came, and this listing ends on ${ends.join(" or ")}`
    )
  }
  const after: State = { ...state, oddities: withOvershoot(state) }
  return Effect.succeed([page(walk, state.received, [], after, proof), { ...after, done: true }])
}

/** Whether the vendor's claims put rows behind the page just asked for. */
const saysMore = (state: State): boolean =>
  (state.totalProven && state.total !== null && state.received < state.total) ||
  (state.lastPage !== null && state.next.page < state.lastPage)

/** Steps over an empty page in the middle, as far as the claims reach and patience allows. */
const readOn = <A, E, R>(walk: Walk<A, E, R>, state: State): Effect.Effect<Step<A>, IncompleteWalk> => {
  const { next, total, lastPage } = state
  const size = next.size ?? 1
  const reached = walk.strategy._tag === "PageNumber" ? next.page * size : next.offset + size
  if (lastPage === null && total !== null && reached - size >= total) {
    return incomplete(
      walk,
      state,
      "totalNotReached",
      `the vendor counts ${total} rows, and the pages end before`
    )
  }
  if (state.emptyRun + 1 >= maxEmptyPages) {
    const claim = lastPage === null ? `${total} rows` : `${lastPage} pages`
    const evidence = `${maxEmptyPages} empty pages in a row, and the vendor claims ${claim}`
    return incomplete(walk, state, "endlessEmptyPages", evidence)
  }
  const after: State = {
    ...state,
    next: { page: next.page + 1, offset: next.offset + size, size: next.size },
    emptyRun: state.emptyRun + 1,
    emptyPages: state.emptyPages + 1
  }
  return Effect.succeed([page(walk, state.received, [], after, null), after])
}

/** An error where a page was due: the end if everything seen agrees, else the failure that it looks like. */
const endOfPages = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk<A, E, R>,
  state: State,
  answer: PastEnd<E>
): Effect.fn.Return<Step<A>, E | IncompleteWalk, R> {
  if (!walk.strategy.ends.includes("endOfPagesError")) return yield* Effect.fail(answer.error)
  if (saysMore(state)) {
    const claim = state.lastPage === null ? `${state.total} rows` : `${state.lastPage} pages`
    const evidence = `the vendor says that page ${state.next.page} is past the end, but claims ${claim}`
    return yield* incomplete(walk, state, "totalNotReached", evidence)
  }
  if (state.received === 0 && (walk.listed ?? 0) > 0) {
    const evidence = `page 1 is past the end, but the list of conversations counts ${walk.listed} messages`
    return yield* incomplete(walk, state, "contradictedEmpty", evidence)
  }
  if (!answer.documented && !(yield* previousStillReads(walk, state))) return yield* Effect.fail(answer.error)
  const after: State = { ...state, done: true, oddities: withOvershoot(state) }
  return [page(walk, state.received, [], after, "endOfPagesError"), after]
})

/** Reads the last page with rows again: an error beyond it is about the page only if that one still comes. */
const previousStillReads = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk<A, E, R>,
  state: State
): Effect.fn.Return<boolean, E, R> {
  if (state.previous === null) return false
  const again = yield* walk.fetch(state.previous.request)
  return again._tag === "Received" && markOf(walk, again.rows) === state.previous.mark
})

/**
 * Without ids equal pages may be genuine ("ok", "ok", …). A server that has rows even far beyond the end ignores
 * the page that it is asked for; one that has none there was right to send equal pages.
 */
const probeBeyondEnd = Effect.fnUntraced(function* <A, E, R>(
  walk: Walk<A, E, R>
): Effect.fn.Return<boolean, E, R> {
  if (walk.key !== undefined) return false
  const answer = yield* walk.fetch({ page: farPage, offset: farOffset, size: walk.strategy.size })
  return answer._tag === "PastEnd" || answer.rows.length === 0
})

/** Where the next request starts. A first page that came short shows the size that the server really serves. */
const following = (strategy: Strategy, state: State, rows: number): PageRequest => {
  const { page, offset, size } = state.next
  if (strategy._tag === "Offset") return { page: page + 1, offset: offset + rows, size }
  const clamped = page === 1 && size !== null && rows < size
  return { page: page + 1, offset: offset + rows, size: clamped ? rows : size }
}

/** A short mark of a page: its first and last row and their number. Pages that repeat have the same. */
const markOf = <A, E, R>(walk: Walk<A, E, R>, rows: ReadonlyArray<A>): string =>
  `${rows.length}|${rowMark(walk, rows[0])}|${rowMark(walk, rows[rows.length - 1])}`

const rowMark = <A, E, R>(walk: Walk<A, E, R>, row: A | undefined): string =>
  row === undefined ? "" : (walk.key?.(row) ?? Identity.derive([JSON.stringify(row)]))

const noKeys: ReadonlySet<string> = new Set()

/**
 * Rows that the pages before did not have already: a list that shifts, or a mended page size, repeats some. The keys
 * of one page are enough, and more are kept only as long as pages overlap.
 */
const withoutOverlap = <A, E, R>(
  walk: Walk<A, E, R>,
  state: State,
  rows: ReadonlyArray<A>
): { readonly fresh: ReadonlyArray<A>; readonly keys: ReadonlySet<string> } => {
  if (walk.key === undefined) return { fresh: rows, keys: noKeys }
  const before = state.previous?.keys ?? noKeys
  const keys = new Set<string>()
  const fresh: Array<A> = []
  for (const row of rows) {
    const key = walk.key(row)
    if (key !== undefined && (before.has(key) || keys.has(key))) continue
    if (key !== undefined) keys.add(key)
    fresh.push(row)
  }
  return { fresh, keys: fresh.length === rows.length ? keys : new Set([...before, ...keys]) }
}

const oddities = (strategy: Strategy, state: State, rows: number): ReadonlyArray<string> => {
  const { page, size } = state.next
  const first = strategy._tag === "PageNumber" ? page === 1 : state.received === 0
  if (
    first &&
    size !== null &&
    rows < size &&
    state.total !== null &&
    state.totalProven &&
    rows < state.total
  ) {
    return [...state.oddities, `the server serves ${rows} rows a page where ${size} were asked`]
  }
  return state.oddities
}

const emptyPagesSeen = ({ emptyPages }: State): ReadonlyArray<string> =>
  emptyPages === 0 ? [] : [`${emptyPages} of the pages came empty in the middle of the listing`]

const withOvershoot = (state: State): ReadonlyArray<string> =>
  state.totalProven && state.total !== null && state.received > state.total
    ? [...state.oddities, `${state.received} rows came where the vendor counts ${state.total}`]
    : state.oddities

const page = <A, E, R>(
  walk: Walk<A, E, R>,
  start: number,
  items: ReadonlyArray<A>,
  state: State,
  proof: Proof | null
): Page<A> => ({
  items,
  start,
  checkpoint: checkpoint(walk, state),
  completion: proof === null ? null : completion(walk, state, proof)
})

const completion = <A, E, R>(walk: Walk<A, E, R>, state: State, proof: Proof): Completion => ({
  proof,
  count: state.received,
  pages: state.pages,
  claimed: { total: state.total, lastPage: state.lastPage, listed: walk.listed },
  unverified: [...walk.strategy.unverified, ...state.oddities, ...emptyPagesSeen(state)]
})

const checkpoint = <A, E, R>(walk: Walk<A, E, R>, state: State): Checkpoint => ({
  version: 1,
  page: walk.strategy._tag === "PageNumber" ? state.next.page : null,
  offset: walk.strategy._tag === "Offset" ? state.next.offset : null,
  size: state.next.size,
  received: state.received
})

const incomplete = <A, E, R>(
  walk: Walk<A, E, R>,
  state: State,
  kind: IncompleteWalk["kind"],
  evidence: string
): Effect.Effect<never, IncompleteWalk> =>
  Effect.fail(new IncompleteWalk({ kind, evidence, checkpoint: checkpoint(walk, state) }))
