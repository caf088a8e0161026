/**
 * A vendor of your own: a help desk with two lists of chats, and their messages. `docs/your-own-vendor.md` leads through it.
 *
 * `Desk.source({ team })` reads it, `Sync.sync` keeps it in an archive, `Desk.decoder` replays what could not be decoded;
 * the test beside it does all three.
 */
import { Codec, ErrorTable, Extra, Listing, Timestamp, Vendor } from "@colloquy/core/vendor"
import { Schema } from "effect"

/** The vendor's JSON, field names untouched. */
export const Wire = {
  Message: Schema.Struct({
    id: Schema.NonEmptyString,
    from: Schema.Literals(["customer", "bot"]),
    body: Schema.String,
    sent: Schema.optionalKey(Schema.Finite)
  }),
  Chat: Schema.Struct({
    id: Schema.NonEmptyString,
    subject: Schema.optionalKey(Schema.String),
    messages: Schema.optionalKey(Schema.Finite)
  })
}

const byPage = {
  paging: { by: "page", size: 50, maxSize: 200, ends: ["total"] },
  query: { page: "page", limit: "size" },
  envelope: (body: unknown) => (isCounted(body) ? { rows: body.data, total: body.total } : undefined),
  render: (data: ReadonlyArray<unknown>, { total }: Listing.Claims) => ({ data, total })
} as const

const byToken = {
  paging: { by: "cursor", size: 50, maxSize: 200 },
  query: { after: "cursor", limit: "size" },
  envelope: (body: unknown) => (isLinked(body) ? { rows: body.data, next: body.next } : undefined),
  render: (data: ReadonlyArray<unknown>, { next }: Listing.Claims) => ({ data, next })
} as const

const data = Schema.Array(Schema.Unknown)
const isCounted = Schema.is(Schema.Struct({ data, total: Schema.Finite }))
const isLinked = Schema.is(Schema.Struct({ data, next: Schema.NullOr(Schema.String) }))

const message = Codec.messages({
  vendor: "desk",
  operation: "Desk.messages",
  wire: Wire.Message,
  id: "id",
  decode: ({ body, from, id, sent }) => ({
    id,
    role: from === "bot" ? "assistant" : "user",
    text: body,
    createdAt: sent === undefined ? null : Timestamp.fromMillis(sent)
  }),
  encode: ({ createdAt, id, role, text }) => ({
    id,
    from: role === "assistant" ? "bot" : "customer",
    body: text,
    sent: createdAt === null ? undefined : Timestamp.toMillis(createdAt)
  })
})

const chat = Codec.conversations({
  vendor: "desk",
  operation: "Desk.conversations",
  wire: Wire.Chat,
  id: "id",
  impersonal: ["id", "messages"],
  decode: ({ id, messages }) => ({ id, messageCount: Extra.wholeNumber(messages) }),
  encode: ({ id, messageCount }) => ({ id, messages: messageCount ?? undefined })
})

export const messages = Listing.make({
  ...byPage,
  path: "/teams/:team/chats/:conversationId/messages",
  codec: message
})
export const open = Listing.make({ ...byPage, path: "/teams/:team/chats", codec: chat })
export const closed = Listing.make({ ...byToken, path: "/teams/:team/closed", codec: chat })

const isError = Schema.is(Schema.Struct({ code: Schema.String, message: Schema.String }))

/** The help desk. The token comes from `DESK_TOKEN`, unless one is given. */
export const Desk = Vendor.make({
  name: "desk",
  title: "Desk",
  baseUrl: "https://api.desk.example",
  tokenVariable: "DESK_TOKEN",
  errors: {
    codes: { no_such_chat: "NotFound", slow_down: "RateLimited" },
    read: (body) => (isError(body) ? body : ErrorTable.readMessage(body))
  },
  options: Schema.Struct({
    team: Vendor.Id.annotate({ description: "The team", metavar: "ID", examples: ["support"] }),
    state: Schema.optional(
      Schema.Literals(["open", "closed"]).annotate({ description: "Which chats to list", default: "open" })
    )
  }),
  service: (read) => ({ messages: read(messages), open: read(open), closed: read(closed) }),
  messages: {
    codecs: [message],
    of: ({ team }, { conversationId }) => messages.of({ team, conversationId })
  },
  conversations: {
    codecs: [chat],
    filter: ({ state = "open", team }) => ({ team, state }),
    of: ({ state, team }) => (state === "closed" ? closed.of({ team }) : open.of({ team }))
  }
})
