/**
 * A vendor in memory: conversations whose rows come, change and go, walked by core's own walk, its requests counted.
 */
import { unlisted } from "@colloquy/archive"
import {
  type Conversation,
  Identity,
  type Message,
  Page,
  Pagination,
  Source,
  SourceError
} from "@colloquy/core"
import { type InvalidRequest, InvalidResponse, type Reason, Unavailable } from "@colloquy/core/SourceError"
import { Effect, Layer, Schema, Stream } from "effect"

export const vendor = "fake"
export const account = "default"

/** A row on the wire. `bad` ones cannot be decoded until the schema is mended. */
export interface Row {
  readonly id: string
  readonly text: string
  readonly at: number
  readonly user?: string
  readonly bad?: boolean
}

/** How the vendor pages. */
export interface Manners {
  readonly paging: "page" | "offset"
  readonly order: "oldestFirst" | "newestFirst"
  /** Whether the listing claims its total. */
  readonly total: boolean
  /** Whether messages have ids of the vendor; else they are derived from place and content. */
  readonly ids: boolean
  /** What the list of conversations tells. */
  readonly list: "count" | "activity" | "nothing"
  readonly size: number
}

export const plain: Manners = {
  paging: "page",
  order: "oldestFirst",
  total: true,
  ids: true,
  list: "count",
  size: 10
}

/** A request, before it is answered. */
export interface Request {
  /** Counts from 1, over everything. */
  readonly nth: number
  readonly what: "list" | "messages"
  readonly conversationId: string | null
  readonly page: number
}

export interface Vendor {
  manners: Manners
  /** Rows of each conversation, oldest first. */
  readonly conversations: Map<string, Array<Row>>
  /** More of a conversation, as its list gives it. */
  readonly extras: Map<string, Conversation["extra"]>
  requests: number
  /** Requests for messages. */
  asked: number
  /** What a request fails with, if it does. */
  fails: (request: Request) => Reason | undefined
  /** Runs before a request is answered. */
  before: (request: Request) => Effect.Effect<void>
  /** Whether the schema fits the bad rows by now. */
  mended: boolean
  clock: number
}

export const make = (manners: Partial<Manners> = {}): Vendor => ({
  manners: { ...plain, ...manners },
  conversations: new Map(),
  extras: new Map(),
  requests: 0,
  asked: 0,
  fails: () => undefined,
  before: () => Effect.void,
  mended: false,
  clock: 1_700_000_000
})

export const unavailable = new Unavailable({ status: 503, code: null, vendorMessage: null, retryAfter: null })

const rowsOf = (self: Vendor, id: string): Array<Row> => {
  const rows = self.conversations.get(id) ?? []
  self.conversations.set(id, rows)
  return rows
}

/** Appends rows: their texts say which they are. */
export const say = (self: Vendor, id: string, count: number, more: Partial<Row> = {}): void => {
  const rows = rowsOf(self, id)
  for (let at = 0; at < count; at++) {
    self.clock += 1
    const number = self.clock
    rows.push({ id: `m${number}`, text: `text ${number} of ${id}`, at: number, ...more })
  }
}

export const removeAt = (self: Vendor, id: string, at: number): Row | undefined =>
  rowsOf(self, id).splice(at, 1)[0]

export const insertAt = (self: Vendor, id: string, at: number, row: Row): void =>
  void rowsOf(self, id).splice(at, 0, row)

export const editAt = (self: Vendor, id: string, at: number, change: Partial<Row>): void => {
  const rows = rowsOf(self, id)
  const row = rows[at]
  if (row !== undefined) rows[at] = { ...row, ...change }
}

// ---------------------------------------------------------------------------------------------------------------
// What the vendor would say
// ---------------------------------------------------------------------------------------------------------------

const isoOf = (at: number): string => `2024-01-01T00:00:00.${String(at).padStart(12, "0")}Z`

const messageOf = (self: Vendor, conversationId: string, row: Row, index: number): Message => ({
  vendor,
  account,
  conversationId,
  id: self.manners.ids ? row.id : Identity.derive([conversationId, index, row.text]),
  idOrigin: self.manners.ids ? "vendor" : "derived",
  position: self.manners.order === "oldestFirst" ? index : null,
  role: "user",
  text: row.text,
  createdAt: self.manners.ids ? isoOf(row.at) : null,
  parentId: null,
  userId: row.user ?? null,
  kind: null,
  citations: [],
  attachments: [],
  feedback: null,
  extra: {}
})

const listing = (self: Vendor, id: string): ReadonlyArray<Row> => {
  const rows = self.conversations.get(id) ?? []
  return self.manners.order === "oldestFirst" ? rows : rows.toReversed()
}

/** The messages of a conversation as they are now, in the listing's order; those that cannot be decoded left out. */
export const truth = (self: Vendor, id: string): ReadonlyArray<Message> =>
  listing(self, id).flatMap((row, index) =>
    row.bad === true && !self.mended ? [] : [messageOf(self, id, row, index)]
  )

const conversationOf = (self: Vendor, id: string): Conversation => {
  const rows = self.conversations.get(id) ?? []
  const { list } = self.manners
  const last = rows.at(-1)
  return {
    ...unlisted(vendor, account, id),
    updatedAt: list === "activity" && last !== undefined ? isoOf(last.at) : null,
    messageCount: list === "count" ? rows.length : null,
    extra: self.extras.get(id) ?? {}
  }
}

// ---------------------------------------------------------------------------------------------------------------
// The source
// ---------------------------------------------------------------------------------------------------------------

/** The vendor as a source. */
export const service = (self: Vendor): Source["Service"] => ({
  vendor,
  account,
  messagePages: ({ conversation, conversationId, undecodable = "fail", ...reading }) =>
    walk(self, { what: "messages", conversationId }, () => listing(self, conversationId), {
      ...reading,
      key: self.manners.ids ? (row: Row) => row.id : undefined,
      listed: conversation?.messageCount
    }).pipe(
      Stream.map((page) => setAside(self, page, undecodable)),
      Stream.map((page) => Page.map(page, (row, index) => messageOf(self, conversationId, row, index)))
    ),
  conversationPages: (reading = {}) =>
    walk(self, { what: "list", conversationId: null }, () => [...self.conversations.keys()].toReversed(), {
      concurrency: reading.concurrency,
      key: (id) => id
    }).pipe(Stream.map((page) => Page.map(page, (id) => conversationOf(self, id)))),
  messageOf: ({ conversationId, index, json, ordinal = 0 }) =>
    self.mended
      ? Effect.sync(() => {
          const row = toRow(json)
          return messageOf(self, conversationId, { ...row, id: idOf(row, ordinal) }, index)
        })
      : Effect.fail(error(invalid(index))),
  conversationOf: () => Effect.fail(error(invalid(0)))
})

export const layer = (self: Vendor): Layer.Layer<Source> => Layer.sync(Source, () => service(self))

/** Rows whose id ends in `#` are known by an ordinal. */
const idOf = ({ id }: Row, ordinal: number): string => (id.endsWith("#") ? `${id}${ordinal}` : id)

const toRow = Schema.decodeUnknownSync(
  Schema.Struct({
    id: Schema.String,
    text: Schema.String,
    at: Schema.Int,
    user: Schema.optionalKey(Schema.String)
  })
)

const error = (reason: Reason): SourceError => new SourceError({ vendor, operation: "Fake.messages", reason })

const invalid = (position: number): InvalidResponse =>
  new InvalidResponse({
    kind: "record",
    problem: "bad",
    position,
    status: null,
    code: null,
    vendorMessage: null
  })

const setAside = (self: Vendor, page: Page.Page<Row>, how: "fail" | "keep"): Page.Page<Row> => {
  if (how === "fail" || self.mended) return page
  const undecodable = page.items.flatMap((row, at) =>
    row.bad === true ? [{ index: page.start + at, problem: "bad", json: { ...row } }] : []
  )
  return { ...page, items: page.items.filter((row) => row.bad !== true), undecodable }
}

const walk = <A>(
  self: Vendor,
  of: Pick<Request, "what" | "conversationId">,
  rows: () => ReadonlyArray<A>,
  options: Pagination.WalkOptions<A>
): Stream.Stream<Page.Page<A>, SourceError> => {
  const { paging, size, total } = self.manners
  const ends = { size, ends: [total ? "total" : "emptyPage"] } as const
  const strategy: Effect.Effect<Pagination.Strategy, InvalidRequest> =
    paging === "page" ? Pagination.pageNumber(ends) : Pagination.offset(ends)
  const fetch = Effect.fnUntraced(function* (request: Pagination.PageRequest) {
    self.requests += 1
    if (of.what === "messages") self.asked += 1
    const asked: Request = { ...of, nth: self.requests, page: request.page }
    yield* self.before(asked)
    const reason = self.fails(asked)
    if (reason !== undefined) return yield* error(reason)
    const all = rows()
    const start = paging === "page" ? (request.page - 1) * size : request.offset
    return Pagination.received(all.slice(start, start + size), { total: total ? all.length : null })
  })
  return Stream.unwrap(
    Effect.map(strategy, (strategy) =>
      Pagination.pages(strategy, fetch, { ...options, identity: JSON.stringify(of) })
    )
  ).pipe(Stream.mapError((cause) => (cause._tag === "SourceError" ? cause : error(cause))))
}
