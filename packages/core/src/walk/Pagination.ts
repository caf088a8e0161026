/**
 * The walk: a strategy (a value) and a function that fetches one page give a stream of pages that ends only on a
 * proof.
 *
 * Use it to read any listing with page numbers, offsets, cursors or next links. Pages are pulled, and little is held:
 * the keys of the last 10,000 rows, and two short marks of each of the first 10,000 pages.
 *
 * **Example** (An offset listing that ends with an empty page)
 *
 * ```ts
 * import { Pagination } from "@colloquy/core"
 * import { Effect } from "effect"
 *
 * const rows = ["a", "b", "c"]
 *
 * export const pages = Pagination.pages(Pagination.offset({ size: 2, ends: ["emptyPage"] }), ({ offset }) =>
 *   Effect.succeed(Pagination.received(rows.slice(offset, offset + 2)))
 * )
 * ```
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Checkpoint } from "../model/Checkpoint.ts"
import * as DerivedId from "../model/DerivedId.ts"
import * as Align from "./align.ts"
import type { PastEnd, Received } from "./answer.ts"
import * as Cursors from "./cursor.ts"
import * as Numbered from "./numbered.ts"
import * as Prefetch from "./prefetch.ts"
import {
  type AnyRequest,
  type CursorRequest,
  type OffsetRequest,
  type PageRequest,
  type RequestOf,
  requestOf
} from "./request.ts"
import type { Cursor, Facts, Offset, Order, PageNumber, Strategy } from "./strategy.ts"
import * as Verify from "./verify.ts"
import * as Walk from "./walk.ts"
import * as Check from "../model/Check.ts"
import type { Page, Proof } from "../model/Page.ts"
import { type IncompleteWalk, InvalidRequest } from "../model/SourceError.ts"

// ---------------------------------------------------------------------------------------------------------------
// Strategies
// ---------------------------------------------------------------------------------------------------------------

export type { Cursor, Offset, Order, PageNumber, Strategy }

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
  /**
   * What this listing cannot show besides what follows from how it is paged, in words. Default none: what a walk cannot
   * see by its strategy, ids, totals and order it says itself.
   */
  readonly unverified?: ReadonlyArray<string> | undefined
}

const facts = ({
  ends,
  maxSize,
  size = null,
  totalMayCountPage = false,
  unverified = []
}: StrategyOptions): Facts => ({ size, maxSize: maxSize ?? null, ends, totalMayCountPage, unverified })

/** Numbered pages. `pages` refuses a size out of range, and a strategy that could not end. */
export const pageNumber = (options: StrategyOptions): PageNumber => ({
  _tag: "PageNumber",
  ...facts(options)
})

/** Rows from an offset. `pages` refuses a size out of range, none at all, and a strategy that could not end. */
export const offset = (options: StrategyOptions): Offset => ({ _tag: "Offset", ...facts(options) })

/** What a cursor listing is made of; it always ends on `noNext`. */
export interface CursorOptions extends Omit<StrategyOptions, "ends"> {
  /**
   * Whether a token is known to stand for a row. Default false: tokens are opaque, and one that stands for a place in the
   * list hides a row where another is removed in front of it, which completions then say.
   */
  readonly tokensStandForRows?: boolean | undefined
  /** See `Cursor.repeatedTokenEnds`. Default false: a token that comes again is a loop. */
  readonly repeatedTokenEnds?: boolean | undefined
}

/** Cursors, or next links. `pages` refuses a size out of range. */
export const cursor = (options: CursorOptions = {}): Cursor => ({
  _tag: "Cursor",
  ...facts({ ...options, ends: ["noNext"] }),
  tokensStandForRows: options.tokensStandForRows ?? false,
  repeatedTokenEnds: options.repeatedTokenEnds ?? false
})

// ---------------------------------------------------------------------------------------------------------------
// Requests and answers
// ---------------------------------------------------------------------------------------------------------------

export type { CursorRequest, OffsetRequest, PageRequest, PastEnd, Received, RequestOf }

/** What the vendor says beside the rows. A token may come as a number; absent, null and `""` mean that there is none. */
export interface Claims {
  readonly total?: number | null | undefined
  readonly lastPage?: number | null | undefined
  readonly page?: number | null | undefined
  readonly next?: string | number | null | undefined
}

/** A page with its claims. */
export const received = <A>(rows: ReadonlyArray<A>, claims: Claims = {}): Received<A> => ({
  _tag: "Received",
  rows,
  total: claims.total ?? null,
  lastPage: claims.lastPage ?? null,
  page: claims.page ?? null,
  next: claims.next == null || claims.next === "" ? null : String(claims.next)
})

/** An error that may mean "past the end"; give it to the walk instead of failing with it. */
export const pastEnd = <E>(error: E, documented: boolean): PastEnd<E> => ({
  _tag: "PastEnd",
  documented,
  error
})

// ---------------------------------------------------------------------------------------------------------------
// Walks
// ---------------------------------------------------------------------------------------------------------------

/** How a caller wants a listing read. */
export interface ReadOptions {
  /**
   * Requests in flight at most, 1 to 64. Default 1. Page numbers and offsets are fetched ahead, in order, and
   * overshoot the end by less than this; a known total or last page is never overshot. Cursors are not fetched ahead.
   */
  readonly concurrency?: number | undefined
  /**
   * Reads the whole listing again until two readings agree, and emits what turned up on the way. Default false. Costs
   * at least a second reading, and memory for the key of every row. Ignores `from`.
   */
  readonly verify?: boolean | undefined
  /**
   * Whether page numbers are asked for in windows: pages of such numbers and sizes that each holds the last row of the one
   * before, so that every move of the list shows. Default true. It takes rows with ids and a page size of 20 or more, and
   * about 1.14 times the requests at 100 rows a page, 1.2 at 50, 1.39 at 20. A server that does not serve such sizes is
   * noticed, and read by plain page numbers.
   */
  readonly overlap?: boolean | undefined
  /**
   * Pages that are emitted at most; with `verify`, those of each reading. A walk that would ask for more fails with
   * `IncompleteWalk` (kind `pageLimit`), whose checkpoint a later one goes on from. Default: no bound, so that a vendor
   * that always has new rows is read for ever.
   */
  readonly maxPages?: number | undefined
  /** Where an earlier walk of this listing stood. One that does not fit starts again, and the first page says so. */
  readonly from?: Checkpoint | undefined
  /**
   * What becomes of a row that does not fit its wire schema. `fail`, the default: the walk fails with its place
   * (`InvalidResponse`, kind `record`). `keep`: the walk goes on, and the page has the row in `undecodable`. Keep them
   * only where you read pages: a stream of single items leaves them out.
   */
  readonly undecodable?: "fail" | "keep" | undefined
}

/** How a source reads its listings, unless a call says otherwise. */
export interface ReadDefaults extends Pick<ReadOptions, "concurrency" | "verify" | "overlap" | "maxPages"> {}

/** What a call asks for, and for the rest the defaults. */
export const readOptions = (defaults: ReadDefaults, call: ReadOptions = {}): ReadOptions => ({
  concurrency: call.concurrency ?? defaults.concurrency,
  verify: call.verify ?? defaults.verify,
  overlap: call.overlap ?? defaults.overlap,
  maxPages: call.maxPages ?? defaults.maxPages,
  from: call.from,
  undecodable: call.undecodable
})

/** What a walk may be told of the listing. */
export interface WalkOptions<A> extends Omit<ReadOptions, "undecodable"> {
  /** The row's own id, where the listing has ids: repeats are then certain, and a listing that moved can be followed. */
  readonly key?: ((row: A) => string | undefined) | undefined
  /** How many rows another listing counted here: a walk that finds none then fails, or comes short on a weak sign. */
  readonly expectedCount?: number | null | undefined
  /** How the rows run, where the vendor documents it. Default `unknown`. */
  readonly order?: Order | undefined
  /**
   * Called with each row that has the id of another row of its answer, and other contents. Both are given; it is for the
   * caller to say which is meant. Default nothing.
   */
  readonly onConflict?: ((row: A) => void) | undefined
  /** Which listing this is, filter included: binds checkpoints to it. Default `""`. */
  readonly identity?: string | undefined
}

/**
 * Walks a listing from its start, or from a checkpoint, to its end; each request is made only when its page is
 * pulled, or ahead of it as far as `concurrency` allows.
 *
 * `fetch` gets the request of its strategy, `{page, size}`, `{offset, size}` or `{cursor, size}`, and whether it is for
 * the first page of the listing, where a refusal is no sign of an end.
 *
 * The stream ends only on a proof that the strategy allows, told by the last page's `completion`; what the listing
 * itself shows to be wrong is `IncompleteWalk`. Pages before a failure are good and were emitted once. A strategy or
 * an option that is out of range fails with `InvalidRequest` before the first request.
 */
export const pages = <S extends Strategy, A, E, R>(
  strategy: S,
  fetch: (request: RequestOf<S>, isFirst: boolean) => Effect.Effect<Received<A> | PastEnd<E>, E, R>,
  options: WalkOptions<A> = {}
): Stream.Stream<Page<A>, E | IncompleteWalk | InvalidRequest, R> => {
  const { concurrency = 1, from, key, verify = false } = options
  const fingerprint = DerivedId.make([options.identity ?? "", strategy._tag, strategy.size])
  const ask = (request: AnyRequest) => fetch(requestOf(strategy, request), request.page === 1)
  const once = (from: Checkpoint | undefined): Stream.Stream<Page<A>, E | IncompleteWalk, R> =>
    Stream.unwrap(
      Effect.map(Prefetch.make(ask, concurrency), (ahead) => {
        const walk: Walk.Walk<A, E, R> = {
          strategy,
          fetch: ask,
          ahead,
          key,
          onConflict: options.onConflict,
          order: options.order ?? "unknown",
          overlap: options.overlap ?? true,
          expectedCount: options.expectedCount ?? null,
          fingerprint,
          concurrency,
          maxPages: options.maxPages ?? Infinity
        }
        const step = strategy._tag === "Cursor" ? Cursors.step : Numbered.step
        return Stream.unfold(startFrom(walk, from), (state) =>
          Walk.isSpent(walk, state) ? Walk.pageLimit(walk, state) : step(walk, state)
        )
      })
    )
  return Stream.unwrap(
    Effect.map(Effect.andThen(checkedStrategy(strategy), checkedOptions(options)), () =>
      verify ? Verify.untilAgreed(once(undefined), (row) => key?.(row) ?? Align.contentKey(row)) : once(from)
    )
  )
}

/** Checks a strategy, before anything is asked for. */
const checkedStrategy = Effect.fnUntraced(function* ({
  _tag,
  ends,
  maxSize,
  size
}: Strategy): Effect.fn.Return<void, InvalidRequest> {
  if (ends.length === 0) {
    return yield* refuse("a paging strategy needs at least one proof to end on; this one has none")
  }
  if (maxSize !== null) yield* Check.wholeNumber("maxSize", maxSize, { least: 1 })
  if (size !== null) yield* Check.wholeNumber("the page size", size, { least: 1, most: maxSize ?? undefined })
  else if (_tag === "Offset") return yield* refuse("an offset listing needs a page size")
})

/** Checks how a listing is to be read, before anything is asked for. */
const checkedOptions = Effect.fnUntraced(function* ({
  concurrency = 1,
  from,
  maxPages
}: ReadOptions): Effect.fn.Return<void, InvalidRequest> {
  yield* Check.wholeNumber("concurrency", concurrency, { least: 1, most: 64 })
  if (maxPages !== undefined) yield* Check.wholeNumber("maxPages", maxPages, { least: 1 })
  if (from !== undefined && !isCheckpoint(from)) {
    return yield* refuse("from must be a checkpoint, as a page carried it; leave it out to start again")
  }
})

const refuse = (problem: string): Effect.Effect<never, InvalidRequest> =>
  Effect.fail(InvalidRequest.refuse(problem))

const isCheckpoint = Schema.is(Checkpoint)

const startFrom = <A, E, R>(walk: Walk.Walk<A, E, R>, from: Checkpoint | undefined): Walk.State => {
  if (from === undefined) return Walk.start(walk)
  return from.fingerprint === walk.fingerprint
    ? Walk.resume(walk, from)
    : Walk.start(walk, "the checkpoint is of another listing, filter or page size")
}

/**
 * The items of a stream of pages, in order, each page's items staying one array. Rows that pages hold as `undecodable`
 * are left out.
 *
 * Not by `Stream.flatMap`: its scope for each page would keep the page alive into the next collection.
 */
export const items = <A, E, R>(pages: Stream.Stream<Page<A>, E, R>): Stream.Stream<A, E, R> =>
  pages.pipe(
    Stream.map(({ items }) => items),
    Stream.filter(Arr.isReadonlyArrayNonEmpty),
    Stream.flattenArray
  )
