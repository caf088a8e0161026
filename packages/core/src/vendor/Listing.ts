/**
 * A vendor's listing as one value: path, query, paging facts, envelope and codec.
 *
 * A source reads by it; an emulation parses requests and renders answers by it.
 */
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { VendorClient } from "../http/VendorClient.ts"
import * as Check from "../model/Check.ts"
import * as Page from "../model/Page.ts"
import { InvalidRequest, NotFound, type Reason, SourceError } from "../model/SourceError.ts"
import * as Pagination from "../walk/Pagination.ts"
import { firstRequest } from "../walk/request.ts"
import type { Carries, Codec } from "./Codec.ts"
import * as Fetch from "./fetch.ts"
import * as Requests from "./requests.ts"
import * as Rows from "./rows.ts"
import * as WalkMetrics from "./walkMetrics.ts"

/** The contents of an answer: rows not yet checked, and the vendor's claims. */
export interface Envelope {
  readonly rows: ReadonlyArray<unknown>
  readonly total?: number | null
  /** The number of the last page, as the vendor numbers its pages. */
  readonly lastPage?: number | null
  /** The number of this page, as the vendor numbers its pages. */
  readonly page?: number | null
  /** The token or link for the next page. If it is in a header, read it with `Link.nextOf`. */
  readonly next?: string | number | null
}

/** What a rendered answer claims of the listing. */
export interface Claims {
  readonly page: number
  readonly lastPage: number
  /** Rows in a page, as served. */
  readonly size: number
  readonly total: number | string
  /** The token or link for the next page; null on the last. Default none. */
  readonly next?: string | null | undefined
}

/** The part of a page request that a query parameter, or a field of a body, holds. */
export type Slot = "page" | "offset" | "size" | "cursor"

/** How a listing is paged, by the vendor's documents. */
export interface Paging
  extends
    Pick<Pagination.StrategyOptions, "totalMayCountPage" | "unverified">,
    Pick<Pagination.CursorOptions, "tokensStandForRows" | "repeatedTokenEnds"> {
  /** `oneAnswer`: it comes whole, in one answer, and ignores the page size of a caller. */
  readonly by: "page" | "offset" | "cursor" | "link" | "oneAnswer"
  /** For cursors that are the times of rows, instead of tokens from answers; see `Pagination.time`. Default tokens. */
  readonly time?: Pagination.ByTime | undefined
  /**
   * The proofs on which it may end, at least one. Leave it out for cursors and links, which end on `noNext`, or
   * on `emptyPage` by time, and for a listing in one answer.
   */
  readonly ends?: Pagination.StrategyOptions["ends"] | undefined
  /** The default rows per request; null if the server chooses. */
  readonly size: number | null
  /** The documented maximum of rows per request, or in an only answer. Default: none is known. */
  readonly maxSize?: number | undefined
  /** The number of the first page, in requests and in answers. Default 1. */
  readonly firstPage?: 0 | 1 | undefined
}

type Names<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Names<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/** The parameters in a path. */
export type PathParams<Path extends string> = { readonly [Name in Names<Path>]: string }

/** A listing as its author writes it. `Params` choose its rows. */
export interface Definition<Params, Wire, Canonical, Carried, Path extends string = string> {
  readonly codec: Codec<Wire, Canonical, Carried>
  /** The path; `:name` stands for the parameter of that name. */
  readonly path: Path
  /**
   * The query parameters, in order. Each is a slot of the page request, or a function of the parameters; undefined
   * and null omit it.
   */
  readonly query: Readonly<Record<string, Slot | ((params: Params) => string | number | null | undefined)>>
  /**
   * The fields of a JSON body, in order, filled as the query is. With a body, pages are requested by POST, and retried as
   * other pages are: list only endpoints that read. Default none: pages are requested by GET.
   */
  readonly body?: Readonly<Record<string, Slot | ((params: Params) => Schema.Json | undefined)>> | undefined
  /**
   * Headers beside the token, such as a version or the id of a bot: texts, or functions of the parameters; undefined and
   * null omit one. Checkpoints belong to their values. Default none.
   */
  readonly headers?:
    | Readonly<Record<string, string | ((params: Params) => string | null | undefined)>>
    | undefined
  /** The name of one of the vendor's `hosts`. Default: the vendor's `baseUrl`. */
  readonly host?: string | undefined
  readonly paging: Paging
  /**
   * Reads the envelope of an answer; undefined if the answer has another shape. Its rows are those of the body, not copies: what
   * could not be read exactly in a row is known by the row.
   */
  readonly envelope: (body: unknown, headers: Headers.Headers) => Envelope | undefined
  /**
   * Makes the row that is checked and decoded of a row as it came: without fields that differ from request to request, or with
   * fields of the answer around it. Default the row as it came.
   */
  readonly reshape?: ((row: unknown, body: unknown) => unknown) | undefined
  /** The other way: the body of an answer with these rows, as the documents show it. Default the rows alone. */
  readonly render?: ((rows: ReadonlyArray<unknown>, claims: Claims) => unknown) | undefined
  /** The order of rows by time, if the vendor documents it. Default `unknown`. */
  readonly order?: ((params: Params) => Pagination.Order) | undefined
  /** The parameters on which decoding depends, as text. Default none. */
  readonly decodedBy?: ((params: Params) => Readonly<Record<string, string>>) | undefined
  /** The vendor's documented error code for a page past the end. Default none. */
  readonly pastEndCode?: string | undefined
  /**
   * Whether the vendor answers an id that it does not know with an empty list. A walk without rows then fails with `NotFound`,
   * unless a list has the conversation. Default false: the vendor refuses such an id.
   */
  readonly unknownIsEmpty?: boolean | undefined
  /** The maximum of rows in one answer; a larger answer fails. Default 100,000. */
  readonly maxRows?: number | undefined
}

/** How a listing is read. */
export interface ReadOptions extends Pagination.ReadOptions {
  /** Rows per request. Default and maximum are the listing's; the server may serve fewer. */
  readonly pageSize?: number | undefined
  /** The number of rows that another listing counted here. Default null. */
  readonly expectedCount?: number | null | undefined
  /** Whether another listing has what is read, so that it exists. Default false. */
  readonly isListed?: boolean | undefined
}

/** The account and conversation of the rows. */
export interface Owner {
  readonly account: string
  readonly conversationId: string
}

/** A listing with chosen parameters, ready to be read. */
export interface Chosen<out Canonical> {
  readonly operation: string
  readonly host: string | undefined
  /** Its pages of canonical values. Fails with `SourceError`. */
  readonly pages: (
    client: VendorClient,
    owner: Owner,
    options: ReadOptions
  ) => Stream.Stream<Page.Page<Canonical>, SourceError>
}

/** A listing. */
export interface Listing<Params, Wire, Canonical, Carried = undefined> extends Definition<
  Params,
  Wire,
  Canonical,
  Carried
> {
  /** Chooses the listing's rows by its parameters. */
  readonly of: (params: Params) => Chosen<Canonical>
}

/**
 * Makes a listing from its definition. Call it once, at module level.
 *
 * Use it for each endpoint that a vendor serves page by page. Parameters in the path (`:chatId`) become typed,
 * required strings. Invalid paging facts, such as no proof to end on, fail each read with `InvalidRequest` before its
 * first request.
 *
 * **Example** (The messages of a chat, by cursor)
 *
 * ```ts
 * import { type Codec, Listing } from "@colloquy/core/vendor"
 * import { Schema } from "effect"
 *
 * const isEnvelope = Schema.is(
 *   Schema.Struct({ items: Schema.Array(Schema.Unknown), next: Schema.NullOr(Schema.String) })
 * )
 *
 * export const listingOf = <Wire>(codec: Codec.MessageCodec<Wire>) =>
 *   Listing.make({
 *     codec,
 *     path: "/chats/:chatId/messages",
 *     query: { after: "cursor", limit: "size" },
 *     paging: { by: "cursor", size: 50, maxSize: 200 },
 *     envelope: (body) => (isEnvelope(body) ? { rows: body.items, next: body.next } : undefined)
 *   })
 * ```
 */
export const make = <
  const Path extends string,
  Wire,
  Canonical,
  Carried,
  Params = unknown,
  Own extends Codec<Wire, Canonical, Carried> = Codec<Wire, Canonical, Carried>
>(
  definition: Definition<Params, Wire, Canonical, Carried, Path> & { readonly codec: Own }
): Listing<Params & PathParams<Path>, Wire, Canonical, Carried> & {
  readonly codec: Own
  readonly path: Path
} => ({
  ...definition,
  of: (params) => ({
    operation: definition.codec.operation,
    host: definition.host,
    pages: (client, owner, options) => canonical(client, definition, params, owner, options)
  })
})

// ---------------------------------------------------------------------------------------------------------------
// Pages
// ---------------------------------------------------------------------------------------------------------------

/**
 * The pages of a listing in the vendor's own types.
 *
 * Fails with `SourceError`. Depending on `undecodable`, some rows fail the stream with `InvalidResponse` (kind
 * `record`) and their index, or are kept with their page: rows that do not fit the wire schema, rows with an integer
 * beyond 2^53 outside an id, rows nested deeper than 128 levels, and rows with the id of another row of the same
 * answer and other contents.
 */
export const pages = <Params, Wire, Canonical, Carried>(
  client: VendorClient,
  definition: Definition<Params, Wire, Canonical, Carried>,
  params: Params,
  { expectedCount, isListed = false, pageSize, undecodable = "fail", ...read }: ReadOptions
): Stream.Stream<Page.Page<Wire>, SourceError> => {
  const { codec, maxRows = 100_000, pastEndCode, unknownIsEmpty = false } = definition
  const fail = (reason: Reason) =>
    new SourceError({ vendor: client.vendor, account: client.account, operation: codec.operation, reason })
  const flaws = Rows.makeFlaws()
  const strategy = Requests.strategyOf(definition.paging, pageSize)
  const target = (request: Requests.Request) => Requests.targetOf(definition, params, request)
  const fetch = Fetch.make({
    client,
    operation: codec.operation,
    target,
    envelope: (body, headers) =>
      Requests.fromFirstPage(definition.paging, definition.envelope(body, headers)),
    reshape: definition.reshape,
    pastEndCode,
    maxRows,
    flaws
  })
  const origin = { listing: codec.operation, options: definition.decodedBy?.(params) ?? {} }
  const checked = Stream.unwrap(
    Effect.mapError(checkOptions(definition, maxRows, pageSize), fail).pipe(
      Effect.map(() =>
        Pagination.pages(strategy, fetch, {
          ...read,
          key: Rows.keyUnlessFlawed(codec.key, flaws),
          expectedCount,
          order: definition.order?.(params),
          identity: Requests.identityOf(client, codec.operation, target(firstRequest(strategy))),
          onConflict: (row) => Rows.markConflict(flaws, row)
        })
      )
    )
  ).pipe(
    Stream.mapError((error) => (error._tag === "SourceError" ? error : fail(error))),
    Stream.mapEffect((page) =>
      unknownIsEmpty && !isListed && page.completion?.count === 0
        ? Effect.fail(fail(unknown))
        : Effect.mapError(Rows.checked({ row: codec.row, origin, undecodable }, flaws, page), fail)
    )
  )
  return WalkMetrics.counted(checked, client, codec.operation)
}

const unknown = new NotFound({ status: null, code: null, vendorMessage: null })

const checkOptions = <Params>(
  { body = {}, paging, query }: Pick<Definition<Params, never, never, never>, "body" | "paging" | "query">,
  maxRows: number,
  pageSize: number | undefined
): Effect.Effect<unknown, InvalidRequest> =>
  pageSize !== undefined &&
  paging.by !== "oneAnswer" &&
  ![...Object.values(query), ...Object.values(body)].includes("size")
    ? Effect.fail(InvalidRequest.refuse("the server chooses the page size; leave pageSize out"))
    : Check.wholeNumber("maxRows", maxRows, { least: 1 })

/** The same as canonical values; each checkpoint has the state of decoding. */
const canonical = <Params, Wire, Canonical, Carried>(
  client: VendorClient,
  definition: Definition<Params, Wire, Canonical, Carried>,
  params: Params,
  owner: Owner,
  read: ReadOptions
): Stream.Stream<Page.Page<Canonical>, SourceError> => {
  const { carries, decode } = definition.codec
  const { account, conversationId } = owner
  const options = definition.decodedBy?.(params) ?? {}
  const outOfOrder = read.verify === true
  return Stream.mapAccum(
    pages(client, definition, params, read),
    () => carries.start(read.from?.identity ?? null),
    (before, page) => {
      const carried = page.restarted === null ? before : carries.start(null)
      const decoded = Page.map(page, (wire, index) =>
        decode(wire, { account, conversationId, index, options, outOfOrder, carried })
      )
      return [carried, [withCarried(decoded, carries, carried)]]
    }
  )
}

const withCarried = <Wire, Canonical, Carried>(
  page: Page.Page<Canonical>,
  carries: Carries<Wire, Carried>,
  carried: Carried
): Page.Page<Canonical> => {
  const identity: Schema.Json | null = carries.save(carried)
  return identity === null ? page : { ...page, checkpoint: { ...page.checkpoint, identity } }
}

// ---------------------------------------------------------------------------------------------------------------
// For emulations
// ---------------------------------------------------------------------------------------------------------------

/** The parameters in a path, by name; undefined for a path of another listing. For emulations. */
export const match = <const Path extends string>(
  { path }: { readonly path: Path },
  segments: ReadonlyArray<string>
): ((name: Names<Path>) => string) | undefined => {
  const params = paramsIn(path, segments)
  return params === undefined ? undefined : (name) => params.get(name) ?? ""
}

/** The same for a path of any listing. */
export const paramsIn = (
  path: string,
  segments: ReadonlyArray<string>
): ReadonlyMap<string, string> | undefined => {
  const names = path.split("/").slice(1)
  if (names.length !== segments.length) return undefined
  const params = new Map<string, string>()
  for (const [at, name] of names.entries()) {
    const segment = segments[at] ?? ""
    if (name.startsWith(":")) params.set(name.slice(1), segment)
    else if (name !== segment) return undefined
  }
  return params
}

/** The body of an answer with these rows, as the vendor's documents show it. For emulations. */
export const render = (
  { render = (rows) => rows }: Pick<Definition<never, never, never, never>, "render">,
  rows: ReadonlyArray<unknown>,
  claims: Claims
): unknown => render(rows, claims)

/** The envelope of an answer that is only a list; undefined if there is no list. */
export const rowsOf = (list: ReadonlyArray<unknown> | undefined): Envelope | undefined =>
  list === undefined ? undefined : { rows: list }
