/**
 * The requests of a listing: its strategy, and what each request holds.
 */
import type * as Schema from "effect/Schema"
import type { Target, VendorClient } from "../http/VendorClient.ts"
import * as Pagination from "../walk/Pagination.ts"
import type { Definition, Envelope, Paging, Slot } from "./Listing.ts"

export type Request = Pagination.RequestOf<Pagination.Strategy>

/** The strategy of a listing, with the page size of a caller. */
export const strategyOf = (paging: Paging, pageSize: number | undefined): Pagination.Strategy => {
  const {
    by,
    ends = [],
    maxSize,
    repeatedTokenEnds,
    time,
    tokensStandForRows,
    totalMayCountPage,
    unverified
  } = paging
  if (by === "oneAnswer") return Pagination.oneAnswer({ maxSize, unverified })
  const facts = { size: pageSize ?? paging.size, maxSize, unverified }
  if (by === "page") return Pagination.pageNumber({ ...facts, ends, totalMayCountPage })
  if (by === "offset") return Pagination.offset({ ...facts, ends, totalMayCountPage })
  if (by === "cursor" && time !== undefined) return Pagination.time({ ...facts, ...time })
  return Pagination.cursor({ ...facts, repeatedTokenEnds, tokensStandForRows })
}

/** A walk numbers pages from 1; the claims of a vendor that numbers them from 0 are one less. */
export const fromFirstPage = (
  { firstPage = 1 }: Paging,
  envelope: Envelope | undefined
): Envelope | undefined => {
  if (envelope === undefined || firstPage === 1) return envelope
  const { lastPage, page } = envelope
  return {
    ...envelope,
    ...(lastPage == null ? {} : { lastPage: lastPage + 1 }),
    ...(page == null ? {} : { page: page + 1 })
  }
}

/** The value of a slot in a request; undefined or null for none. */
const slotOf = (
  request: Request,
  slot: Slot,
  { firstPage = 1, size }: Paging
): string | number | null | undefined => {
  if (slot === "size") return request.size ?? size
  if (slot === "page") return "page" in request ? request.page - 1 + firstPage : undefined
  if (slot === "offset") return "offset" in request ? request.offset : undefined
  return "cursor" in request ? request.cursor : undefined
}

type Requested<Params> = Pick<
  Definition<Params, never, never, never>,
  "paging" | "path" | "query" | "body" | "headers"
>

/** What a request asks for. The order of its fields is part of checkpoints. */
export const targetOf = <Params>(
  { body, headers, paging, path, query }: Requested<Params>,
  params: Params,
  request: Request
): Target => {
  const valueOf = <Value>(value: Slot | ((params: Params) => Value)) =>
    typeof value === "function" ? value(params) : slotOf(request, value, paging)
  const link = paging.by === "link" && "cursor" in request ? request.cursor : null
  return {
    path: segmentsOf(path, params),
    query: filled(query, valueOf),
    ...(body === undefined ? {} : { body: filled(body, valueOf) }),
    ...(headers === undefined
      ? {}
      : { headers: filled(headers, (value) => (typeof value === "string" ? value : value(params))) }),
    ...(link === null ? {} : { link })
  }
}

/** A record with its values, without those that are null or undefined. */
const filled = <From, Value extends Schema.Json>(
  record: Readonly<Record<string, From>>,
  valueOf: (from: From) => Value | null | undefined
): Readonly<Record<string, Value>> => {
  const values: Record<string, Value> = {}
  for (const [name, from] of Object.entries(record)) {
    const value = valueOf(from)
    if (value !== undefined && value !== null) values[name] = value
  }
  return values
}

const segmentsOf = (path: string, params: unknown): ReadonlyArray<string> =>
  path
    .split("/")
    .slice(1)
    .map((segment) => (segment.startsWith(":") ? String(fieldOf(params, segment.slice(1)) ?? "") : segment))

const fieldOf = (params: unknown, name: string): unknown =>
  typeof params === "object" && params !== null ? Reflect.get(params, name) : undefined

/** What binds a checkpoint to the listing and its filters, but not to a page. */
export const identityOf = ({ account, vendor }: VendorClient, operation: string, first: Target): string =>
  JSON.stringify([vendor, account, operation, first])
