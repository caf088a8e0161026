/**
 * Schemas of Chatling's JSON, field names unchanged.
 *
 * Source: Chatling API v2, "list messages" (the seed document) and "list conversations". The schemas require only the
 * fields that make a row usable, and accept every interpretation of what the documents leave open.
 */
import * as Schema from "effect/Schema"

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** A source that an answer cites. Only web pages have a `url`. */
export const Citation = Schema.Struct({
  type: Schema.optionalKey(Schema.NullOr(Schema.String)),
  title: Schema.optionalKey(Schema.NullOr(Schema.String)),
  url: Schema.optionalKey(Schema.NullOr(Schema.String))
})
export interface Citation extends Schema.Schema.Type<typeof Citation> {}

/** The `data` of a bot's message. `helpful_value` is `"1"` for helpful, `"0"` for not helpful, null for unrated. */
export const Answer = Schema.Struct({
  helpful_value: Schema.optionalKey(Schema.NullOr(Schema.String)),
  sources: Schema.optionalKey(Schema.NullOr(Schema.Array(Citation)))
})
export interface Answer extends Schema.Schema.Type<typeof Answer> {}

/**
 * One message. A user's message has neither `data` nor `is_ai_kb_response`. Only other pages of the documents name
 * `id`.
 */
export const Message = Schema.Struct({
  id: Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.String, Schema.Finite]))),
  role: Schema.String,
  text: Schema.optionalKey(Schema.NullOr(Schema.String)),
  is_ai_kb_response: Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.Boolean, Schema.Finite]))),
  data: Schema.optionalKey(Schema.Json),
  created_at: Schema.optionalKey(Schema.NullOr(Schema.String))
})
export interface Message extends Schema.Schema.Type<typeof Message> {}

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

const Flag = Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.Boolean, Schema.Finite])))

/** One conversation. `messages` has only the latest 20. */
export const Conversation = Schema.Struct({
  id: Schema.Union([Schema.NonEmptyString, Schema.Finite]),
  contact_id: Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.String, Schema.Finite]))),
  important: Flag,
  archived: Flag,
  conversation_type: Schema.optionalKey(Schema.NullOr(Schema.String)),
  created_at: Schema.optionalKey(Schema.NullOr(Schema.String)),
  messages: Schema.optionalKey(Schema.Json)
})
export interface Conversation extends Schema.Schema.Type<typeof Conversation> {}

// ---------------------------------------------------------------------------------------------------------------
// Envelopes and errors
// ---------------------------------------------------------------------------------------------------------------

const PageCount = Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.Finite, Schema.FiniteFromString])))

/** The number of a page and of the last page. There is no total. */
export const Pages = Schema.Struct({
  current_page: PageCount,
  last_page: PageCount,
  per_page: PageCount
})
export interface Pages extends Schema.Schema.Type<typeof Pages> {}

/** A page of messages. */
export const MessagesEnvelope = Schema.Struct({
  data: Schema.Struct({
    pages: Schema.optionalKey(Pages),
    messages: Schema.Array(Schema.Unknown)
  })
})

/** A page of conversations. */
export const ConversationsEnvelope = Schema.Struct({
  data: Schema.Struct({
    pages: Schema.optionalKey(Pages),
    conversations: Schema.Array(Schema.Unknown)
  })
})

/** An error, with any HTTP status, 200 included. */
export const Failure = Schema.Struct({
  status: Schema.Literal("error"),
  message: Schema.optionalKey(Schema.NullOr(Schema.String))
})
