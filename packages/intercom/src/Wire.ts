/**
 * Schemas of Intercom's JSON, field names unchanged.
 *
 * Source: Intercom REST API reference, version 2.14, and its OpenAPI description. The schemas require only the fields that
 * make a row usable.
 */
import * as Schema from "effect/Schema"

const Text = Schema.optionalKey(Schema.NullOr(Schema.String))
const Number = Schema.optionalKey(Schema.NullOr(Schema.Finite))
const Id = Schema.Union([Schema.NonEmptyString, Schema.Finite])
const Reference = Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.String, Schema.Finite])))
const Json = Schema.optionalKey(Schema.Json)

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/**
 * A part of a conversation, or its source: the message that started it, which has no `part_type` and takes `created_at` from
 * the conversation. `body` is HTML.
 */
export const Message = Schema.Struct({
  id: Id,
  part_type: Text,
  body: Text,
  author: Json,
  attachments: Json,
  created_at: Number
})
export interface Message extends Schema.Schema.Type<typeof Message> {}

/** Who wrote a message. `type` is `user`, `lead`, `contact`, `admin`, `team` or `bot`. */
export const Author = Schema.Struct({ type: Text, id: Reference, from_ai_agent: Json })
export interface Author extends Schema.Schema.Type<typeof Author> {}

/** Files of a message. */
export const Attachments = Schema.Array(
  Schema.Struct({ type: Text, name: Text, url: Text, filesize: Number })
)
export interface Attachments extends Schema.Schema.Type<typeof Attachments> {}

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** One conversation of the list, which has no parts. `source` is the message that started it. */
export const Conversation = Schema.Struct({
  id: Id,
  state: Text,
  created_at: Number,
  updated_at: Number,
  admin_assignee_id: Reference,
  source: Json
})
export interface Conversation extends Schema.Schema.Type<typeof Conversation> {}

/** What is read of a conversation's source in the list. */
export const Source = Schema.Struct({ type: Schema.NonEmptyString })

// ---------------------------------------------------------------------------------------------------------------
// Envelopes and errors
// ---------------------------------------------------------------------------------------------------------------

const Parts = Schema.Struct({ conversation_parts: Schema.Array(Schema.Unknown), total_count: Number })

/** A conversation with its parts. */
export const MessagesEnvelope = Schema.Struct({
  created_at: Number,
  source: Schema.optionalKey(Schema.NullOr(Schema.Record(Schema.String, Schema.Unknown))),
  conversation_parts: Parts
})
export interface MessagesEnvelope extends Schema.Schema.Type<typeof MessagesEnvelope> {}

const Next = Schema.Struct({ starting_after: Schema.NullOr(Schema.String) })

/** A page of conversations. The last has no `next`. */
export const ConversationsEnvelope = Schema.Struct({
  conversations: Schema.Array(Schema.Unknown),
  total_count: Number,
  pages: Schema.NullOr(Schema.Struct({ next: Schema.optionalKey(Schema.NullOr(Next)) }))
})

/** An error: a list of one or more. */
export const Failure = Schema.Struct({
  type: Schema.Literal("error.list"),
  errors: Schema.Array(Schema.Struct({ code: Schema.String, message: Text }))
})
