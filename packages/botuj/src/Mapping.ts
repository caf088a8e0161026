/**
 * Botuj's rows to the canonical model and back.
 *
 * Identity: the vendor's id, documented as an integer, as a string.
 */
import { type Conversation, type Message } from "@colloquy/core"
import { Extra, Timestamp } from "@colloquy/core/vendor"
import type * as Schema from "effect/Schema"
import type * as Wire from "./Wire.ts"

/** The vendor's name in canonical values. */
export const vendor = "botuj"

/** Where a row was read. */
export interface Context {
  readonly account: string
  readonly conversationId: string
}

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** Maps one message. */
export const toMessage = (context: Context, wire: Wire.Message): Message => {
  const message: Message = {
    vendor,
    account: context.account,
    conversationId: context.conversationId,
    id: String(wire.id),
    idOrigin: "vendor",
    position: null,
    role: wire.isUser == null ? "unknown" : wire.isUser ? "user" : "assistant",
    text: wire.message ?? "",
    createdAt: wire.createdOn == null ? null : Timestamp.fromIso(wire.createdOn),
    parentId: null,
    userId: wire.userId || null,
    kind: wire.type || null,
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
  id: Number(message.id),
  message: message.text || undefined,
  userId: message.userId ?? undefined,
  isUser: message.role === "unknown" ? undefined : message.role === "user",
  type: message.kind ?? undefined,
  createdOn: message.createdAt ?? undefined
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Fields of `extra` that are nobody's words and no name: what else is there goes with a person who is forgotten. */
export const impersonalExtra: ReadonlyArray<string> = ["id", "type", "count", "createdOn"]

/** Maps one conversation. */
export const toConversation = (account: string, wire: Wire.Conversation): Conversation => {
  const conversation: Conversation = {
    vendor,
    account,
    id: String(wire.id),
    createdAt: wire.createdOn == null ? null : Timestamp.fromIso(wire.createdOn),
    updatedAt: null,
    channel: null,
    status: null,
    summary: null,
    classification: null,
    assignee: null,
    handoff: null,
    sentiment: null,
    messageCount: Extra.wholeNumber(wire.count),
    extra: Extra.empty
  }
  return Extra.withLeftover(conversation, wire, rebuildConversation(conversation))
}

/** The wire conversation that a canonical one came from. */
export const fromConversation = (conversation: Conversation): Schema.JsonObject =>
  Extra.restore(rebuildConversation(conversation), conversation.extra)

const rebuildConversation = (conversation: Conversation): Extra.Rebuilt => ({
  id: Number(conversation.id),
  count: conversation.messageCount ?? undefined,
  createdOn: conversation.createdAt ?? undefined
})
