/**
 * The walk: a strategy (a value) and a function that fetches one page give a stream of pages that ends only on a
 * proof.
 *
 * Use it to read any listing with page numbers or offsets. Pages are pulled one at a time, and little is held: the
 * keys of the page before (of several while pages overlap), and a short mark of each of the first 10,000 pages.
 *
 * **Example** (An offset listing that ends with an empty page)
 *
 * ```ts
 * import { Pagination } from "@colloquy/core"
 * import { Effect, Stream } from "effect"
 *
 * const rows = ["a", "b", "c"]
 *
 * export const pages = Stream.unwrap(
 *   Effect.map(Pagination.offset({ size: 2, ends: ["emptyPage"] }), (strategy) =>
 *     Pagination.pages(strategy, (request) =>
 *       Effect.succeed(Pagination.received(rows.slice(request.offset, request.offset + 2)))
 *     )
 *   )
 * )
 * ```
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { pastEnd, type Walk } from "./internal/walk.ts"
import * as walk from "./internal/walk.ts"
import type { Page, Proof } from "./Page.ts"
import { type IncompleteWalk, InvalidRequest } from "./SourceError.ts"

/** What every strategy says of its listing. */
interface Facts {
  /** Rows to ask for in each request; null where the server chooses. */
  readonly size: number | null
  /** The proofs on which this listing may end; at least one. */
  readonly ends: ReadonlyArray<Proof>
  /**
   * Whether the listing's `total` may count the rows of the page instead of the whole listing. It then proves the
   * end only once it has exceeded a page.
   */
  readonly totalMayCountPage: boolean
  /** In words: what this kind of listing cannot show. Becomes part of every completion. */
  readonly unverified: ReadonlyArray<string>
}

/** A listing of numbered pages, the first being 1. */
export interface PageNumber extends Facts {
  readonly _tag: "PageNumber"
}

/** A listing of rows from an offset, the first being 0. The offset advances by the rows received. */
export interface Offset extends Facts {
  readonly _tag: "Offset"
}

/** How a listing is paged and on what it ends. Stateless: one value serves any number of walks. */
export type Strategy = PageNumber | Offset

/** What a strategy is made of. */
export interface StrategyOptions {
  /** Rows to ask for in each request; null (the default) where the server chooses. */
  readonly size?: number | null | undefined
  /** The largest size that the vendor documents; a larger `size` is refused. Default: no bound. */
  readonly maxSize?: number | undefined
  /** The proofs on which this listing may end; at least one. */
  readonly ends: ReadonlyArray<Proof>
  /** See `Facts.totalMayCountPage`. Default false. */
  readonly totalMayCountPage?: boolean | undefined
  /** What this kind of listing cannot show, in words. Default none. */
  readonly unverified?: ReadonlyArray<string> | undefined
}

const facts = (options: StrategyOptions): Effect.Effect<Facts, InvalidRequest> => {
  const size = options.size ?? null
  const max = options.maxSize ?? Number.MAX_SAFE_INTEGER
  if (options.ends.length === 0) {
    return Effect.fail(
      InvalidRequest.refuse("a paging strategy needs at least one proof to end on; this one has none")
    )
  }
  if (size !== null && !(Number.isSafeInteger(size) && size >= 1 && size <= max)) {
    const range = options.maxSize === undefined ? "1 or more" : `1 to ${max}`
    return Effect.fail(InvalidRequest.refuse(`the page size must be a whole number, ${range}; got ${size}`))
  }
  return Effect.succeed({
    size,
    ends: options.ends,
    totalMayCountPage: options.totalMayCountPage ?? false,
    unverified: options.unverified ?? []
  })
}

/** Numbered pages. Fails with `InvalidRequest` on a size out of range or a strategy that could not end. */
export const pageNumber = (options: StrategyOptions): Effect.Effect<PageNumber, InvalidRequest> =>
  Effect.map(facts(options), (facts) => ({ _tag: "PageNumber", ...facts }))

/** Rows from an offset. Fails with `InvalidRequest` on a size out of range or a strategy that could not end. */
export const offset = (options: StrategyOptions): Effect.Effect<Offset, InvalidRequest> =>
  Effect.flatMap(facts(options), (facts) =>
    facts.size === null
      ? Effect.fail(InvalidRequest.refuse("an offset listing needs a page size"))
      : Effect.succeed({ _tag: "Offset", ...facts })
  )

/** One request of a walk. `page` counts from 1 and is used by page-number listings, `offset` by the others. */
export interface PageRequest {
  readonly page: number
  readonly offset: number
  /** Rows to ask for; null where the server chooses. */
  readonly size: number | null
}

/** One page as it came. Claims are what the vendor says beside the rows; null where it says nothing. */
export interface Received<A> {
  readonly _tag: "Received"
  readonly rows: ReadonlyArray<A>
  /** Rows in the whole listing, as claimed. */
  readonly total: number | null
  /** The last page's number, as claimed. */
  readonly lastPage: number | null
  /** The number that the answer says it has. */
  readonly page: number | null
}

/** The vendor answered with an error instead of a page, and the error may mean "past the end". */
export interface PastEnd<E> {
  readonly _tag: "PastEnd"
  /** Whether the vendor documents this very error for a page past the end. If not, the walk makes sure. */
  readonly documented: boolean
  /** What to fail with if it is not the end after all. */
  readonly error: E
}

/** A page with its claims. */
export const received = <A>(
  rows: ReadonlyArray<A>,
  claims: Partial<Pick<Received<A>, "total" | "lastPage" | "page">> = {}
): Received<A> => ({
  _tag: "Received",
  rows,
  total: claims.total ?? null,
  lastPage: claims.lastPage ?? null,
  page: claims.page ?? null
})

export {
  /** An error that may mean "past the end"; give it to the walk instead of failing with it. */
  pastEnd
}

/** What a walk may be told of the listing. */
export interface WalkOptions<A> {
  /** The row's own id, where the listing has ids: a repeated page is then certain, and overlapping rows are dropped. */
  readonly key?: ((row: A) => string | undefined) | undefined
  /** How many rows another listing counted here; a walk that finds none then fails. */
  readonly listed?: number | null | undefined
}

/**
 * Walks a listing from its start to its end, one request at a time, each made only when its page is pulled.
 *
 * The stream ends only on a proof that the strategy allows, told by the last page's `completion`; what the listing
 * itself shows to be wrong is `IncompleteWalk`. Pages before a failure are good and were emitted once.
 */
export const pages = <A, E, R>(
  strategy: Strategy,
  fetch: (request: PageRequest) => Effect.Effect<Received<A> | PastEnd<E>, E, R>,
  options: WalkOptions<A> = {}
): Stream.Stream<Page<A>, E | IncompleteWalk, R> =>
  Stream.suspend(() => {
    const listing: Walk<A, E, R> = { strategy, fetch, key: options.key, listed: options.listed ?? null }
    return Stream.unfold(walk.initial(strategy), (state) => walk.step(listing, state))
  })

/** The items of a stream of pages, in order, each page's items staying one array. */
export const items = <A, E, R>(pages: Stream.Stream<Page<A>, E, R>): Stream.Stream<A, E, R> =>
  Stream.flatMap(pages, (page) => Stream.fromArray(page.items))
