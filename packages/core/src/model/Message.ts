/**
 * The canonical message: every vendor's messages decode to it.
 *
 * All values are plain JSON, so a message encodes to itself. The field names are a contract.
 */
import * as Schema from "effect/Schema"

/**
 * The sender: a person (`user`), the bot (`assistant`), a human agent (`agent`), the platform (`system`), or
 * a role that this version does not know (`unknown`; `extra` has the vendor's word).
 */
export const Role = Schema.Literals(["user", "assistant", "agent", "system", "unknown"])
export type Role = typeof Role.Type

/** An instant in ISO 8601, UTC, ending in `Z`, with exactly the fraction that the vendor sent. */
export const Timestamp = Schema.String.check(
  Schema.isPattern(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/, {
    message: "Expected an ISO 8601 time in UTC, such as 2024-06-23T11:58:10.169778Z"
  })
)
export type Timestamp = typeof Timestamp.Type

/** A source that the bot cited. `kind` is the vendor's own word, such as `webpage`. */
export const Citation = Schema.Struct({
  title: Schema.NullOr(Schema.String),
  url: Schema.NullOr(Schema.String),
  kind: Schema.NullOr(Schema.String)
})
export interface Citation extends Schema.Schema.Type<typeof Citation> {}

/** A file attached to a message. `size` is in bytes, as the vendor states it. */
export const Attachment = Schema.Struct({
  kind: Schema.String,
  url: Schema.NullOr(Schema.String),
  name: Schema.NullOr(Schema.String),
  size: Schema.NullOr(Schema.Finite)
})
export interface Attachment extends Schema.Schema.Type<typeof Attachment> {}

/** A person's rating of an answer. */
export const Feedback = Schema.Literals(["positive", "negative"])
export type Feedback = typeof Feedback.Type

/**
 * One message of one conversation, from any vendor.
 *
 * Absent, null and `""` become `null` where they mean "none". A message without text, such as one with only
 * attachments, has `""`.
 */
export const Message = Schema.Struct({
  /** The vendor's name in lower case, such as `chatling`. New vendors need no change here. */
  vendor: Schema.String,
  /** The name of the credential; `default` if none was given. */
  account: Schema.String,
  conversationId: Schema.String,
  /** The vendor's id as a string, or one derived from the message (see `DerivedId`). */
  id: Schema.String,
  idOrigin: Schema.Literals(["vendor", "derived"]),
  /**
   * Index in chronological order from 0, where the order is known or the id depends on the index; else null.
   */
  position: Schema.NullOr(Schema.Int),
  role: Role,
  text: Schema.String,
  createdAt: Schema.NullOr(Timestamp),
  /** The id of the message that this one replies to. */
  parentId: Schema.NullOr(Schema.String),
  userId: Schema.NullOr(Schema.String),
  /** The vendor's own word for the message type. */
  kind: Schema.NullOr(Schema.String),
  citations: Schema.Array(Citation),
  attachments: Schema.Array(Attachment),
  feedback: Schema.NullOr(Feedback),
  /** Wire fields that the canonical fields cannot reproduce, under their wire names. */
  extra: Schema.JsonObject
}).annotate({ identifier: "Message" })
export interface Message extends Schema.Schema.Type<typeof Message> {}
