/**
 * Matrix's listings and their paging facts.
 *
 * | | messages | conversations |
 * |---|---|---|
 * | paging | `from` a token, `limit` 1 to 1000 (more is clamped), default 10 | all in one answer |
 * | end | a page without `end`, which comes empty behind the last full one | the answer |
 * | order | oldest first, by `dir=f` | undocumented |
 * | ids | yes | yes |
 * | total | none | none |
 *
 * Not asked for: `limit=0` gives the same token for ever; with `dir=b`, a token of the future gives the newest page.
 */
import { Listing } from "@colloquy/core/vendor"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import * as Wire from "./Wire.ts"

// ---------------------------------------------------------------------------------------------------------------
// Paging facts
// ---------------------------------------------------------------------------------------------------------------

/** The events that are messages. A room has others: who came and went, its name, its rights. */
const filter = JSON.stringify({ types: [Codecs.messageType, ...Codecs.otherTypes] })

const isChunk = Schema.is(Wire.Chunk)
const isJoinedRooms = Schema.is(Wire.JoinedRooms)

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** Fields that differ with the time of the request and the device, in an event and in those that it carries. */
const passing = new Set(["age", "transaction_id"])

/** An event without these fields: otherwise each reading would find each message changed. People choose `content`. */
const lasting = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(lasting)
  if (!Predicate.isObject(value)) return value
  const fields = Object.entries(value).filter(([name]) => !passing.has(name))
  return Object.fromEntries(fields.map(([name, each]) => [name, name === "content" ? each : lasting(each)]))
}

/** The messages of a room that the account is in. `bot` is the id of the user whose messages are the assistant's. */
export const messages = Listing.make({
  codec: Codecs.messages,
  path: "/_matrix/client/v3/rooms/:conversationId/messages",
  query: { dir: () => "f", from: "cursor", limit: "size", filter: () => filter },
  paging: {
    by: "cursor",
    size: 500,
    maxSize: 1000,
    // A token is the place of an event in the room, not a count of rows.
    tokensStandForRows: true,
    unverified: [
      "what the homeserver has not fetched from others, or gets from them later for a time already read, does not come",
      "what the history of the room hides from this account does not come"
    ]
  },
  order: () => "oldestFirst",
  decodedBy: ({ bot }: { readonly bot?: string | undefined }) => (bot === undefined ? {} : { bot }),
  envelope: (body) => (isChunk(body) ? { rows: body.chunk, next: body.end ?? null } : undefined),
  reshape: lasting,
  render: (chunk, { next }) => (next == null ? { chunk } : { chunk, end: next })
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** The rooms that the account has joined. */
export const conversations = Listing.make({
  codec: Codecs.conversations,
  path: "/_matrix/client/v3/joined_rooms",
  query: {},
  paging: { by: "oneAnswer", size: null, unverified: ["rooms that the account has left are not listed"] },
  envelope: (body) => Listing.rowsOf(isJoinedRooms(body) ? body.joined_rooms : undefined),
  reshape: (room_id) => ({ room_id }),
  render: (rows) => ({
    joined_rooms: rows.map((row) => (Predicate.hasProperty(row, "room_id") ? row.room_id : row))
  })
})
