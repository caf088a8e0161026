/**
 * Schemas of OpenCopilot's JSON, field names unchanged.
 *
 * Source: OpenCopilot API, "Conversation messages" and "Conversation history" v2 (the seed documents), and the v1
 * list of conversations from the vendor's public repository. The schemas require only the fields that make a row
 * usable, and accept every interpretation of what the documents leave open.
 */
import * as Schema from "effect/Schema"

const Text = Schema.optionalKey(Schema.NullOr(Schema.String))
const Flag = Schema.optionalKey(Schema.NullOr(Schema.Boolean))
const Id = Schema.Union([Schema.NonEmptyString, Schema.Finite])
const OptionalId = Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.String, Schema.Finite])))
const AnyJson = Schema.optionalKey(Schema.Json)

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** One message. `from` is `copilot` or `user`. It has no id and no time. The misspelled field is the vendor's. */
export const Message = Schema.Struct({
  from: Schema.String,
  message: Text,
  action_called: Flag,
  knowldgebase_called: Flag,
  knowledgebase_called: Flag,
  client_extra_params: AnyJson
})
export interface Message extends Schema.Schema.Type<typeof Message> {}

// ---------------------------------------------------------------------------------------------------------------
// Conversations of a bot (v1)
// ---------------------------------------------------------------------------------------------------------------

/** One conversation of the v1 list. `created_at` is an HTTP date; ids may hold `|`. */
export const Conversation = Schema.Struct({
  conversation_id: Id,
  created_at: Text,
  was_handoff: Flag,
  handoff_summary: Text,
  handoff_sentiment: AnyJson
})
export interface Conversation extends Schema.Schema.Type<typeof Conversation> {}

// ---------------------------------------------------------------------------------------------------------------
// Conversations of an organization (v2)
// ---------------------------------------------------------------------------------------------------------------

/**
 * One conversation of the v2 list. `action_called` is a count here. `meta` is documented as an object and shown as
 * null.
 */
export const OrganizationConversation = Schema.Struct({
  id: Id,
  copilot_id: OptionalId,
  created_at: Text,
  updated_at: Text,
  channel: Text,
  summary: Text,
  classification: Text,
  assignee_id: OptionalId,
  handoff: Flag,
  handoff_sentiment: AnyJson,
  status: OptionalId,
  meta: AnyJson,
  action_called: AnyJson,
  total_messages: OptionalId
})
export interface OrganizationConversation extends Schema.Schema.Type<typeof OrganizationConversation> {}

// ---------------------------------------------------------------------------------------------------------------
// Envelopes and errors
// ---------------------------------------------------------------------------------------------------------------

/** Every list is a bare array. */
export const Envelope = Schema.Array(Schema.Unknown)
