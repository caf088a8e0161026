/**
 * A vendor's listing as one value: where it is, how it is paged, what an answer holds, and what its rows mean.
 *
 * The value works both ways: a source asks and reads by it, an emulation parses requests and renders answers by it.
 */
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Target, VendorClient } from "../http/VendorClient.ts"
import * as Check from "../model/Check.ts"
import * as Page from "../model/Page.ts"
import { InvalidRequest, type Reason, SourceError } from "../model/SourceError.ts"
import * as Pagination from "../walk/Pagination.ts"
import { firstRequest } from "../walk/request.ts"
import type { Carries, Codec } from "./Codec.ts"
import * as Fetch from "./fetch.ts"
import * as Rows from "./rows.ts"

/** What an answer's envelope holds: rows not yet checked, and the vendor's claims. */
export interface Envelope {
  readonly rows: ReadonlyArray<unknown>
  readonly total?: number | null
  readonly lastPage?: number | null
  readonly page?: number | null
  /** The token or link for the next page; from a header, by way of `Link.nextOf`, where it stands there. */
  readonly next?: string | number | null
}

/** What a rendered answer claims of the listing. */
export interface Claims {
  readonly page: number
  readonly lastPage: number
  /** Rows in a page, as served. */
  readonly size: number
  readonly total: number | string
}

/** Which part of a page's request a query parameter holds. */
export type Slot = "page" | "offset" | "size" | "cursor"

/** How a listing is paged, by the vendor's documents. */
export interface Paging extends Pick<Pagination.StrategyOptions, "totalMayCountPage" | "unverified"> {
  readonly by: "page" | "offset" | "cursor" | "link"
  /** The proofs on which it may end. Cursors and links end on `noNext`, and on nothing else: leave it out there. */
  readonly ends?: Pagination.StrategyOptions["ends"] | undefined
  /** Rows to ask for where the caller does not say; null where the server chooses. */
  readonly size: number | null
  /** The documented maximum. Default none is known. */
  readonly maxSize?: number | undefined
}

type Names<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Names<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/** The parameters that a path holds. */
export type PathParams<Path extends string> = { readonly [Name in Names<Path>]: string }

/** What a vendor's author writes of a listing. `Params` are what chooses its rows. */
export interface Definition<Params, Wire, Canonical, Carried, Path extends string = string> {
  readonly codec: Codec<Wire, Canonical, Carried>
  /** The path; `:name` stands for the parameter of that name. */
  readonly path: Path
  /** The query, in its order: a slot of the page's request, or a value made of the parameters; undefined leaves it out. */
  readonly query: Readonly<Record<string, Slot | ((params: Params) => string | number | undefined)>>
  /** One of the vendor's `hosts`, where it is not the vendor's `baseUrl`. */
  readonly host?: string | undefined
  readonly paging: Paging
  /** Reads the envelope of an answer; undefined if the answer has another shape. */
  readonly envelope: (body: unknown, headers: Headers.Headers) => Envelope | undefined
  /** The other way: the body of an answer with these rows, as the documents show it. Default the rows alone. */
  readonly render?: ((rows: ReadonlyArray<unknown>, claims: Claims) => unknown) | undefined
  /** How the rows run by their times, where the vendor documents it. Default `unknown`. */
  readonly order?: ((params: Params) => Pagination.Order) | undefined
  /** The parameters on which the decoding of rows depends, as text. Default none. */
  readonly decodedBy?: ((params: Params) => Readonly<Record<string, string>>) | undefined
  /** The vendor's documented code for a page past the end, if there is one. */
  readonly pastEndCode?: string | undefined
  /** Rows that are taken of one answer; one with more is refused. Default 100,000. */
  readonly maxRows?: number | undefined
}

/** How a listing is read, besides what chooses its rows. */
export interface ReadOptions extends Pagination.ReadOptions {
  /** Rows to ask for in each request. Default and maximum are the listing's; a server may choose itself. */
  readonly pageSize?: number | undefined
  /** How many rows another listing counted here. Default null. */
  readonly expectedCount?: number | null | undefined
}

/** Whose rows they are. */
export interface Owner {
  readonly account: string
  readonly conversationId: string
}

/** A listing whose parameters are chosen, ready to be read. */
export interface Chosen<out Canonical> {
  readonly operation: string
  readonly host: string | undefined
  /** Its rows as canonical values, page by page. */
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
  /** Chooses its rows. */
  readonly of: (params: Params) => Chosen<Canonical>
}

/** Makes a listing of what is known of it. Call it once, at module level. */
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
 * A row that does not fit its wire schema fails the stream with `InvalidResponse` (kind `record`) and its place, or stays
 * with its page, as `undecodable` of the options has it. So does a row with an integer beyond 2^53 anywhere but in an id, one
 * that is nested deeper than 128 levels, and one that has the id of another row of its answer and other contents.
 */
export const pages = <Params, Wire, Canonical, Carried>(
  client: VendorClient,
  definition: Definition<Params, Wire, Canonical, Carried>,
  params: Params,
  { expectedCount, pageSize, undecodable = "fail", ...read }: ReadOptions
): Stream.Stream<Page.Page<Wire>, SourceError> => {
  const { codec, maxRows = 100_000, pastEndCode } = definition
  const fail = (reason: Reason) =>
    new SourceError({ vendor: client.vendor, account: client.account, operation: codec.operation, reason })
  const flaws = Rows.noFlaws()
  const strategy = strategyOf(definition.paging, pageSize)
  const target = (request: Request) => targetOf(definition, params, request)
  const fetch = Fetch.make({
    client,
    operation: codec.operation,
    target,
    envelope: definition.envelope,
    pastEndCode,
    maxRows,
    flaws
  })
  const origin = { listing: codec.operation, options: definition.decodedBy?.(params) ?? {} }
  return Stream.unwrap(
    Effect.mapError(checked(definition, maxRows, pageSize), fail).pipe(
      Effect.map(() =>
        Pagination.pages(strategy, fetch, {
          ...read,
          key: Rows.keyUnlessFlawed(codec.key, flaws),
          expectedCount,
          order: definition.order?.(params),
          identity: identityOf(client, codec.operation, target(firstRequest(strategy))),
          onConflict: (row) => Rows.noteConflict(flaws, row)
        })
      )
    )
  ).pipe(
    Stream.mapError((error) => (error._tag === "SourceError" ? error : fail(error))),
    Stream.mapEffect((page) =>
      Effect.mapError(Rows.checked({ row: codec.row, origin, undecodable }, flaws, page), fail)
    )
  )
}

const checked = (
  { query }: { readonly query: Readonly<Record<string, unknown>> },
  maxRows: number,
  pageSize: number | undefined
): Effect.Effect<unknown, InvalidRequest> =>
  pageSize !== undefined && parameterOf({ query }, "size") === undefined
    ? Effect.fail(InvalidRequest.refuse("the server chooses the page size; leave pageSize out"))
    : Check.wholeNumber("maxRows", maxRows, { least: 1 })

/** The same as canonical values, with what the walk carries along in each checkpoint. */
const canonical = <Params, Wire, Canonical, Carried>(
  client: VendorClient,
  definition: Definition<Params, Wire, Canonical, Carried>,
  params: Params,
  owner: Owner,
  read: ReadOptions
): Stream.Stream<Page.Page<Canonical>, SourceError> => {
  const { carries, decode } = definition.codec
  const options = definition.decodedBy?.(params) ?? {}
  const outOfOrder = read.verify === true
  return Stream.mapAccum(
    pages(client, definition, params, read),
    () => carries.start(read.from?.identity ?? null),
    (before, page) => {
      const carried = page.restarted === null ? before : carries.start(null)
      const decoded = Page.map(page, (wire, index) =>
        decode(wire, { ...owner, index, options, outOfOrder, carried })
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
// Requests
// ---------------------------------------------------------------------------------------------------------------

type Request = Pagination.RequestOf<Pagination.Strategy>

const strategyOf = (
  { by, ends = [], maxSize, size, ...facts }: Paging,
  pageSize: number | undefined
): Pagination.Strategy => {
  const sizes = { size: pageSize ?? size, maxSize }
  if (by === "page") return Pagination.pageNumber({ ...sizes, ends, ...facts })
  if (by === "offset") return Pagination.offset({ ...sizes, ends, ...facts })
  return Pagination.cursor({ ...sizes, unverified: facts.unverified })
}

/** What a request has for a slot; undefined for none. */
const slotOf = (request: Request, slot: Slot, size: number | null): string | number | null | undefined => {
  if (slot === "size") return request.size ?? size
  if (slot === "page") return "page" in request ? request.page : undefined
  if (slot === "offset") return "offset" in request ? request.offset : undefined
  return "cursor" in request ? request.cursor : undefined
}

const targetOf = <Params>(
  { paging, path, query }: Pick<Definition<Params, never, never, never>, "paging" | "path" | "query">,
  params: Params,
  request: Request
): Target => {
  const values: Record<string, string | number> = {}
  for (const [name, slot] of Object.entries(query)) {
    const value = typeof slot === "function" ? slot(params) : slotOf(request, slot, paging.size)
    if (value !== undefined && value !== null) values[name] = value
  }
  const target = { path: segmentsOf(path, params), query: values }
  const link = paging.by === "link" && "cursor" in request ? request.cursor : null
  return link === null ? target : { ...target, link }
}

const segmentsOf = (path: string, params: unknown): ReadonlyArray<string> =>
  path
    .split("/")
    .slice(1)
    .map((segment) => (segment.startsWith(":") ? String(fieldOf(params, segment.slice(1)) ?? "") : segment))

const fieldOf = (params: unknown, name: string): unknown =>
  typeof params === "object" && params !== null ? Reflect.get(params, name) : undefined

/** What a checkpoint is bound to: the listing with its filters, whatever page of it. */
const identityOf = ({ account, vendor }: VendorClient, operation: string, first: Target): string =>
  JSON.stringify([vendor, account, operation, first])

/** The parameters that a path holds, by their names; undefined if it is not this listing's path. For emulations. */
export const match = <const Path extends string>(
  { path }: { readonly path: Path },
  segments: ReadonlyArray<string>
): ((name: Names<Path>) => string) | undefined => {
  const names = path.split("/").slice(1)
  if (names.length !== segments.length) return undefined
  const params = new Map<string, string>()
  for (const [at, name] of names.entries()) {
    const segment = segments[at] ?? ""
    if (name.startsWith(":")) params.set(name.slice(1), segment)
    else if (name !== segment) return undefined
  }
  return (name) => params.get(name) ?? ""
}

/** The body of an answer with these rows, as the vendor's documents show it. For emulations. */
export const render = (
  { render = (rows) => rows }: Pick<Definition<never, never, never, never>, "render">,
  rows: ReadonlyArray<unknown>,
  claims: Claims
): unknown => render(rows, claims)

/** The query parameter that holds this part of a page's request; undefined if there is none. For emulations. */
export const parameterOf = (
  { query }: { readonly query: Readonly<Record<string, unknown>> },
  slot: Slot
): string | undefined => Object.keys(query).find((name) => query[name] === slot)

/** The envelope of an answer that is nothing but a list; undefined if there is none. */
export const rowsOf = (list: ReadonlyArray<unknown> | undefined): Envelope | undefined =>
  list === undefined ? undefined : { rows: list }
