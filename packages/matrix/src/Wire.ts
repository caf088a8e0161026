/**
 * Schemas of Matrix's JSON, field names unchanged.
 *
 * Source: Matrix client-server API v3, "Room events" and "Retrieving events for a room", and the answers of Synapse 1.160.0.
 * People choose the contents of events, so that nothing in `content` is relied on.
 */
import * as Schema from "effect/Schema"

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** One event. A redacted one has an empty `content`; an encrypted one has the type `m.room.encrypted`. */
export const Message = Schema.Struct({
  event_id: Schema.NonEmptyString,
  type: Schema.NonEmptyString,
  sender: Schema.optionalKey(Schema.NullOr(Schema.String)),
  room_id: Schema.String,
  origin_server_ts: Schema.optionalKey(Schema.NullOr(Schema.Finite)),
  content: Schema.JsonObject
})
export interface Message extends Schema.Schema.Type<typeof Message> {}

/** The content of an event with a file. `file` is for encrypted ones. */
export const FileContent = Schema.Struct({
  url: Schema.optionalKey(Schema.String),
  file: Schema.optionalKey(Schema.Struct({ url: Schema.String })),
  filename: Schema.optionalKey(Schema.String),
  body: Schema.optionalKey(Schema.String),
  info: Schema.optionalKey(Schema.Struct({ size: Schema.optionalKey(Schema.Finite) }))
})

/** The content of an event that replies to another. */
export const ReplyContent = Schema.Struct({
  "m.relates_to": Schema.Struct({ "m.in_reply_to": Schema.Struct({ event_id: Schema.NonEmptyString }) })
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** One room. The list has ids only: `Listings` makes an object of each. */
export const Conversation = Schema.Struct({ room_id: Schema.NonEmptyString })
export interface Conversation extends Schema.Schema.Type<typeof Conversation> {}

// ---------------------------------------------------------------------------------------------------------------
// Envelopes and errors
// ---------------------------------------------------------------------------------------------------------------

/** A page of events. Without `end` there are no more. */
export const Chunk = Schema.Struct({
  chunk: Schema.Array(Schema.Unknown),
  end: Schema.optionalKey(Schema.NullOr(Schema.String))
})

/** The rooms that the account has joined. */
export const JoinedRooms = Schema.Struct({ joined_rooms: Schema.Array(Schema.Unknown) })

/** An error. */
export const Failure = Schema.Struct({
  errcode: Schema.String,
  error: Schema.optionalKey(Schema.NullOr(Schema.String))
})
