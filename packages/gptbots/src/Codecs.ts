/**
 * GPTBots' codecs.
 *
 * Identity: the vendor's `message_id`.
 */
import type { Attachment, Feedback, Message, Role } from "@colloquy/core"
import { Codec, Extra, Timestamp } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

/** The vendor's name in canonical values. */
export const vendor = "gptbots"

const timeOf = (millis: number | string | null | undefined): string | null => {
  const number = Extra.wholeNumber(millis)
  return number === null ? null : Timestamp.fromMillis(number)
}

const millisOf = (time: string | null): number | undefined =>
  time === null ? undefined : Timestamp.toMillis(time)

// ---------------------------------------------------------------------------------------------------------------
// Messages, v1
// ---------------------------------------------------------------------------------------------------------------

const types: Readonly<Record<string, Role>> = { ANSWER: "assistant", QUESTION: "user" }

/** Messages of v1. `message_type` becomes `kind` and determines the role. */
export const messages = Codec.messages<Wire.Message>({
  vendor,
  operation: "Gptbots.messages",
  wire: Wire.Message,
  id: "message_id",
  decode: (wire) => ({
    id: wire.message_id,
    role: Extra.lookup(types, wire.message_type ?? "") ?? "unknown",
    text: wire.text ?? "",
    createdAt: timeOf(wire.create_time),
    parentId: wire.parent_message_id || null,
    kind: wire.message_type || null
  }),
  encode: (message) => ({
    message_id: message.id,
    parent_message_id: message.parentId ?? undefined,
    message_type: message.kind ?? undefined,
    text: message.text || undefined,
    create_time: millisOf(message.createdAt)
  })
})

// ---------------------------------------------------------------------------------------------------------------
// Messages, v2
// ---------------------------------------------------------------------------------------------------------------

const roles: Readonly<Record<string, Role>> = { assistant: "assistant", user: "user" }
const feedbacks: Readonly<Record<string, Feedback>> = { POSITIVE: "positive", NEGATIVE: "negative" }
const feedbackWords: Readonly<Record<Feedback, string>> = { positive: "POSITIVE", negative: "NEGATIVE" }

/** Messages of v2. Texts are joined by line breaks, files become attachments, and the parts stay in `extra`. */
export const messagesV2 = Codec.messages<Wire.MessageV2>({
  vendor,
  operation: "Gptbots.messagesV2",
  wire: Wire.MessageV2,
  id: "message_id",
  decode: (wire) => ({
    ...contentOf(wire.content),
    id: wire.message_id,
    role: Extra.lookup(roles, wire.role ?? "") ?? "unknown",
    createdAt: timeOf(wire.create_time),
    parentId: wire.parent_message_id || null,
    feedback: Extra.lookup(feedbacks, wire.feedback ?? "") ?? null
  }),
  encode: (message) => ({
    message_id: message.id,
    parent_message_id: message.parentId ?? undefined,
    role: message.role === "unknown" ? undefined : message.role,
    content: message.text === "" || message.attachments.length > 0 ? undefined : plainContent(message),
    create_time: millisOf(message.createdAt),
    feedback: message.feedback === null ? undefined : feedbackWords[message.feedback]
  })
})

/**
 * The documented content of a message with only text: a user's branch has no name, an assistant's has an empty one.
 */
const plainContent = ({ role, text }: Message): Schema.Json => [
  {
    ...(role === "assistant" ? { from_component_branch: "" } : {}),
    branch_content: [{ type: "text", text }]
  }
]

interface Content {
  readonly text: string
  readonly attachments: ReadonlyArray<Attachment>
}

const isBranch = Schema.is(Wire.Branch)
const isMedia = Schema.is(Wire.Media)
const isArray = (value: unknown): value is ReadonlyArray<unknown> => Array.isArray(value)

/** The texts and files of a message's content. Some clients have met a plain string, which is the text. */
const contentOf = (content: Schema.Json | undefined): Content => {
  if (typeof content === "string") return { text: content, attachments: [] }
  if (!isArray(content)) return { text: "", attachments: [] }
  const parts = content.filter(isBranch).flatMap((branch) => branch.branch_content)
  return {
    text: parts.flatMap((part) => (part.type === "text" && part.text ? [part.text] : [])).join("\n"),
    attachments: parts.flatMap((part) => (part.type === "text" ? [] : mediaIn(part)))
  }
}

/** The files of a part: the list in the field named after the part's type. */
const mediaIn = (part: Wire.Part): ReadonlyArray<Attachment> => {
  const files: unknown = Object.entries<unknown>({ ...part }).find(([name]) => name === part.type)?.[1]
  return isArray(files) ? files.filter(isMedia).map((media) => toAttachment(part.type, media)) : []
}

const toAttachment = (kind: string, media: Wire.Media): Attachment => ({
  kind,
  url: media.url || null,
  name: media.name || null,
  size: Extra.wholeNumber(media.size)
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Conversations. `conversation_type` becomes the channel. */
export const conversations = Codec.conversations<Wire.Conversation>({
  vendor,
  operation: "Gptbots.conversations",
  wire: Wire.Conversation,
  id: "conversation_id",
  impersonal: [
    "conversation_id",
    "user_id",
    "recent_chat_time",
    "conversation_type",
    "message_count",
    "cost_credit",
    "bot_id",
    "anonymous_id"
  ],
  decode: (wire) => ({
    id: wire.conversation_id,
    updatedAt: timeOf(wire.recent_chat_time),
    channel: wire.conversation_type || null,
    messageCount: Extra.wholeNumber(wire.message_count)
  }),
  encode: (conversation) => ({
    conversation_id: conversation.id,
    recent_chat_time: millisOf(conversation.updatedAt),
    conversation_type: conversation.channel ?? undefined,
    message_count: conversation.messageCount ?? undefined
  })
})
