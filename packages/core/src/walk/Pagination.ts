/**
 * The walk: turns a strategy and a function that fetches one page into a stream of pages. The stream ends only on a
 * proof.
 *
 * Use it for any listing with page numbers, offsets, cursors or next links, and for one that comes in one answer. It holds
 * little memory: the keys of the last 10,000 rows, and two short marks of each of the first 10,000 pages.
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
import * as OneAnswers from "./oneAnswer.ts"
import * as Prefetch from "./prefetch.ts"
import {
  type AnyRequest,
  type CursorRequest,
  type OffsetRequest,
  type OneAnswerRequest,
  type PageRequest,
  type RequestOf,
  requestOf
} from "./request.ts"
import type { ByTime, Cursor, Facts, Offset, OneAnswer, Order, PageNumber, Strategy } from "./strategy.ts"
import * as Verify from "./verify.ts"
import * as Walk from "./walk.ts"
import * as Check from "../model/Check.ts"
import type { Page, Proof } from "../model/Page.ts"
import { type IncompleteWalk, InvalidRequest } from "../model/SourceError.ts"

// ---------------------------------------------------------------------------------------------------------------
// Strategies
// ---------------------------------------------------------------------------------------------------------------

export type { ByTime, Cursor, Offset, OneAnswer, Order, PageNumber, Strategy }

/** The options of a strategy. */
export interface StrategyOptions {
  /** Rows per request. Default null: the server chooses. */
  readonly size?: number | null | undefined
  /** The documented maximum of `size`; a larger `size` is refused. Default: no maximum. */
  readonly maxSize?: number | undefined
  /** The proofs on which this listing may end; at least one. */
  readonly ends: ReadonlyArray<Proof>
  /** See `Facts.totalMayCountPage`. Default false. */
  readonly totalMayCountPage?: boolean | undefined
  /**
   * Further limits of this listing, in words, for completions. The walk itself adds those that follow from the
   * strategy, ids, totals and order. Default none.
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

/** A strategy for numbered pages. `pages` refuses a size out of range and a strategy without a proof. */
export const pageNumber = (options: StrategyOptions): PageNumber => ({
  _tag: "PageNumber",
  ...facts(options)
})

/** A strategy for offsets. `pages` refuses a size that is missing or out of range, and a strategy without a proof. */
export const offset = (options: StrategyOptions): Offset => ({ _tag: "Offset", ...facts(options) })

/** The options of a cursor strategy. It always ends on `noNext`. */
export interface CursorOptions extends Omit<StrategyOptions, "ends"> {
  /**
   * Whether tokens are known to stand for rows. Default false: a token may stand for a place in the listing, so that
   * removing an earlier row hides another one. Completions then say so.
   */
  readonly tokensStandForRows?: boolean | undefined
  /** See `Cursor.repeatedTokenEnds`. Default false: a repeated token is a loop. */
  readonly repeatedTokenEnds?: boolean | undefined
}

/** A strategy for cursors or next links. `pages` refuses a size out of range. */
export const cursor = (options: CursorOptions = {}): Cursor => ({
  _tag: "Cursor",
  ...facts({ ...options, ends: ["noNext"] }),
  time: null,
  tokensStandForRows: options.tokensStandForRows ?? false,
  repeatedTokenEnds: options.repeatedTokenEnds ?? false
})

/** The options of a listing that is paged by times. */
export interface TimeOptions extends Pick<StrategyOptions, "size" | "maxSize" | "unverified">, ByTime {}

/**
 * A strategy for a listing whose requests ask for the rows before or after a time. `cursor` of a request is that time, as
 * text; null for the first page.
 *
 * Each request overlaps the page before by all rows of its last time, because others of that time may not have fitted. The
 * walk ends on `emptyPage`, once only these rows come. If more rows share one time than an answer holds, it fails with
 * `IncompleteWalk` (kind `tiedTimes`). `pages` refuses a walk without `key`.
 */
export const time = ({ of, toward, ...options }: TimeOptions): Cursor => ({
  ...cursor({ ...options, tokensStandForRows: true }),
  ends: ["emptyPage"],
  time: { of, toward }
})

/** The options of a listing in one answer. It always ends on `oneAnswer`. */
export interface OneAnswerOptions extends Pick<StrategyOptions, "unverified"> {
  /**
   * The documented maximum of rows in the answer. If as many come, and the vendor does not count them all, the walk emits
   * them and fails with `IncompleteWalk` (kind `capped`). Default: no maximum is documented.
   */
  readonly maxSize?: number | undefined
}

/** A strategy for a listing that comes whole, in one answer. */
export const oneAnswer = (options: OneAnswerOptions = {}): OneAnswer => ({
  _tag: "OneAnswer",
  ...facts({ ...options, ends: ["oneAnswer"] })
})

// ---------------------------------------------------------------------------------------------------------------
// Requests and answers
// ---------------------------------------------------------------------------------------------------------------

export type { CursorRequest, OffsetRequest, OneAnswerRequest, PageRequest, PastEnd, Received, RequestOf }

/** What the vendor claims besides the rows. Tokens may be numbers. Absent, null and `""` mean no token. */
export interface Claims {
  readonly total?: number | null | undefined
  readonly lastPage?: number | null | undefined
  readonly page?: number | null | undefined
  readonly next?: string | number | null | undefined
}

/** An answer with rows and claims. */
export const received = <A>(rows: ReadonlyArray<A>, claims: Claims = {}): Received<A> => ({
  _tag: "Received",
  rows,
  total: claims.total ?? null,
  lastPage: claims.lastPage ?? null,
  page: claims.page ?? null,
  next: claims.next == null || claims.next === "" ? null : String(claims.next)
})

/** An answer with an error that may mean "past the end". Return it to the walk instead of failing with the error. */
export const pastEnd = <E>(error: E, documented: boolean): PastEnd<E> => ({
  _tag: "PastEnd",
  documented,
  error
})

// ---------------------------------------------------------------------------------------------------------------
// Walks
// ---------------------------------------------------------------------------------------------------------------

/** The read options of a source, for calls that do not set them. */
export interface ReadDefaults {
  /**
   * The maximum of concurrent requests, 1 to 64. Default 1. Page numbers and offsets are fetched ahead, in order.
   * Fewer than this many requests go past the end; none do if a total or last page is known. Cursors are not fetched
   * ahead.
   */
  readonly concurrency?: number | undefined
  /**
   * Walks the whole listing repeatedly until two walks agree, and emits rows found on the way. Default false. Takes
   * at least a second walk, and memory for the key of every row. Ignores `from`.
   */
  readonly verify?: boolean | undefined
  /**
   * Whether numbered pages overlap: page numbers and sizes are chosen so that each page holds the last row of the one
   * before, which reveals every shift of the listing. Default true. Needs rows with ids and a page size of 20 or
   * more. Takes about 1.14 times the requests at 100 rows per page, 1.2 at 50, 1.39 at 20. A server that does not
   * serve such sizes is detected, and read by plain page numbers.
   */
  readonly overlap?: boolean | undefined
  /**
   * The maximum of emitted pages; with `verify`, of each walk. A walk with more fails with `IncompleteWalk` (kind
   * `pageLimit`), and its checkpoint resumes it. Default: no maximum, so that a listing that always has new rows
   * never ends.
   */
  readonly maxPages?: number | undefined
}

/** How a caller wants a listing read. */
export interface ReadOptions extends ReadDefaults {
  /**
   * The checkpoint to resume from. With a checkpoint of another listing, the walk starts again, and its first page
   * says so. Default: the start.
   */
  readonly from?: Checkpoint | undefined
  /**
   * What to do with a row that does not fit its wire schema. `fail`, the default, fails the walk with
   * `InvalidResponse` (kind `record`) and the row's index. `keep` continues, and the page has the row in
   * `undecodable`. Use `keep` only if you read pages: streams of items omit these rows.
   */
  readonly undecodable?: "fail" | "keep" | undefined
}

/** The options of a call, completed with defaults. */
export const readOptions = (defaults: ReadDefaults, call: ReadOptions = {}): ReadOptions => ({
  concurrency: call.concurrency ?? defaults.concurrency,
  verify: call.verify ?? defaults.verify,
  overlap: call.overlap ?? defaults.overlap,
  maxPages: call.maxPages ?? defaults.maxPages,
  from: call.from,
  undecodable: call.undecodable
})

/** The options of a walk. */
export interface WalkOptions<A> extends Omit<ReadOptions, "undecodable"> {
  /**
   * The row's own id, if the listing has ids. With ids, repetitions are certain and a shifted listing can be
   * followed.
   */
  readonly key?: ((row: A) => string | undefined) | undefined
  /**
   * The number of rows that another listing counted here. A walk without rows then fails if it is positive, and a
   * walk with fewer rows does not end on an undocumented refusal. Default null.
   */
  readonly expectedCount?: number | null | undefined
  /** The order of rows by time, if the vendor documents it. Default `unknown`. */
  readonly order?: Order | undefined
  /**
   * Called with each row that has the id of another row of its answer and other contents. The walk emits both rows.
   * Default: nothing.
   */
  readonly onConflict?: ((row: A) => void) | undefined
  /** Identifies the listing and its filter; binds checkpoints to it. Default `""`. */
  readonly identity?: string | undefined
}

/**
 * Walks a listing, from its start or a checkpoint, to a proven end.
 *
 * `fetch` gets the request of the strategy: `{page, size}` with pages from 1, `{offset, size}` with offsets from 0,
 * `{cursor, size}` with a null cursor for the first page, or `{size}` for a listing in one answer. Its second argument is
 * true for the first page, where a refusal does not mean an end. It returns {@link received} or {@link pastEnd}, or fails
 * with any error, which fails the stream.
 *
 * A request is made when its page is pulled, or ahead of it if `concurrency` is greater than 1. Pages come in order,
 * and each row once. The last page has a `completion` with the proof and notes.
 *
 * Fails with `InvalidRequest` before the first request if the strategy or an option is not valid, and with
 * `IncompleteWalk` if the listing contradicts itself, ends without a proof, or exceeds `maxPages`. Pages before a
 * failure are valid.
 *
 * **Example** (Two pages of a listing with a total)
 *
 * ```ts
 * import { Pagination } from "@colloquy/core"
 * import { Effect, Stream } from "effect"
 *
 * const rows = ["a", "b", "c"].map((id) => ({ id }))
 * const strategy = Pagination.pageNumber({ size: 2, ends: ["total"] })
 *
 * export const program = Pagination.pages(
 *   strategy,
 *   ({ page, size }) =>
 *     Effect.sync(() => {
 *       const start = (page - 1) * (size ?? 2)
 *       return Pagination.received(rows.slice(start, start + (size ?? 2)), { total: rows.length })
 *     }),
 *   { key: ({ id }) => id }
 * ).pipe(Stream.runForEach(({ checkpoint, items }) => Effect.log(items.length, checkpoint.received)))
 * ```
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
        const step = stepOf(strategy)
        return Stream.unfold(startFrom(walk, from), (state) =>
          Walk.hasReachedPageLimit(walk, state) ? Walk.pageLimit(walk, state) : step(walk, state)
        )
      })
    )
  return Stream.unwrap(
    Effect.map(Effect.andThen(checkedStrategy(strategy, key !== undefined), checkedOptions(options)), () =>
      verify ? Verify.untilAgreed(once(undefined), (row) => key?.(row) ?? Align.contentKey(row)) : once(from)
    )
  )
}

const stepOf = ({ _tag }: Strategy) => {
  if (_tag === "OneAnswer") return OneAnswers.step
  return _tag === "Cursor" ? Cursors.step : Numbered.step
}

/** Checks a strategy before the first request. */
const checkedStrategy = Effect.fnUntraced(function* (
  strategy: Strategy,
  hasIds: boolean
): Effect.fn.Return<void, InvalidRequest> {
  const { _tag, ends, maxSize, size } = strategy
  if (_tag === "Cursor" && strategy.time !== null && !hasIds) {
    return yield* refuse("a listing that is paged by times needs rows with ids; these have none")
  }
  if (ends.length === 0) {
    return yield* refuse("a paging strategy needs at least one proof to end on; this one has none")
  }
  if (_tag === "Offset" && ends.includes("lastPage")) {
    return yield* refuse("a listing by offset has no last page; let it end on total or emptyPage")
  }
  if (maxSize !== null) yield* Check.wholeNumber("maxSize", maxSize, { least: 1 })
  if (size !== null) yield* Check.wholeNumber("the page size", size, { least: 1, most: maxSize ?? undefined })
  else if (_tag === "Offset") return yield* refuse("an offset listing needs a page size")
})

/** Checks the read options before the first request. */
const checkedOptions = Effect.fnUntraced(function* ({
  concurrency = 1,
  from,
  maxPages
}: ReadOptions): Effect.fn.Return<void, InvalidRequest> {
  yield* Check.wholeNumber("concurrency", concurrency, { least: 1, most: 64 })
  if (maxPages !== undefined) yield* Check.wholeNumber("maxPages", maxPages, { least: 1 })
  if (from !== undefined && !isCheckpoint(from)) {
    return yield* refuse("from must be a checkpoint of a page; leave it out to start again")
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
 * The items of a stream of pages, in order. Items travel as one array per page. Rows in `undecodable` are omitted.
 *
 * `Stream.flatMap` is not used: its scope for each page would keep the page alive into the next garbage collection.
 */
export const items = <A, E, R>(pages: Stream.Stream<Page<A>, E, R>): Stream.Stream<A, E, R> =>
  pages.pipe(
    Stream.map(({ items }) => items),
    Stream.filter(Arr.isReadonlyArrayNonEmpty),
    Stream.flattenArray
  )
