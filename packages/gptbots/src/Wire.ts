/**
 * Schemas of GPTBots' JSON, field names unchanged.
 *
 * Source: GPTBots API, "Get Conversation Detail" v1 (the seed document) and v2, "Get Conversation List". The schemas
 * require only the fields that make a row usable, and accept every interpretation of what the documents leave open.
 */
import * as Schema from "effect/Schema"

const Text = Schema.optionalKey(Schema.NullOr(Schema.String))
const Numeric = Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.Finite, Schema.String])))

// ---------------------------------------------------------------------------------------------------------------
// Messages, v1
// ---------------------------------------------------------------------------------------------------------------

/** One message of v1. `parent_message_id` is `""` at the root; `create_time` is in epoch milliseconds. */
export const Message = Schema.Struct({
  message_id: Schema.NonEmptyString,
  parent_message_id: Text,
  message_type: Text,
  text: Text,
  create_time: Numeric
})
export interface Message extends Schema.Schema.Type<typeof Message> {}

// ---------------------------------------------------------------------------------------------------------------
// Messages, v2
// ---------------------------------------------------------------------------------------------------------------

/** A file of a message. An assistant's files have no `size`; audio may have only a `url`. */
export const Media = Schema.Struct({
  url: Text,
  format: Text,
  name: Text,
  size: Numeric
})
export interface Media extends Schema.Schema.Type<typeof Media> {}

/** One part of a message: `type` names the field that holds it. */
export const Part = Schema.Struct({
  type: Schema.String,
  text: Text
})
export interface Part extends Schema.Schema.Type<typeof Part> {}

/** The output of one component of the agent. */
export const Branch = Schema.Struct({
  from_component_branch: Text,
  branch_content: Schema.Array(Part)
})
export interface Branch extends Schema.Schema.Type<typeof Branch> {}

/** One message of v2. `content` is documented as a list of `Branch`. */
export const MessageV2 = Schema.Struct({
  message_id: Schema.NonEmptyString,
  parent_message_id: Text,
  role: Text,
  content: Schema.optionalKey(Schema.Json),
  create_time: Numeric,
  feedback: Text
})
export interface MessageV2 extends Schema.Schema.Type<typeof MessageV2> {}

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** One conversation. `recent_chat_time` is in epoch milliseconds. */
export const Conversation = Schema.Struct({
  conversation_id: Schema.NonEmptyString,
  user_id: Text,
  recent_chat_time: Numeric,
  subject: Text,
  conversation_type: Text,
  message_count: Numeric,
  cost_credit: Numeric,
  bot_id: Text,
  anonymous_id: Text
})
export interface Conversation extends Schema.Schema.Type<typeof Conversation> {}

// ---------------------------------------------------------------------------------------------------------------
// Envelopes and errors
// ---------------------------------------------------------------------------------------------------------------

/** A page of v1 messages. `total` is documented as a string and shown as a number. */
export const MessagesEnvelope = Schema.Struct({
  total: Schema.optionalKey(Schema.Unknown),
  messages: Schema.Array(Schema.Unknown)
})

/** A page of v2 messages. */
export const MessagesV2Envelope = Schema.Struct({
  total: Schema.optionalKey(Schema.Unknown),
  conversation_content: Schema.Array(Schema.Unknown)
})

/** A page of conversations. */
export const ConversationsEnvelope = Schema.Struct({
  total: Schema.optionalKey(Schema.Unknown),
  list: Schema.Array(Schema.Unknown)
})

/** An error, with any HTTP status, 200 included. A `code` of 0 is a success. */
export const Failure = Schema.Struct({
  code: Schema.Union([Schema.Finite, Schema.NonEmptyString]),
  message: Schema.optionalKey(Schema.NullOr(Schema.String))
})
