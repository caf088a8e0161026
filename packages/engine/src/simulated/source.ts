/**
 * The vendor's source, made as a vendor's package makes it.
 */
import { RequestPolicy, Page, Pagination, Source, type SourceError, type SourceService } from "@colloquy/core"
import { type ErrorTable, Link, Listing, Extra, VendorClient } from "@colloquy/core/vendor"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Api from "./api.ts"
import type * as SimulatedListing from "./listing.ts"
import type { SimulatedVendor } from "./vendor.ts"
import * as Wire from "./wire.ts"

const isError = Schema.is(
  Schema.Struct({ error: Schema.Struct({ code: Schema.String, message: Schema.String }) })
)

const errors: ErrorTable.ErrorTable = {
  codes: {},
  read: (body) => (isError(body) ? body.error : undefined)
}

/** The source, each request sent once: what fails shows at once. */
export const service = (self: SimulatedVendor): Effect.Effect<SourceService, SourceError> =>
  VendorClient.make({
    vendor: Wire.vendor,
    account: Wire.account,
    baseUrl: "http://127.0.0.1",
    token: Redacted.make(Api.token),
    errors
  }).pipe(
    Effect.map((client) => over(self, client)),
    Effect.provideService(RequestPolicy.RequestPolicy, { ...RequestPolicy.defaults, retries: 0 }),
    Effect.provideService(HttpClient.HttpClient, Api.httpClient(self)),
    Effect.provide(VendorClient.layerRateLimiter)
  )

/** The source as a layer. */
export const layer = (self: SimulatedVendor): Layer.Layer<Source, SourceError> =>
  Layer.effect(Source, service(self))

const over = (self: SimulatedVendor, client: VendorClient.VendorClient): SourceService => {
  const { vendor, account } = Wire
  return {
    vendor,
    account,
    listFilter: "{}",
    impersonalExtra: Wire.impersonalExtra,
    messageOrder: self.manners.orderKnown ? self.manners.order : "unknown",
    messagePages: ({ conversation, conversationId, ...reading }) =>
      Stream.map(
        Listing.pages(client, messages(self, conversationId, conversation?.messageCount), reading),
        (page) => Page.map(page, (wire, index) => Wire.toMessage(self.manners, conversationId, wire, index))
      ),
    conversationPages: (reading = {}) =>
      Stream.map(Listing.pages(client, conversations(self), reading), (page) =>
        Page.map(page, Wire.toConversation)
      ),
    messageOf: ({ conversationId, index, json, ordinal = 0 }) =>
      Effect.map(Listing.decodeRow(vendor, Wire.messageRows(self), json, index), (wire) =>
        Wire.toMessage(self.manners, conversationId, known(wire, ordinal), index)
      ),
    conversationOf: (json) =>
      Effect.map(Listing.decodeRow(vendor, Wire.conversationRows, json, null), Wire.toConversation)
  }
}

/** Rows whose id ends in `#` are known by an ordinal. */
const known = (wire: Wire.MessageRow, ordinal: number): Wire.MessageRow =>
  wire.id?.endsWith("#") === true ? { ...wire, id: `${wire.id}${ordinal}` } : wire

const messages = (
  self: SimulatedVendor,
  conversationId: string,
  expectedCount: number | null | undefined
): Listing.Listing<Wire.MessageRow> => ({
  ...Wire.messageRows(self),
  ...paged(self, self.manners.messages, ["conversations", conversationId, "messages"]),
  ...(self.manners.ids ? { key: Listing.keyOf("id") } : {}),
  ...(self.manners.orderKnown ? { order: self.manners.order } : {}),
  expectedCount
})

const conversations = (self: SimulatedVendor): Listing.Listing<Wire.ConversationRow> => ({
  ...Wire.conversationRows,
  ...paged(self, self.manners.conversations, ["conversations"]),
  key: Listing.keyOf("id")
})

const isEnvelope = Schema.is(
  Schema.Struct({
    rows: Schema.Array(Schema.Unknown),
    total: Schema.optionalKey(Schema.Unknown),
    lastPage: Schema.optionalKey(Schema.Unknown),
    next: Schema.optionalKey(Schema.String)
  })
)

/** How a listing of these manners is asked for, as an author knows it from the documents. */
const paged = (
  { manners: { size } }: SimulatedVendor,
  manners: SimulatedListing.Manners,
  path: ReadonlyArray<string>
): Pick<Listing.Listing<never>, "strategy" | "request" | "envelope" | "pastEndCode"> => ({
  strategy: strategyOf(size, manners),
  request: ({ cursor, offset, page, size }) => ({
    path,
    query: {
      ...(manners.paging === "page" ? { page } : {}),
      ...(manners.paging === "offset" ? { offset } : {}),
      ...(manners.paging === "token" && cursor !== null ? { token: cursor } : {}),
      ...(size === null ? {} : { size })
    },
    ...(manners.paging === "link" && cursor !== null ? { link: cursor } : {})
  }),
  envelope: (body, headers) =>
    isEnvelope(body)
      ? {
          rows: body.rows,
          total: Extra.wholeNumber(body.total),
          lastPage: Extra.wholeNumber(body.lastPage),
          next: manners.paging === "link" ? Link.nextOf(headers["link"] ?? "") : (body.next ?? null)
        }
      : undefined,
  ...(manners.pastEnd === "documented" ? { pastEndCode: Api.pastEndCode } : {})
})

/** The strategy of a listing, as an author makes it from the documents. */
export const strategyOf = (
  size: number | null,
  { lastPage, paging, total }: Pick<SimulatedListing.Manners, "lastPage" | "paging" | "total">
): Listing.Listing<never>["strategy"] => {
  if (paging === "token" || paging === "link") return Pagination.cursor({ size })
  const ends = [
    ...(total === "none" ? [] : (["total"] as const)),
    ...(lastPage && paging === "page" ? (["lastPage"] as const) : []),
    "emptyPage" as const,
    "endOfPagesError" as const
  ]
  return paging === "page" ? Pagination.pageNumber({ size, ends }) : Pagination.offset({ size, ends })
}
