/**
 * OpenCopilot's rows to the canonical model and back.
 *
 * Identity: OpenCopilot's messages have neither id nor time, so an id is derived from conversation, place, sender
 * and text. It is stable as long as the listing runs oldest first, as the document's example does, and only grows
 * at its end.
 */
import { type Conversation, type Message, type Role } from "@colloquy/core"
import { DerivedId, Extra, Timestamp } from "@colloquy/core/vendor"
import type * as Schema from "effect/Schema"
import type * as Wire from "./Wire.ts"

/** The vendor's name in canonical values. */
export const vendor = "opencopilot"

/** Where a row was read. */
export interface Context {
  readonly account: string
  readonly conversationId: string
}

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

const roles: Readonly<Record<string, Role>> = { copilot: "assistant", user: "user" }
const words: Partial<Record<Role, string>> = { assistant: "copilot", user: "user" }

/** Maps one message. `index` is its place in the listing, from 0. */
export const toMessage = (context: Context, wire: Wire.Message, index: number): Message => {
  const text = wire.message ?? ""
  const message: Message = {
    vendor,
    account: context.account,
    conversationId: context.conversationId,
    id: DerivedId.make([context.conversationId, index, wire.from, text]),
    idOrigin: "derived",
    position: index,
    role: Extra.lookup(roles, wire.from) ?? "unknown",
    text,
    createdAt: null,
    parentId: null,
    userId: null,
    kind: null,
    citations: [],
    attachments: [],
    feedback: null,
    extra: Extra.empty
  }
  return Extra.withLeftover(message, wire, rebuildMessage(message))
}

/** The wire message that a canonical one came from. */
export const fromMessage = (message: Message): Schema.JsonObject =>
  Extra.restore(rebuildMessage(message), message.extra)

const rebuildMessage = (message: Message): Extra.Rebuilt => ({
  from: words[message.role],
  message: message.text || undefined
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations of a bot (v1)
// ---------------------------------------------------------------------------------------------------------------

/** Fields of `extra` that are nobody's words and no name: what else is there goes with a person who is forgotten. */
export const impersonalExtra: ReadonlyArray<string> = [
  "conversation_id",
  "was_handoff",
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
]

/** Maps one conversation of the v1 list. */
export const toConversation = (account: string, wire: Wire.Conversation): Conversation => {
  const conversation: Conversation = {
    vendor,
    account,
    id: String(wire.conversation_id),
    createdAt: wire.created_at == null ? null : Timestamp.fromHttpDate(wire.created_at),
    updatedAt: null,
    channel: null,
    status: null,
    summary: wire.handoff_summary || null,
    classification: null,
    assignee: null,
    handoff: wire.was_handoff ?? null,
    sentiment: textOf(wire.handoff_sentiment),
    messageCount: null,
    extra: Extra.empty
  }
  return Extra.withLeftover(conversation, wire, rebuildConversation(conversation))
}

/** The v1 wire conversation that a canonical one came from. */
export const fromConversation = (conversation: Conversation): Schema.JsonObject =>
  Extra.restore(rebuildConversation(conversation), conversation.extra)

const rebuildConversation = (conversation: Conversation): Extra.Rebuilt => ({
  conversation_id: conversation.id,
  created_at: conversation.createdAt === null ? undefined : Timestamp.toHttpDate(conversation.createdAt),
  handoff_summary: conversation.summary ?? undefined,
  was_handoff: conversation.handoff ?? undefined,
  handoff_sentiment: conversation.sentiment ?? undefined
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations of an organization (v2)
// ---------------------------------------------------------------------------------------------------------------

/** Maps one conversation of the v2 list. Its `copilot_id`, which messages are read by, stays in `extra`. */
export const toOrganizationConversation = (
  account: string,
  wire: Wire.OrganizationConversation
): Conversation => {
  const conversation: Conversation = {
    vendor,
    account,
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
    messageCount: Extra.wholeNumber(wire.total_messages),
    extra: Extra.empty
  }
  return Extra.withLeftover(conversation, wire, rebuildOrganizationConversation(conversation))
}

/** The v2 wire conversation that a canonical one came from. */
export const fromOrganizationConversation = (conversation: Conversation): Schema.JsonObject =>
  Extra.restore(rebuildOrganizationConversation(conversation), conversation.extra)

const rebuildOrganizationConversation = (conversation: Conversation): Extra.Rebuilt => ({
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

/** The bot that a conversation of the v2 list belongs to, if the list said. */
export const botIdOf = (conversation: Conversation): string | null => textOf(conversation.extra["copilot_id"])

/** A word or number as text; null for anything else, which then stays in `extra`. */
const textOf = (value: Schema.Json | undefined): string | null =>
  typeof value === "number" ? String(value) : typeof value === "string" && value !== "" ? value : null
