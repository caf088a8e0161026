/**
 * The simulated vendor's source, made as in a vendor's package.
 */
import { type Decoder, Pagination, Source, type SourceError, type SourceService } from "@colloquy/core"
import { type ErrorTable, Extra, Link, Listing, Vendor } from "@colloquy/core/vendor"
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
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

/** The vendor as its package would define it. Requests are not retried, so that failures are visible at once. */
const vendorOf = (self: SimulatedVendor) => {
  const messages = Listing.make({
    ...paged(self, self.manners.messages),
    path: "/conversations/:conversationId/messages",
    codec: Wire.messages(self),
    ...(self.manners.orderKnown ? { order: () => self.manners.order } : {})
  })
  const conversations = Listing.make({
    ...paged(self, self.manners.conversations),
    path: "/conversations",
    codec: Wire.conversationCodec
  })
  return Vendor.make({
    name: Wire.vendor,
    title: "Simulated",
    baseUrl: "http://127.0.0.1",
    tokenVariable: "SIMULATED_TOKEN",
    errors,
    options: Schema.Struct({}),
    service: () => ({}),
    messages: {
      codecs: [messages.codec],
      order: () => (self.manners.orderKnown ? self.manners.order : "unknown"),
      of: (_, { conversationId }) => messages.of({ conversationId })
    },
    conversations: { codecs: [Wire.conversationCodec], filter: () => ({}), of: () => conversations.of({}) }
  })
}

/** The source. */
export const service = (self: SimulatedVendor): Effect.Effect<SourceService, SourceError> =>
  vendorOf(self)
    .source({
      token: Redacted.make(Api.token),
      policy: { retries: 0 },
      pageSize: self.manners.size ?? undefined
    })
    .pipe(
      Effect.provideService(HttpClient.HttpClient, Api.httpClient(self)),
      // The token is given, so nothing is read from configuration.
      Effect.catchTag("ConfigError", Effect.die)
    )

/** The source as a layer. */
export const layer = (self: SimulatedVendor): Layer.Layer<Source, SourceError> =>
  Layer.effect(Source, service(self))

/** Decodes kept rows by the current schemas. */
export const decoder = (self: SimulatedVendor): Decoder => vendorOf(self).decoder

const isEnvelope = Schema.is(
  Schema.Struct({
    rows: Schema.Array(Schema.Unknown),
    total: Schema.optionalKey(Schema.Unknown),
    lastPage: Schema.optionalKey(Schema.Unknown),
    next: Schema.optionalKey(Schema.String)
  })
)

/** The definition of a listing with these manners, as an author writes it from documents. */
const paged = ({ manners: { size } }: SimulatedVendor, manners: SimulatedListing.Manners) => ({
  paging: pagingOf(manners),
  query: queryOf(size, manners),
  envelope: (body: unknown, headers: Headers.Headers) =>
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

const queryOf = (size: number | null, { paging }: SimulatedListing.Manners) => ({
  ...(paging === "page" ? { page: "page" as const } : {}),
  ...(paging === "offset" ? { offset: "offset" as const } : {}),
  ...(paging === "token" ? { token: "cursor" as const } : {}),
  ...(size === null ? {} : { size: "size" as const })
})

type Paged = Pick<SimulatedListing.Manners, "lastPage" | "paging" | "serves" | "total">

const pagingOf = (manners: Paged): Listing.Paging =>
  manners.paging === "oneAnswer"
    ? { by: "oneAnswer", size: null, maxSize: manners.serves }
    : { by: manners.paging === "token" ? "cursor" : manners.paging, size: null, ends: endsOf(manners) }

const endsOf = ({ lastPage, paging, total }: Omit<Paged, "serves">): Pagination.StrategyOptions["ends"] => [
  ...(total === "none" ? [] : (["total"] as const)),
  ...(lastPage && paging === "page" ? (["lastPage"] as const) : []),
  "emptyPage",
  "endOfPagesError"
]

/** The strategy of a listing, as an author makes it from documents. */
export const strategyOf = (size: number | null, manners: Paged): Pagination.Strategy => {
  const { paging } = manners
  if (paging === "oneAnswer") return Pagination.oneAnswer({ maxSize: manners.serves })
  if (paging === "token" || paging === "link") return Pagination.cursor({ size })
  const ends = endsOf(manners)
  return paging === "page" ? Pagination.pageNumber({ size, ends }) : Pagination.offset({ size, ends })
}
