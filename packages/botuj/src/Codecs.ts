/**
 * Botuj's codecs.
 *
 * Identity: the vendor's id, documented as an integer, as a string.
 */
import { Codec, Extra, Timestamp } from "@colloquy/core/vendor"
import * as Wire from "./Wire.ts"

/** The vendor's name in canonical values. */
export const vendor = "botuj"

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** Messages. */
export const messages = Codec.messages<Wire.Message>({
  vendor,
  operation: "Botuj.messages",
  wire: Wire.Message,
  id: "id",
  decode: (wire) => ({
    id: String(wire.id),
    role: wire.isUser == null ? "unknown" : wire.isUser ? "user" : "assistant",
    text: wire.message ?? "",
    createdAt: wire.createdOn == null ? null : Timestamp.fromIso(wire.createdOn),
    userId: wire.userId || null,
    kind: wire.type || null
  }),
  encode: (message) => ({
    id: Number(message.id),
    message: message.text || undefined,
    userId: message.userId ?? undefined,
    isUser: message.role === "unknown" ? undefined : message.role === "user",
    type: message.kind ?? undefined,
    createdOn: message.createdAt ?? undefined
  })
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Conversations. */
export const conversations = Codec.conversations<Wire.Conversation>({
  vendor,
  operation: "Botuj.conversations",
  wire: Wire.Conversation,
  id: "id",
  impersonal: ["id", "type", "count", "createdOn"],
  decode: (wire) => ({
    id: String(wire.id),
    createdAt: wire.createdOn == null ? null : Timestamp.fromIso(wire.createdOn),
    messageCount: Extra.wholeNumber(wire.count)
  }),
  encode: (conversation) => ({
    id: Number(conversation.id),
    count: conversation.messageCount ?? undefined,
    createdOn: conversation.createdAt ?? undefined
  })
})
