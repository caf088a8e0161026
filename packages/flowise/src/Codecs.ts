/**
 * Flowise's codecs.
 *
 * Identity: the message's id, a UUID; the session's id, which callers may choose.
 */
import { Codec, Extra, Timestamp } from "@colloquy/core/vendor"
import type { Role } from "@colloquy/core"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

/** The vendor's name in canonical values. */
export const vendor = "flowise"

const timeOf = (date: string | null | undefined): string | null =>
  date == null ? null : Timestamp.fromIso(date)

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

const roles: Readonly<Record<string, Role>> = { userMessage: "user", apiMessage: "assistant" }
const words: Readonly<Record<string, string>> = { user: "userMessage", assistant: "apiMessage" }
const ratings = { THUMBS_UP: "positive", THUMBS_DOWN: "negative" } as const

const decodeDocuments = Schema.decodeUnknownOption(Schema.Array(Wire.SourceDocument))
const decodeFiles = Schema.decodeUnknownOption(Schema.Array(Wire.FileUpload))
const decodeFeedback = Schema.decodeUnknownOption(Wire.Feedback)
const none: ReadonlyArray<never> = []

const isAddress = (text: string): boolean => /^https?:\/\//.test(text)

const citationOf = ({ metadata: { source, title } }: typeof Wire.SourceDocument.Type) => ({
  kind: null,
  title: title || null,
  url: source != null && isAddress(source) ? source : null
})

const attachmentOf = ({ data, name, type }: typeof Wire.FileUpload.Type) => ({
  kind: type,
  url: type === "url" ? (data ?? null) : null,
  name: name || null,
  size: null
})

/** Messages. */
export const messages = Codec.messages<Wire.Message>({
  vendor,
  operation: "Flowise.messages",
  wire: Wire.Message,
  id: "id",
  decode: ({ content, createdDate, feedback, fileUploads, id, role, sourceDocuments }) => ({
    id,
    role: Extra.lookup(roles, role ?? "") ?? "unknown",
    text: content ?? "",
    createdAt: timeOf(createdDate),
    citations: Option.getOrElse(decodeDocuments(sourceDocuments), () => none).map(citationOf),
    attachments: Option.getOrElse(decodeFiles(fileUploads), () => none).map(attachmentOf),
    feedback: Option.match(decodeFeedback(feedback), {
      onNone: () => null,
      onSome: ({ rating }) => ratings[rating]
    })
  }),
  encode: ({ conversationId, createdAt, id, role, text }) => ({
    id,
    role: Extra.lookup(words, role),
    content: text || undefined,
    sessionId: conversationId,
    createdDate: createdAt ?? undefined
  })
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Conversations: sessions. The last message is the last activity. */
export const conversations = Codec.conversations<Wire.Conversation>({
  vendor,
  operation: "Flowise.conversations",
  wire: Wire.Conversation,
  id: "sessionId",
  impersonal: ["chatType", "messages", "createdDate", "lastDate"],
  decode: ({ chatType, createdDate, lastDate, messages, sessionId }) => ({
    id: sessionId,
    createdAt: timeOf(createdDate),
    updatedAt: timeOf(lastDate),
    channel: chatType || null,
    messageCount: messages
  }),
  encode: ({ channel, createdAt, id, messageCount, updatedAt }) => ({
    sessionId: id,
    chatType: channel,
    messages: messageCount,
    createdDate: createdAt,
    lastDate: updatedAt
  })
})
