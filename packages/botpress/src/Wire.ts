/**
 * Schemas of Botpress's JSON, field names unchanged.
 *
 * Source: Botpress Runtime API reference, version 1.86. The schemas require only the fields that make a row usable.
 */
import * as Schema from "effect/Schema"

const Text = Schema.optionalKey(Schema.NullOr(Schema.String))

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** One message. `payload` depends on `type`: see {@link Payload}. `direction` is `incoming` or `outgoing`. */
export const Message = Schema.Struct({
  id: Schema.NonEmptyString,
  conversationId: Text,
  userId: Text,
  type: Text,
  direction: Text,
  payload: Schema.optionalKey(Schema.Json),
  createdAt: Text,
  updatedAt: Text,
  tags: Schema.optionalKey(Schema.Json),
  origin: Text
})
export interface Message extends Schema.Schema.Type<typeof Message> {}

/**
 * What of a payload is read: the fields that the documented types share. A `card` has a title and a subtitle, a `carousel`
 * holds cards in `items`, and a `bloc` holds messages there.
 */
export const Payload = Schema.Struct({
  text: Text,
  markdown: Text,
  title: Text,
  subtitle: Text,
  address: Text,
  imageUrl: Text,
  audioUrl: Text,
  videoUrl: Text,
  fileUrl: Text,
  items: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.Json)))
})
export interface Payload extends Schema.Schema.Type<typeof Payload> {}

/** A message inside a `bloc`. */
export const Item = Schema.Struct({ payload: Schema.Json })

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** One conversation. */
export const Conversation = Schema.Struct({
  id: Schema.NonEmptyString,
  channel: Text,
  integration: Text,
  createdAt: Text,
  updatedAt: Text,
  messageCount: Schema.optionalKey(Schema.NullOr(Schema.Finite)),
  tags: Schema.optionalKey(Schema.Json)
})
export interface Conversation extends Schema.Schema.Type<typeof Conversation> {}

// ---------------------------------------------------------------------------------------------------------------
// Envelopes and errors
// ---------------------------------------------------------------------------------------------------------------

const Meta = Schema.Struct({ nextToken: Text })

/** A page of messages. Without `nextToken` it is the last. */
export const MessagesEnvelope = Schema.Struct({ messages: Schema.Array(Schema.Unknown), meta: Meta })

/** A page of conversations. */
export const ConversationsEnvelope = Schema.Struct({
  conversations: Schema.Array(Schema.Unknown),
  meta: Meta
})

/** An error. `code` is the HTTP status, `type` says what happened. */
export const Failure = Schema.Struct({
  type: Schema.String,
  code: Schema.Finite,
  message: Text
})
