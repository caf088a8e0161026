/**
 * Chatling's own JSON, field names untouched.
 *
 * Source: Chatling API v2, "list messages" (the seed document) and "list conversations". What the documents leave
 * open is accepted either way; only what says what a row is must be there.
 */
import * as Schema from "effect/Schema"

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** A source of an answer. `url` is there for web pages only. */
export const Citation = Schema.Struct({
  type: Schema.optionalKey(Schema.NullOr(Schema.String)),
  title: Schema.optionalKey(Schema.NullOr(Schema.String)),
  url: Schema.optionalKey(Schema.NullOr(Schema.String))
})
export interface Citation extends Schema.Schema.Type<typeof Citation> {}

/** What a bot's message carries. `helpful_value` is `"1"` helpful, `"0"` not, null unrated. */
export const Answer = Schema.Struct({
  helpful_value: Schema.optionalKey(Schema.NullOr(Schema.String)),
  sources: Schema.optionalKey(Schema.NullOr(Schema.Array(Citation)))
})
export interface Answer extends Schema.Schema.Type<typeof Answer> {}

/** One message. `data` and `is_ai_kb_response` are absent on a user's; `id` is named by other pages only. */
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

/** One conversation. `messages` holds the latest 20 only. */
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

/** Where a page stands. There is no total. */
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

/** An error, with whatever HTTP status, 200 included. */
export const Failure = Schema.Struct({
  status: Schema.Literal("error"),
  message: Schema.optionalKey(Schema.NullOr(Schema.String))
})
