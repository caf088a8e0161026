/**
 * Schemas of Mastra's JSON, field names unchanged.
 *
 * Source: a server of `@mastra/core` 1.71.0 with `@mastra/server` 1.67.0, asked by its memory API. The schemas require only
 * the fields that make a row usable.
 */
import * as Schema from "effect/Schema"

const Text = Schema.optionalKey(Schema.NullOr(Schema.String))

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** A part of a message: text, a file, a call of a tool with its result, reasoning. */
export const Part = Schema.Struct({
  type: Schema.String,
  text: Text,
  data: Text,
  mimeType: Text,
  filename: Text
})

/** The content of format 2. `content` repeats the text of some messages. */
export const Content = Schema.Struct({ parts: Schema.Array(Schema.Json), content: Text })

/** One message. `content` is that of format 2; an older format is a text, or a list of parts. */
export const Message = Schema.Struct({
  id: Schema.NonEmptyString,
  role: Schema.String,
  content: Schema.Json,
  type: Text,
  resourceId: Text,
  createdAt: Text
})
export interface Message extends Schema.Schema.Type<typeof Message> {}

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** One thread. `resourceId` says whose it is, often a user. */
export const Conversation = Schema.Struct({
  id: Schema.NonEmptyString,
  title: Text,
  resourceId: Text,
  createdAt: Text,
  updatedAt: Text
})
export interface Conversation extends Schema.Schema.Type<typeof Conversation> {}

// ---------------------------------------------------------------------------------------------------------------
// Envelopes and errors
// ---------------------------------------------------------------------------------------------------------------

const counts = { total: Schema.Finite, page: Schema.Finite }

/** A page of messages. `total` counts the whole thread. */
export const MessagesEnvelope = Schema.Struct({ messages: Schema.Array(Schema.Unknown), ...counts })

/** A page of threads. */
export const ConversationsEnvelope = Schema.Struct({ threads: Schema.Array(Schema.Unknown), ...counts })
