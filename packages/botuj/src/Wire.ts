/**
 * Botuj's own JSON, field names untouched.
 *
 * Source: Botuj API v1, "Conversation Messages" (the seed document) and "Conversations". Both show one object only:
 * how a list is wrapped is not documented. What the documents leave open is accepted either way; only what says
 * what a row is must be there.
 */
import * as Schema from "effect/Schema"

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

const Text = Schema.optionalKey(Schema.NullOr(Schema.String))
const Id = Schema.Union([Schema.Finite, Schema.NonEmptyString])

/** One message. `isUser` is true for a person's, false for the bot's; `createdOn` has microseconds. */
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

/** A list: the bare array, or an object with exactly one array in it. */
export const Envelope = Schema.Union([
  Schema.Array(Schema.Unknown),
  Schema.Record(Schema.String, Schema.Unknown)
])
