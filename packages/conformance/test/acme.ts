/**
 * A sound vendor of three endpoints: a list by page numbers, messages by cursor (v1) and by offset (v2).
 */
import { Conformance, type Given } from "@colloquy/conformance"
import { Codec, ErrorTable, Extra, Listing, Timestamp, Vendor } from "@colloquy/core/vendor"
import { Predicate, Schema } from "effect"

// ---------------------------------------------------------------------------------------------------------------
// Wire
// ---------------------------------------------------------------------------------------------------------------

export const Said = Schema.Struct({
  id: Schema.Union([Schema.Finite, Schema.NonEmptyString]),
  from: Schema.String,
  body: Schema.String,
  at: Schema.optionalKey(Schema.NullOr(Schema.String))
})

export const Chat = Schema.Struct({
  id: Schema.Union([Schema.Finite, Schema.NonEmptyString]),
  size: Schema.optionalKey(Schema.NullOr(Schema.Finite)),
  opened: Schema.optionalKey(Schema.NullOr(Schema.String))
})

const oddDates = Schema.optionalKey(
  Schema.Literals(["2024-06-17T16:09:52Z", "2024-06-17T16:09:52.123456+02:00", "yesterday", ""])
)

// ---------------------------------------------------------------------------------------------------------------
// Codecs
// ---------------------------------------------------------------------------------------------------------------

const roles = { bot: "assistant", user: "user" } as const
const isRole = Schema.is(Schema.Literals(["bot", "user"]))

export const codecOf = (operation: string): Codec.MessageCodec<typeof Said.Type> =>
  Codec.messages({
    vendor: "acme",
    operation,
    wire: Said,
    id: "id",
    decode: ({ at, body, from, id }) => ({
      id: String(id),
      role: isRole(from) ? roles[from] : "unknown",
      text: body,
      createdAt: Timestamp.fromIso(at ?? "")
    }),
    encode: ({ createdAt, id, role, text }) => ({
      id: Number(id),
      from: role === "assistant" ? "bot" : role === "user" ? "user" : undefined,
      body: text,
      at: createdAt ?? undefined
    })
  })

export const conversations = Codec.conversations({
  vendor: "acme",
  operation: "Acme.conversations",
  wire: Chat,
  id: "id",
  impersonal: [],
  decode: ({ id, opened, size }) => ({
    id: String(id),
    messageCount: Extra.wholeNumber(size),
    createdAt: Timestamp.fromIso(opened ?? "")
  }),
  encode: ({ createdAt, id, messageCount }) => ({
    id: Number(id),
    size: messageCount ?? undefined,
    opened: createdAt ?? undefined
  })
})

// ---------------------------------------------------------------------------------------------------------------
// Listings
// ---------------------------------------------------------------------------------------------------------------

const isEnvelope = Schema.is(
  Schema.Struct({
    items: Schema.Array(Schema.Unknown),
    total: Schema.optionalKey(Schema.Finite),
    next: Schema.optionalKey(Schema.NullOr(Schema.String))
  })
)

export const envelope = (body: unknown): Listing.Envelope | undefined =>
  isEnvelope(body) ? { rows: body.items, total: body.total ?? null, next: body.next ?? null } : undefined

// ---------------------------------------------------------------------------------------------------------------
// The vendor
// ---------------------------------------------------------------------------------------------------------------

const readError = (body: unknown) =>
  Predicate.hasProperty(body, "code") && typeof body.code === "string"
    ? { code: body.code, message: ErrorTable.readMessage(body)?.message ?? null }
    : ErrorTable.readMessage(body)

export interface Options {
  readonly workspace: string
  readonly api?: "v1" | "v2" | undefined
}

/** The parts in which a double may differ. */
export interface Parts {
  readonly codecOf: typeof codecOf
  readonly envelope: typeof envelope
  readonly errors: ErrorTable.ErrorTable
  /** The id that is asked for. */
  readonly idOf: (conversationId: string) => string
  /** The name of the list. */
  readonly filterOf: (options: Options) => { readonly workspace: string } | {}
}

const sound: Parts = {
  codecOf,
  envelope,
  errors: { codes: { limited: "RateLimited", gone: "NotFound" }, read: readError },
  idOf: (conversationId) => conversationId,
  filterOf: ({ workspace }) => ({ workspace })
}

/** The listings of a vendor with these parts. */
const listingsOf = ({ codecOf, envelope }: Parts) => ({
  byCursor: Listing.make({
    codec: codecOf("Acme.messages"),
    path: "/v1/workspaces/:workspace/chats/:conversationId/messages",
    query: { after: "cursor", limit: "size" },
    paging: { by: "cursor", size: 50, maxSize: 100 },
    envelope,
    render: (items, { next }) => ({ items, next })
  }),
  byOffset: Listing.make({
    codec: codecOf("Acme.messagesV2"),
    path: "/v2/messages",
    query: {
      chat: ({ conversationId }: { readonly conversationId: string }) => conversationId,
      offset: "offset",
      limit: "size"
    },
    paging: { by: "offset", size: 50, maxSize: 100, ends: ["total", "emptyPage"] },
    envelope,
    render: (items, { total }) => ({ items, total })
  }),
  byPage: Listing.make({
    codec: conversations,
    path: "/v1/workspaces/:workspace/chats",
    query: { page: "page", limit: "size" },
    paging: { by: "page", size: 50, maxSize: 100, ends: ["total", "emptyPage"] },
    envelope,
    render: (items, { total }) => ({ items, total })
  })
})

/** The vendor with these parts. */
const vendorOf = (parts: Parts) => {
  const { byCursor, byOffset, byPage } = listingsOf(parts)
  return Vendor.make({
    name: "acme",
    title: "Acme",
    baseUrl: "https://api.acme.example",
    tokenVariable: "ACME_TOKEN",
    errors: parts.errors,
    options: Schema.Struct({
      workspace: Vendor.Id.annotate({ description: "The workspace", metavar: "ID" }),
      api: Schema.optional(
        Schema.Literals(["v1", "v2"]).annotate({ description: "The version of messages", default: "v1" })
      )
    }),
    service: (read) => ({
      messages: read(byCursor),
      messagesV2: read(byOffset),
      conversations: read(byPage)
    }),
    messages: {
      codecs: [byCursor.codec, byOffset.codec],
      of: ({ api, workspace }: Options, { conversationId: asked }) => {
        const conversationId = parts.idOf(asked)
        return api === "v2" ? byOffset.of({ conversationId }) : byCursor.of({ workspace, conversationId })
      }
    },
    conversations: {
      codecs: [byPage.codec],
      filter: parts.filterOf,
      of: ({ workspace }: Options) => byPage.of({ workspace })
    }
  })
}

/** What the kit is given of Acme, or of a double with other parts. */
export const given = (other: Partial<Parts> = {}): Given<Options> => {
  const parts = { ...sound, ...other }
  const { decoder, definition, sourceFrom } = vendorOf(parts)
  const { byCursor, byOffset, byPage } = listingsOf(parts)
  return {
    // Named one by one: a double replaces one of them.
    vendor: { decoder, definition, sourceFrom },
    sources: { "Acme, v1": { workspace: "w-1" }, "Acme, v2": { workspace: "w-1", api: "v2" } },
    messages: [byCursor, byOffset].map(({ codec }) => ({
      codec,
      rows: Conformance.rows(Said, Schema.Struct({ at: oddDates }))
    })),
    conversations: [
      { codec: byPage.codec, rows: Conformance.rows(Chat, Schema.Struct({ opened: oddDates })) }
    ],
    answers: [
      { status: [200, 400, 429], body: { code: "limited" }, means: "RateLimited" },
      { status: [200, 404], body: { code: "gone", message: "no" }, means: "NotFound" },
      { status: 200, body: { items: [] }, means: "success" },
      { status: 200, body: { message: "no" }, means: "InvalidResponse" },
      { status: 200, body: { items: [], code: "limited" }, means: "RateLimited" }
    ]
  }
}
