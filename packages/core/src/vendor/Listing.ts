/**
 * A vendor's listing: how a page is asked for, what an answer holds, and how its rows are checked, one by one, so
 * that a bad row is known by its place.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Headers from "effect/http/Headers"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Json from "../http/json.ts"
import * as Check from "../model/Check.ts"
import * as Page from "../model/Page.ts"
import * as Pagination from "../walk/Pagination.ts"
import { type InvalidRequest, InvalidResponse, type Reason, SourceError } from "../model/SourceError.ts"
import type { Target, VendorClient } from "../http/VendorClient.ts"

/** What an answer's envelope holds: rows not yet checked, and the vendor's claims. */
export interface Envelope {
  readonly rows: ReadonlyArray<unknown>
  readonly total?: number | null
  readonly lastPage?: number | null
  readonly page?: number | null
  /** The token or link for the next page; from a header, by way of `Link.nextOf`, where it stands there. */
  readonly next?: string | number | null
}

/** What is known of a listing's rows wherever they come from: of a walk, or of what an earlier walk kept. */
export interface Rows<Wire> {
  /** Such as `Chatling.messages`: the name of each request's span and of the error's operation. */
  readonly operation: string
  /** The wire schema of one row. It must not transform: rows keep their raw form and unknown fields. */
  readonly row: RowSchema<Wire>
  /** The listing's options on which the decoding of its rows depends. Default none. */
  readonly decodedBy?: Readonly<Record<string, string>> | undefined
}

/** A listing, ready to be walked. */
export interface Listing<Wire> extends Rows<Wire> {
  readonly strategy: Effect.Effect<Pagination.Strategy, InvalidRequest>
  /** Path and query of one page, or the link that it follows. */
  readonly request: (page: Pagination.PageRequest) => Target
  /** Reads the envelope; undefined if the answer has another shape. */
  readonly envelope: (body: unknown, headers: Headers.Headers) => Envelope | undefined
  /** The row's own id as it came, where the listing has ids. */
  readonly key?: ((row: unknown) => string | undefined) | undefined
  /** How the rows run by their times, where the vendor documents it. Default `unknown`. */
  readonly order?: Pagination.Order | undefined
  /** The vendor's documented code for a page past the end, if there is one. */
  readonly pastEndCode?: string | undefined
  /** Rows that are taken of one answer; one with more is refused. Default 100,000. */
  readonly maxRows?: number | undefined
  /** How many rows another listing counted here. */
  readonly expectedCount?: number | null | undefined
}

/** A schema prepared for checking rows; see {@link rows}. */
export interface RowSchema<Wire> {
  readonly is: (row: unknown) => row is Wire
  /** Says in words why a row does not fit. */
  readonly problem: (row: unknown) => string
}

/** Prepares a wire schema for checking rows. Call it once, at module level. */
export const rows = <Wire>(schema: Schema.ConstraintCodec<Wire, Wire>): RowSchema<Wire> => {
  const decode = Schema.decodeUnknownExit(schema)
  return {
    is: Schema.is(schema),
    problem: (row) => {
      const exit = decode(row)
      return Exit.isFailure(exit) ? shapeOf(exit) : "it could not be decoded"
    }
  }
}

/** The issue without the values in it: a message's text does not belong in an error. */
const shapeOf = (exit: Exit.Failure<unknown, Schema.SchemaError>): string =>
  exit.cause.reasons
    .flatMap((reason) => (reason._tag === "Fail" ? [reason.error.message] : []))
    .join("; ")
    .replaceAll(/, got .*/g, "")
    .replaceAll(/\s+/g, " ")

/**
 * Walks a vendor's listing, as the caller wants it read, and checks every row against its wire schema.
 *
 * A row that does not fit fails the stream with `InvalidResponse` (kind `record`) and its place, or stays with its
 * page, as `undecodable` of the reading has it. So does a row with an integer beyond 2^53 anywhere but in an id, one that is
 * nested deeper than 128 levels, and one that has the id of another row of its answer and other contents.
 */
export const pages = <Wire>(
  client: VendorClient,
  listing: Listing<Wire>,
  { undecodable = "fail", ...reading }: Pagination.ReadOptions
): Stream.Stream<Page.Page<Wire>, SourceError> => {
  const fail = (reason: Reason) =>
    new SourceError({ vendor: client.vendor, operation: listing.operation, reason })
  const flaws: Flaws = { any: false, problems: new WeakMap() }
  return Stream.unwrap(
    Check.wholeNumber("maxRows", maxRowsOf(listing), { least: 1 }).pipe(
      Effect.andThen(listing.strategy),
      Effect.mapError(fail),
      Effect.map((strategy) =>
        Pagination.pages(strategy, (request) => fetch(client, listing, flaws, request), {
          ...reading,
          key: keyUnlessFlawed(listing.key, flaws),
          expectedCount: listing.expectedCount,
          order: listing.order,
          identity: identityOf(client, listing),
          onConflict: (row) =>
            note(flaws, row, "another row of the same answer has its id and other contents")
        })
      )
    )
  ).pipe(
    Stream.mapError((error) => (error._tag === "SourceError" ? error : fail(error))),
    Stream.mapEffect((page) => Effect.mapError(checked(listing, flaws, page, undecodable), fail))
  )
}

/** What is wrong with rows besides their shape, in words. */
interface Flaws {
  any: boolean
  readonly problems: WeakMap<object, string>
}

/** Rows that did not come as they were sent have no id that can be trusted: each is known by all that it holds. */
const keyUnlessFlawed = <Wire>(key: Listing<Wire>["key"], flaws: Flaws): Listing<Wire>["key"] =>
  key && ((row) => (flaws.any && isRecord(row) && flaws.problems.has(row) ? undefined : key(row)))

const note = (flaws: Flaws, row: unknown, problem: string): void => {
  if (!isRecord(row)) return
  flaws.any = true
  flaws.problems.set(row, problem)
}

/**
 * Notes the rows that did not come as they were sent, and says whether those are all that did not: what is too deep in
 * front of or behind the rows is the envelope's.
 *
 * Ids are text from here on, and exact. Any other integer that no double holds would be another number.
 */
const noteAltered = (flaws: Flaws, rows: ReadonlyArray<unknown>, altered: Json.Altered): boolean => {
  if (altered.size === 0) return true
  let deep = 0
  for (const row of rows) {
    const fields = Json.alteredIn(row, altered)
    const deepHere = Json.deepFields(fields)
    deep += deepHere
    const lost = fields.find(({ kind, name }) => kind !== "digits" || !isIdName(name))
    if (deepHere > 0) note(flaws, row, tooDeep)
    else if (lost !== undefined) {
      note(flaws, row, `the number in "${lost.name}" has more digits than can be kept`)
    }
  }
  return deep === Json.deepFields([...altered.values()].flat())
}

const tooDeep = `it is nested deeper than ${Json.maxDepth} levels`

/** `id`, `message_id`, `userId`. */
const isIdName = (name: string): boolean => /(?:^|[_-])id$|Id$|ID$/.test(name)

/** What a checkpoint is bound to: the listing with its filters, whatever page of it. */
const identityOf = <Wire>({ account, vendor }: VendorClient, { operation, request }: Listing<Wire>): string =>
  JSON.stringify([vendor, account, operation, request({ page: 1, offset: 0, size: null, cursor: null })])

type Answer = Pagination.Received<unknown> | Pagination.PastEnd<SourceError>

const fetch = <Wire>(
  client: VendorClient,
  listing: Listing<Wire>,
  flaws: Flaws,
  request: Pagination.PageRequest
): Effect.Effect<Answer, SourceError> =>
  client.get({ operation: listing.operation, ...listing.request(request) }).pipe(
    Effect.flatMap(({ altered, body, headers }) => {
      const envelope = listing.envelope(body, headers)
      const inRows = noteAltered(flaws, envelope?.rows ?? [], altered)
      if (!inRows) return Effect.fail(wrongEnvelope(client, listing, tooDeep))
      if (envelope === undefined) return Effect.fail(wrongEnvelope(client, listing, noList))
      const { length } = envelope.rows
      if (length > maxRowsOf(listing)) return Effect.fail(tooManyRows(client, listing, length))
      return Effect.succeed<Answer>(Pagination.received(envelope.rows, envelope))
    }),
    Effect.catchIf(
      (error) => mayBePastEnd(listing, request, error),
      (error) => Effect.succeed<Answer>(Pagination.pastEnd(error, isDocumentedEnd(listing, error)))
    )
  )

/** Behind the first page a refusal may be about the page; on the first only the documented code is. */
const mayBePastEnd = <Wire>(
  listing: Listing<Wire>,
  request: Pagination.PageRequest,
  { reason }: SourceError
): boolean => {
  if (reason._tag !== "NotFound" && reason._tag !== "InvalidRequest") return false
  return request.page > 1 || isDocumentedEnd(listing, { reason })
}

const isDocumentedEnd = <Wire>(listing: Listing<Wire>, { reason }: Pick<SourceError, "reason">): boolean =>
  reason._tag === "InvalidRequest" && reason.code !== null && reason.code === listing.pastEndCode

const checked = <Wire>(
  { decodedBy = {}, operation, row }: Listing<Wire>,
  flaws: Flaws,
  page: Page.Page<unknown>,
  undecodable: "fail" | "keep"
): Effect.Effect<Page.Page<Wire>, InvalidResponse> => {
  if (!flaws.any && page.items.every(row.is)) return Effect.succeed(Page.withItems(page, page.items))
  const parted = setAside(row, flaws, { listing: operation, options: decodedBy }, page)
  const [first] = parted.undecodable
  return first === undefined || undecodable === "keep"
    ? Effect.succeed(parted)
    : Effect.fail(invalid("record", first.problem, first.index))
}

/** The page with its rows parted: those that fit, and those that do not, with their places. */
const setAside = <Wire>(
  { is, problem }: RowSchema<Wire>,
  { problems }: Flaws,
  origin: Page.Origin,
  page: Page.Page<unknown>
): Page.Page<Wire> => {
  const items: Array<Wire> = []
  const undecodable: Array<Page.Undecodable> = []
  for (const [at, row] of page.items.entries()) {
    const flaw = isRecord(row) ? problems.get(row) : undefined
    if (flaw === undefined && is(row)) items.push(row)
    else {
      const index = page.start + at
      undecodable.push({ index, problem: flaw ?? problem(row), json: jsonOf(row), origin })
    }
  }
  return { ...page, items, undecodable: undecodable.length === 0 ? Page.allDecoded : undecodable }
}

const isJson = Schema.is(Schema.Json)

/** What a client has parsed is JSON. */
const jsonOf = (row: unknown): Schema.Json => (isJson(row) ? row : null)

/**
 * Checks one row that did not come by a walk: one that was kept as {@link Page.Undecodable}, say, whose schema has
 * been mended since. `position` is its place in the listing, null where that does not matter.
 *
 * Fails as a walk does where a row does not fit: with `InvalidResponse` (kind `record`) and the position.
 */
export const decodeRow = Effect.fnUntraced(function* <Wire>(
  vendor: string,
  { operation, row }: Rows<Wire>,
  json: Schema.Json,
  position: number | null
): Effect.fn.Return<Wire, SourceError> {
  const fail = (reason: Reason) => new SourceError({ vendor, operation, reason })
  if (position !== null) yield* Effect.mapError(Check.wholeNumber("index", position), fail)
  const isDeep = Json.isDeep(json)
  if (!isDeep && row.is(json)) return json
  return yield* fail(invalid("record", isDeep ? tooDeep : row.problem(json), position))
})

const noList = "the JSON has no list where the vendor documents one"

const wrongEnvelope = <Wire>(client: VendorClient, listing: Listing<Wire>, problem: string): SourceError =>
  new SourceError({
    vendor: client.vendor,
    operation: listing.operation,
    reason: invalid("envelope", problem, null)
  })

const invalid = (kind: InvalidResponse["kind"], problem: string, position: number | null): InvalidResponse =>
  new InvalidResponse({ kind, problem, position, status: null, code: null, vendorMessage: null })

const maxRowsOf = <Wire>({ maxRows = 100_000 }: Listing<Wire>): number => maxRows

const tooManyRows = <Wire>(client: VendorClient, listing: Listing<Wire>, came: number): SourceError => {
  const problem = `${came} rows came in one answer, ${maxRowsOf(listing)} are taken at most; ask for smaller pages`
  const { operation } = listing
  return new SourceError({ vendor: client.vendor, operation, reason: invalid("tooLarge", problem, null) })
}

const isRecord = (row: unknown): row is Readonly<Record<string, unknown>> =>
  typeof row === "object" && row !== null

/** The key of rows whose id stands in one field, as text or number; a row whose id is empty has none. */
export const keyOf =
  (field: string) =>
  (row: unknown): string | undefined => {
    const id = isRecord(row) ? row[field] : undefined
    return typeof id === "number" ? String(id) : typeof id === "string" && id !== "" ? id : undefined
  }

/** The envelope of an answer that is nothing but a list; undefined if there is none. */
export const rowsOf = (list: ReadonlyArray<unknown> | undefined): Envelope | undefined =>
  list === undefined ? undefined : { rows: list }
