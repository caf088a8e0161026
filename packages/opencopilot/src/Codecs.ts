/**
 * OpenCopilot's codecs.
 *
 * Identity: OpenCopilot's messages have neither id nor time. An id is derived from conversation, index, sender and
 * text. It is stable as long as the listing is oldest first, as in the document's example, and grows only at its end.
 */
import type { Conversation, Role } from "@colloquy/core"
import { Codec, DerivedId, Extra, Timestamp } from "@colloquy/core/vendor"
import type * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

/** The vendor's name in canonical values. */
export const vendor = "opencopilot"

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

const roles: Readonly<Record<string, Role>> = { copilot: "assistant", user: "user" }
const words: Partial<Record<Role, string>> = { assistant: "copilot", user: "user" }

/** Messages. A message's index is its position. */
export const messages = Codec.messages<Wire.Message>({
  vendor,
  operation: "OpenCopilot.messages",
  wire: Wire.Message,
  decode: (wire, { conversationId, index }) => {
    const text = wire.message ?? ""
    return {
      id: DerivedId.make([conversationId, index, wire.from, text]),
      idOrigin: "derived",
      position: index,
      role: Extra.lookup(roles, wire.from) ?? "unknown",
      text
    }
  },
  encode: (message) => ({
    from: words[message.role],
    message: message.text || undefined
  })
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations of a bot (v1)
// ---------------------------------------------------------------------------------------------------------------

/** Conversations of the v1 list. */
export const conversations = Codec.conversations<Wire.Conversation>({
  vendor,
  operation: "OpenCopilot.conversations",
  wire: Wire.Conversation,
  id: "conversation_id",
  impersonal: ["conversation_id", "was_handoff", "created_at"],
  decode: (wire) => ({
    id: String(wire.conversation_id),
    createdAt: wire.created_at == null ? null : Timestamp.fromHttpDate(wire.created_at),
    summary: wire.handoff_summary || null,
    handoff: wire.was_handoff ?? null,
    sentiment: textOf(wire.handoff_sentiment)
  }),
  encode: (conversation) => ({
    conversation_id: conversation.id,
    created_at: conversation.createdAt === null ? undefined : Timestamp.toHttpDate(conversation.createdAt),
    handoff_summary: conversation.summary ?? undefined,
    was_handoff: conversation.handoff ?? undefined,
    handoff_sentiment: conversation.sentiment ?? undefined
  })
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations of an organization (v2)
// ---------------------------------------------------------------------------------------------------------------

/** Conversations of the v2 list. Their `copilot_id`, by which messages are read, stays in `extra`. */
export const organizationConversations = Codec.conversations<Wire.OrganizationConversation>({
  vendor,
  operation: "OpenCopilot.organizationConversations",
  wire: Wire.OrganizationConversation,
  id: "id",
  impersonal: [
    "id",
    "copilot_id",
    "created_at",
    "updated_at",
    "channel",
    "assignee_id",
    "handoff",
    "status",
    "action_called",
    "total_messages"
  ],
  decode: (wire) => ({
    id: String(wire.id),
    createdAt: wire.created_at == null ? null : Timestamp.fromIso(wire.created_at),
    updatedAt: wire.updated_at == null ? null : Timestamp.fromIso(wire.updated_at),
    channel: wire.channel || null,
    status: textOf(wire.status),
    summary: wire.summary || null,
    classification: wire.classification || null,
    assignee: textOf(wire.assignee_id),
    handoff: wire.handoff ?? null,
    sentiment: textOf(wire.handoff_sentiment),
    messageCount: Extra.wholeNumber(wire.total_messages)
  }),
  encode: (conversation) => ({
    id: conversation.id,
    created_at: conversation.createdAt ?? undefined,
    updated_at: conversation.updatedAt ?? undefined,
    channel: conversation.channel ?? undefined,
    status: conversation.status ?? undefined,
    summary: conversation.summary ?? undefined,
    classification: conversation.classification ?? undefined,
    assignee_id: conversation.assignee ?? undefined,
    handoff: conversation.handoff ?? undefined,
    handoff_sentiment: conversation.sentiment ?? undefined,
    total_messages: conversation.messageCount ?? undefined
  })
})

/** The bot of a conversation of the v2 list; null if the list does not give it. */
export const botIdOf = (conversation: Conversation): string | null => textOf(conversation.extra["copilot_id"])

/** A string or number as text; null for anything else, which then stays in `extra`. */
const textOf = (value: Schema.Json | undefined): string | null =>
  typeof value === "number" ? String(value) : typeof value === "string" && value !== "" ? value : null
