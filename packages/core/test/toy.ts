/**
 * A vendor that there is not: everything that a vendor's author writes, in as little as it takes.
 *
 * Its lines of a room run by cursor and have times; its rooms run by page, with a total.
 */
import { Codec, ErrorTable, Listing, Timestamp, Vendor } from "@colloquy/core/vendor"
import { Schema } from "effect"

const Line = Schema.Struct({
  id: Schema.NonEmptyString,
  words: Schema.String,
  bot: Schema.Boolean,
  at: Schema.Finite
})
const Room = Schema.Struct({ id: Schema.NonEmptyString, lines: Schema.Finite, topic: Schema.String })
const isLines = Schema.is(
  Schema.Struct({ lines: Schema.Array(Schema.Unknown), after: Schema.NullOr(Schema.String) })
)
const isRooms = Schema.is(Schema.Struct({ rooms: Schema.Array(Schema.Unknown), total: Schema.Finite }))

export const messages = Listing.make({
  codec: Codec.messages({
    vendor: "toy",
    operation: "Toy.messages",
    wire: Line,
    id: "id",
    decode: ({ at, bot, id, words }) => ({
      id,
      role: bot ? "assistant" : "user",
      text: words,
      createdAt: Timestamp.fromMillis(at)
    }),
    encode: ({ createdAt, id, role, text }) => ({
      id,
      words: text,
      bot: role === "assistant",
      at: createdAt === null ? undefined : Timestamp.toMillis(createdAt)
    })
  }),
  path: "/houses/:house/rooms/:conversationId/lines",
  query: { after: "cursor", size: "size" },
  paging: { by: "cursor", size: 3, maxSize: 50 },
  order: () => "oldestFirst",
  envelope: (body) => (isLines(body) ? { rows: body.lines, next: body.after } : undefined)
})

export const conversations = Listing.make({
  codec: Codec.conversations({
    vendor: "toy",
    operation: "Toy.conversations",
    wire: Room,
    id: "id",
    impersonal: ["id", "lines"],
    decode: ({ id, lines }) => ({ id, messageCount: lines }),
    encode: ({ id, messageCount }) => ({ id, lines: messageCount ?? undefined })
  }),
  path: "/houses/:house/rooms",
  query: { page: "page", size: "size" },
  paging: { by: "page", size: 3, maxSize: 50, ends: ["total"] },
  envelope: (body) => (isRooms(body) ? { rows: body.rooms, total: body.total } : undefined)
})

/** The toy vendor. */
export const Toy = Vendor.make({
  name: "toy",
  title: "Toy",
  baseUrl: "https://api.toy.test",
  tokenVariable: "TOY_KEY",
  authorization: { header: "x-api-key", prefix: "" },
  rateLimit: { limit: 100, window: "1 minute" },
  errors: { codes: {}, read: (body) => ErrorTable.readMessage(body) },
  options: Schema.Struct({
    house: Schema.NonEmptyString.annotate({ description: "The house", metavar: "ID", examples: ["h-1"] })
  }),
  service: (read) => ({ messages: read(messages), conversations: read(conversations) }),
  messages: {
    codecs: [messages.codec],
    order: () => "oldestFirst",
    of: ({ house }, { conversationId }) => messages.of({ house, conversationId })
  },
  conversations: {
    codecs: [conversations.codec],
    filter: ({ house }) => ({ house }),
    of: ({ house }) => conversations.of({ house })
  }
})
