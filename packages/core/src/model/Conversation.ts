/**
 * The canonical conversation: what every vendor's conversation list decodes to.
 */
import * as Schema from "effect/Schema"
import { Timestamp } from "./Message.ts"

/**
 * One conversation of one account. Fields that a vendor does not give are null.
 *
 * `status`, `channel`, `classification` and `sentiment` pass as the strings that the vendor uses.
 */
export const Conversation = Schema.Struct({
  vendor: Schema.String,
  account: Schema.String,
  id: Schema.String,
  createdAt: Schema.NullOr(Timestamp),
  /** When it was last active, where the vendor tells. */
  updatedAt: Schema.NullOr(Timestamp),
  channel: Schema.NullOr(Schema.String),
  status: Schema.NullOr(Schema.String),
  summary: Schema.NullOr(Schema.String),
  classification: Schema.NullOr(Schema.String),
  /** Who it is assigned to: the vendor's word for the bot, or an agent's id. */
  assignee: Schema.NullOr(Schema.String),
  /** Whether it was handed to a human. */
  handoff: Schema.NullOr(Schema.Boolean),
  sentiment: Schema.NullOr(Schema.String),
  /** How many messages the vendor says it has. A claim: a walk that finds none all the same fails; else both are told. */
  messageCount: Schema.NullOr(Schema.Int),
  /** Wire fields that the fields above cannot reproduce, under their wire names. */
  extra: Schema.JsonObject
}).annotate({ identifier: "Conversation" })
export interface Conversation extends Schema.Schema.Type<typeof Conversation> {}
