/**
 * Schemas of LangGraph's JSON, field names unchanged.
 *
 * Source: the development server of `@langchain/langgraph-api` 1.5.1. The schemas require only the fields that make a row
 * usable.
 */
import * as Schema from "effect/Schema"

const Text = Schema.optionalKey(Schema.NullOr(Schema.String))

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** A block of a message's content: a text, an image, a file. */
export const Block = Schema.Struct({
  type: Schema.String,
  text: Text,
  url: Text,
  image_url: Schema.optionalKey(Schema.Union([Schema.String, Schema.Struct({ url: Schema.String })]))
})

/** One message. `content` is a text, or a list of texts and blocks. Messages have no time. */
export const Message = Schema.Struct({
  id: Text,
  type: Schema.String,
  content: Schema.Json
})
export interface Message extends Schema.Schema.Type<typeof Message> {}

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** One thread. `updated_at` is the time of its last run; a state that is written does not change it. */
export const Conversation = Schema.Struct({
  thread_id: Schema.NonEmptyString,
  created_at: Text,
  updated_at: Text,
  status: Text,
  metadata: Schema.optionalKey(Schema.NullOr(Schema.JsonObject))
})
export interface Conversation extends Schema.Schema.Type<typeof Conversation> {}

// ---------------------------------------------------------------------------------------------------------------
// Envelopes and errors
// ---------------------------------------------------------------------------------------------------------------

/** The state of a thread whose graph keeps messages in `messages`. */
export const State = Schema.Struct({
  values: Schema.Struct({ messages: Schema.Array(Schema.Unknown) })
})

/** The state of a thread that has never had one. */
export const NoState = Schema.Struct({
  values: Schema.Record(Schema.String, Schema.Never),
  checkpoint: Schema.Null
})

/** A list of threads. */
export const List = Schema.Array(Schema.Unknown)

/** A refusal of parameters that do not fit. Other errors are plain text, or have a `message`. */
export const Refusal = Schema.Struct({
  error: Schema.Struct({ issues: Schema.Array(Schema.Struct({ message: Schema.String })) })
})
