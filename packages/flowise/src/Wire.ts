/**
 * Schemas of Flowise's JSON, field names unchanged.
 *
 * Source: Flowise API, "List all chat messages", and the answers of Flowise 3.1.4. It has no list of conversations:
 * {@link Conversation} is a row that `Listings` derives from messages.
 */
import * as Schema from "effect/Schema"

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

const Text = Schema.optionalKey(Schema.NullOr(Schema.String))
const Any = Schema.optionalKey(Schema.Json)

/** One message. Rows of old versions may have no `sessionId`. */
export const Message = Schema.Struct({
  id: Schema.NonEmptyString,
  role: Text,
  content: Text,
  chatType: Text,
  chatId: Text,
  sessionId: Schema.NullOr(Schema.String),
  createdDate: Text,
  sourceDocuments: Any,
  fileUploads: Any,
  feedback: Any
})
export interface Message extends Schema.Schema.Type<typeof Message> {}

/** A document that an answer was made from. */
export const SourceDocument = Schema.Struct({
  metadata: Schema.Struct({ title: Text, source: Text })
})

/** A file of a question. `data` is the address of a `url`, and the content of others. */
export const FileUpload = Schema.Struct({
  type: Schema.String,
  name: Text,
  data: Text
})

/** A rating of an answer. */
export const Feedback = Schema.Struct({ rating: Schema.Literals(["THUMBS_UP", "THUMBS_DOWN"]) })

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** One session: how many messages it has, and the dates of the first and the last. */
export const Conversation = Schema.Struct({
  sessionId: Schema.String,
  chatType: Schema.NullOr(Schema.String),
  messages: Schema.NullOr(Schema.Int),
  createdDate: Schema.NullOr(Schema.String),
  lastDate: Schema.NullOr(Schema.String)
})
export interface Conversation extends Schema.Schema.Type<typeof Conversation> {}

// ---------------------------------------------------------------------------------------------------------------
// Envelopes and errors
// ---------------------------------------------------------------------------------------------------------------

/** A list. */
export const Envelope = Schema.Array(Schema.Unknown)
