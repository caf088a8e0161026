/**
 * The canonical conversation: every vendor's conversations decode to it.
 */
import * as Schema from "effect/Schema"
import { Timestamp } from "./Message.ts"

/**
 * One conversation of one account. Fields that the vendor does not give are null.
 *
 * `status`, `channel`, `classification` and `sentiment` keep the vendor's own strings.
 */
export const Conversation = Schema.Struct({
  vendor: Schema.String,
  account: Schema.String,
  id: Schema.String,
  createdAt: Schema.NullOr(Timestamp),
  /** The time of its last activity, if the vendor gives one. */
  updatedAt: Schema.NullOr(Timestamp),
  channel: Schema.NullOr(Schema.String),
  status: Schema.NullOr(Schema.String),
  summary: Schema.NullOr(Schema.String),
  classification: Schema.NullOr(Schema.String),
  /** The assignee: the vendor's word for the bot, or an agent's id. */
  assignee: Schema.NullOr(Schema.String),
  /** Whether it was handed over to a human. */
  handoff: Schema.NullOr(Schema.Boolean),
  sentiment: Schema.NullOr(Schema.String),
  /**
   * The vendor's count of its messages. If the count is positive and a walk finds no messages, the walk
   * fails. Any other difference is reported.
   */
  messageCount: Schema.NullOr(Schema.Int),
  /** Wire fields that the canonical fields cannot reproduce, under their wire names. */
  extra: Schema.JsonObject
}).annotate({ identifier: "Conversation" })
export interface Conversation extends Schema.Schema.Type<typeof Conversation> {}
