/**
 * Schemas of Botuj's JSON, field names unchanged.
 *
 * Source: Botuj API v1, "Conversation Messages" (the seed document) and "Conversations". Both show a single object;
 * how a list is wrapped is not documented. The schemas require only the fields that make a row usable, and accept
 * every interpretation of what the documents leave open.
 */
import * as Schema from "effect/Schema"

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

const Text = Schema.optionalKey(Schema.NullOr(Schema.String))
const Id = Schema.Union([Schema.Finite, Schema.NonEmptyString])

/** One message. `isUser` is true for a person's message, false for the bot's. `createdOn` has microseconds. */
export const Message = Schema.Struct({
  id: Id,
  message: Text,
  userId: Text,
  isUser: Schema.optionalKey(Schema.NullOr(Schema.Boolean)),
  type: Text,
  createdOn: Text
})
export interface Message extends Schema.Schema.Type<typeof Message> {}

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** One conversation. `count` is its number of messages; `firstBotMessage` is JSON inside a string. */
export const Conversation = Schema.Struct({
  id: Id,
  type: Text,
  count: Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.Finite, Schema.String]))),
  sessionid: Text,
  firstUserMessage: Text,
  firstBotMessage: Text,
  createdOn: Text
})
export interface Conversation extends Schema.Schema.Type<typeof Conversation> {}

// ---------------------------------------------------------------------------------------------------------------
// Envelopes and errors
// ---------------------------------------------------------------------------------------------------------------

/** A list: a bare array, or an object with exactly one array. */
export const Envelope = Schema.Union([
  Schema.Array(Schema.Unknown),
  Schema.Record(Schema.String, Schema.Unknown)
])
