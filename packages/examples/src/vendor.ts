/**
 * A vendor of your own: a help desk whose chats are pages with a total. `Desk.source({ team })` reads it, `Sync.sync` keeps
 * it in an archive, `Desk.decoder` replays what could not be decoded; the test beside it does all three.
 */
import { Codec, ErrorTable, Listing, Timestamp, Vendor } from "@colloquy/core/vendor"
import { Schema } from "effect"

/** The vendor's JSON, field names untouched. */
export const Wire = {
  Message: Schema.Struct({
    id: Schema.NonEmptyString,
    from: Schema.Literals(["customer", "bot"]),
    body: Schema.String,
    sent: Schema.Finite
  }),
  Chat: Schema.Struct({ id: Schema.NonEmptyString, subject: Schema.String, messages: Schema.Finite })
}

const paging: Listing.Paging = { by: "page", size: 50, maxSize: 200, ends: ["total"] }
const query = { page: "page", limit: "size" } as const
const isEnvelope = Schema.is(Schema.Struct({ data: Schema.Array(Schema.Unknown), total: Schema.Finite }))
const envelope = (body: unknown) => (isEnvelope(body) ? { rows: body.data, total: body.total } : undefined)

export const messages = Listing.make({
  path: "/teams/:team/chats/:conversationId/messages",
  query,
  paging,
  envelope,
  codec: Codec.messages({
    vendor: "desk",
    operation: "Desk.messages",
    wire: Wire.Message,
    id: "id",
    decode: ({ body, from, id, sent }) => ({
      id,
      role: from === "bot" ? "assistant" : "user",
      text: body,
      createdAt: Timestamp.fromMillis(sent)
    }),
    encode: ({ createdAt, id, role, text }) => ({
      id,
      from: role === "assistant" ? "bot" : "customer",
      body: text,
      sent: createdAt === null ? undefined : Timestamp.toMillis(createdAt)
    })
  })
})

export const conversations = Listing.make({
  path: "/teams/:team/chats",
  query,
  paging,
  envelope,
  codec: Codec.conversations({
    vendor: "desk",
    operation: "Desk.conversations",
    wire: Wire.Chat,
    id: "id",
    impersonal: ["id", "messages"],
    decode: ({ id, messages }) => ({ id, messageCount: messages }),
    encode: ({ id, messageCount }) => ({ id, messages: messageCount ?? undefined })
  })
})

export const Desk = Vendor.make({
  name: "desk",
  title: "Desk",
  baseUrl: "https://api.desk.example",
  tokenVariable: "DESK_TOKEN",
  errors: { codes: {}, read: (body) => ErrorTable.readMessage(body) },
  options: Schema.Struct({ team: Vendor.Id.annotate({ description: "The team", metavar: "ID" }) }),
  service: (read) => ({ messages: read(messages), conversations: read(conversations) }),
  messages: {
    codecs: [messages.codec],
    of: ({ team }, { conversationId }) => messages.of({ team, conversationId })
  },
  conversations: {
    codecs: [conversations.codec],
    filter: ({ team }) => ({ team }),
    of: ({ team }) => conversations.of({ team })
  }
})
