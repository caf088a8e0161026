/**
 * Answers to requests for the listings of a vendor's definition.
 */
import type { Conversation, Message } from "@colloquy/core"
import { Listing } from "@colloquy/core/vendor"
import * as Headers from "effect/http/Headers"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import { type Answer, type Api, type ApiRequest, ok } from "../Api.ts"
import type * as Emulation from "../Emulation.ts"
import * as Paging from "../Paging.ts"
import * as Rows from "../Rows.ts"
import * as Encoders from "./encoders.ts"
import * as Listings from "./listings.ts"

/** A vendor's rows, and the canonical values that they are made of. */
export interface Corpus extends Emulation.Corpus {
  /** Oldest first. */
  readonly listed: Rows.Rows<Conversation>
  /** Oldest first; undefined for an unknown id. */
  readonly said: (conversationId: string) => Rows.Rows<Message> | undefined
}

type Json = Schema.JsonObject

/** The API of these listings. */
export const apiOf = (
  listings: ReadonlyArray<Listings.Served>,
  corpus: Corpus,
  failure: Api["failure"]
): Api => ({
  failure,
  isPost: (path) => listings.some((listing) => listing.isPost && Listings.hasPath(listing, path)),
  handle: (request) => {
    const listing = listings.find((each) => Listings.hasPath(each, request.path))
    if (listing === undefined) return failure("notFound", "There is no such path")
    const params = paramsOf(request)
    const rows = rowsOf(listing, corpus, { ...request, query: params })
    if (rows === undefined) return failure("notFound", "There is no such conversation")
    const inOrder = listing.isNewestFirst ? Rows.reverse(rows) : rows
    return (
      serve(listing, inOrder, { ...request, query: params }) ??
      failure("badRequest", "The page, or the number of rows, is none")
    )
  }
})

/** The parameters of a query, and of a body. */
const paramsOf = ({ body, query }: ApiRequest): URLSearchParams => {
  const params = new URLSearchParams(query)
  if (!Predicate.isObject(body)) return params
  for (const [name, value] of Object.entries(body)) {
    if (Predicate.isString(value) || Predicate.isNumber(value)) params.set(name, String(value))
  }
  return params
}

// ---------------------------------------------------------------------------------------------------------------
// Which rows
// ---------------------------------------------------------------------------------------------------------------

const rowsOf = (
  listing: Listings.Served,
  corpus: Corpus,
  request: ApiRequest
): Rows.Rows<Json> | undefined => {
  const { choices, rows, servesAll, unknownIsEmpty } = listing
  if (rows.of === "conversations") return Rows.map(corpus.listed, rows.encoder.row)
  if (servesAll && choices.some((name) => !request.query.has(name))) return allRows(corpus, rows.encoder)
  for (const id of idsIn(listing, request)) {
    const said = corpus.said(id)
    if (said !== undefined) return Rows.map(said, rows.encoder.row)
  }
  return unknownIsEmpty ? none : undefined
}

const none: Rows.Rows<Json> = { length: 0, at: () => ({}) }

/** What could be the id of the conversation that is asked for: a part of the path, or a parameter that is no slot. */
const idsIn = ({ path: of, slots }: Listings.Served, { path, query }: ApiRequest): ReadonlyArray<string> => {
  const inPath = Listing.paramsIn(of, path) ?? new Map<string, string>()
  const isSlot = new Set(slots.values())
  const inQuery = [...query].filter(([name]) => !isSlot.has(name)).map(([, value]) => value)
  const first = inPath.get("conversationId")
  return [...(first === undefined ? [] : [first]), ...inPath.values(), ...inQuery]
}

/** The rows of all conversations, one after the other. */
const allRows = ({ conversationIds, said }: Corpus, { row }: Encoders.Encoder<Message>): Rows.Rows<Json> => {
  const all = Rows.toArray(conversationIds).flatMap((id) => {
    const rows = said(id)
    return rows === undefined ? [] : Rows.toArray(Rows.map(rows, row))
  })
  return { length: all.length, at: (index) => all[index] ?? {} }
}

// ---------------------------------------------------------------------------------------------------------------
// Which page of them
// ---------------------------------------------------------------------------------------------------------------

/** The rows of a page that a vendor serves if neither the request nor the definition names a number. */
const standardSize = 20

/** The answer with a page; undefined for a page that is none. */
const serve = (listing: Listings.Served, rows: Rows.Rows<Json>, request: ApiRequest): Answer | undefined => {
  const { paging, slots } = listing
  const { query } = request
  const isWhole = paging.by === "oneAnswer"
  const faults = request.faults.filter(
    ({ kind }) =>
      !(kind === "empty-page" && isBehindHole(listing, query)) &&
      // Nobody asks for so many rows of an only answer, or for another one.
      !(isWhole && (kind === "clamp" || kind === "cycle"))
  )
  const most = paging.maxSize ?? Number.MAX_SAFE_INTEGER
  const asked = isWhole ? most : Paging.whole(query, slots.get("size") ?? "", paging.size ?? standardSize)
  const start = isWhole ? { offset: 0 } : startOf(listing, query, rows)
  if (start === undefined || !Paging.isFromOne(asked)) return undefined
  const page = Paging.serve(rows, start, Math.min(asked, most), listing.rows.encoder.spoils, faults)
  const total = Paging.claimed(rows.length, faults, page.start)
  const next = Paging.next(tokenBehind(listing, page, rows), faults)
  const link = paging.by === "link" && next !== null ? linkOf(listing, request, next) : undefined
  const answer = ok(
    listing.render(page.rows, {
      ...numbersOf(paging, start, page, total),
      size: page.size,
      total,
      next: link ?? next
    })
  )
  return link === undefined ? answer : { ...answer, headers: { link: `<${link}>; rel="next"` } }
}

/** The numbers of the page and of the last one, as the vendor counts. */
const numbersOf = (
  { firstPage = 1 }: Listing.Paging,
  start: Paging.Start,
  { size }: Paging.Served<unknown>,
  total: number
): Pick<Listing.Claims, "page" | "lastPage"> => ({
  page: ("page" in start ? start.page - 1 : Math.floor(start.offset / size)) + firstPage,
  lastPage: Math.max(1, Math.ceil(total / size)) - 1 + firstPage
})

/** The token for the rows behind a page, null behind the last one. A page that is empty by a fault hides no rows from tokens. */
const tokenBehind = (
  { rowOfToken }: Listings.Served,
  { rows: served, size, start }: Paging.Served<unknown>,
  rows: Rows.Rows<Json>
): string | null => {
  if (served.length === 0 && start < rows.length) return `hole-${start}`
  const end = start + size
  if (end >= rows.length) return null
  const row = rowOfToken?.(rows.at(end - 1))
  return row === undefined ? `after-${end}` : `after-${end}-${row}`
}

const isBehindHole = ({ slots }: Listings.Served, query: URLSearchParams): boolean =>
  query.get(slots.get("cursor") ?? cursor)?.startsWith("hole-") === true

/** Where a page starts; undefined for a page that is none. */
const startOf = (
  { paging, rowOfToken, slots }: Listings.Served,
  query: URLSearchParams,
  rows: Rows.Rows<Json>
): Paging.Start | undefined => {
  const { by, firstPage = 1 } = paging
  if (by === "page") {
    const page = Paging.whole(query, slots.get("page") ?? "", firstPage)
    return page === undefined || page < firstPage ? undefined : { page: page - firstPage + 1 }
  }
  if (by === "offset") {
    const offset = Paging.whole(query, slots.get("offset") ?? "", 0)
    return offset === undefined ? undefined : { offset }
  }
  const token = query.get(slots.get("cursor") ?? cursor)
  if (token === null) return { offset: 0 }
  const [, offset, row] = /^(?:after|hole)-(\d{1,15})(?:-(.*))?$/s.exec(token) ?? []
  if (offset === undefined) return undefined
  if (row === undefined || rowOfToken === undefined) return { offset: Number(offset) }
  const isRow = (index: number) => rowOfToken(rows.at(index)) === row
  const place = Math.min(Number(offset), rows.length)
  const at = place > 0 && isRow(place - 1) ? place - 1 : Rows.toArray(Rows.range(rows.length)).find(isRow)
  return at === undefined ? undefined : { offset: at + 1 }
}

/** The parameter of links that no slot names. */
const cursor = "cursor"

const linkOf = ({ slots }: Listings.Served, { path, query }: ApiRequest, next: string): string => {
  const params = new URLSearchParams(query)
  params.set(slots.get("cursor") ?? cursor, next)
  return `/${path.map(encodeURIComponent).join("/")}?${params}`
}

// ---------------------------------------------------------------------------------------------------------------
// What cannot be served
// ---------------------------------------------------------------------------------------------------------------

/** Throws unless every listing can be served and read. */
export const tryOut = (listings: ReadonlyArray<Listings.Served>, corpus: Corpus): void => {
  const first = corpus.conversationIds.at(0)
  for (const listing of listings) {
    const { choices, operation, paging, path, rows } = listing
    const isNameless = rows.of === "messages" && choices.length === 0 && !path.includes("/:")
    if (isNameless || paging.time !== undefined) {
      const why = isNameless ? "has no parameter with the conversation" : "is paged by time"
      throw new Encoders.Unservable(`${operation} ${why}; export an emulation of your own`)
    }
    const query = new URLSearchParams({ conversationId: first })
    const answer = serve(listing, rowsOf(listing, corpus, { path: [], query, faults: [] }) ?? none, {
      path: [],
      query: new URLSearchParams(),
      faults: []
    })
    if (answer === undefined || listing.read(answer.body, Headers.fromInput(answer.headers)) === undefined) {
      throw new Encoders.Unservable(
        `the envelope of ${operation} does not read what its render writes; give the listing a render`
      )
    }
  }
}
