/**
 * GPTBots' rows to the canonical model and back.
 *
 * Identity: the vendor's `message_id`.
 */
import { type Attachment, type Conversation, type Feedback, type Message, type Role } from "@colloquy/core"
import { Extra, Timestamp } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

/** The vendor's name in canonical values. */
export const vendor = "gptbots"

/** Where a row was read. */
export interface Context {
  readonly account: string
  readonly conversationId: string
}

// ---------------------------------------------------------------------------------------------------------------
// Messages, v1
// ---------------------------------------------------------------------------------------------------------------

const types: Readonly<Record<string, Role>> = { ANSWER: "assistant", QUESTION: "user" }

/** Maps one message of v1. `message_type` becomes `kind`, and the role follows from it. */
export const toMessage = (context: Context, wire: Wire.Message): Message => {
  const message: Message = {
    vendor,
    account: context.account,
    conversationId: context.conversationId,
    id: wire.message_id,
    idOrigin: "vendor",
    position: null,
    role: Extra.lookup(types, wire.message_type ?? "") ?? "unknown",
    text: wire.text ?? "",
    createdAt: timeOf(wire.create_time),
    parentId: wire.parent_message_id || null,
    userId: null,
    kind: wire.message_type || null,
    citations: [],
    attachments: [],
    feedback: null,
    extra: Extra.empty
  }
  return Extra.withLeftover(message, wire, rebuildMessage(message))
}

/** The v1 wire message that a canonical one came from. */
export const fromMessage = (message: Message): Schema.JsonObject =>
  Extra.restore(rebuildMessage(message), message.extra)

const rebuildMessage = (message: Message): Extra.Rebuilt => ({
  message_id: message.id,
  parent_message_id: message.parentId ?? undefined,
  message_type: message.kind ?? undefined,
  text: message.text || undefined,
  create_time: message.createdAt === null ? undefined : Timestamp.toMillis(message.createdAt)
})

// ---------------------------------------------------------------------------------------------------------------
// Messages, v2
// ---------------------------------------------------------------------------------------------------------------

const roles: Readonly<Record<string, Role>> = { assistant: "assistant", user: "user" }
const feedbacks: Readonly<Record<string, Feedback>> = { POSITIVE: "positive", NEGATIVE: "negative" }
const feedbackWords: Readonly<Record<Feedback, string>> = { positive: "POSITIVE", negative: "NEGATIVE" }

/** Maps one message of v2. Texts are joined by line breaks; files become attachments; the parts stay in `extra`. */
export const toMessageV2 = (context: Context, wire: Wire.MessageV2): Message => {
  const { attachments, text } = contentOf(wire.content)
  const message: Message = {
    vendor,
    account: context.account,
    conversationId: context.conversationId,
    id: wire.message_id,
    idOrigin: "vendor",
    position: null,
    role: Extra.lookup(roles, wire.role ?? "") ?? "unknown",
    text,
    createdAt: timeOf(wire.create_time),
    parentId: wire.parent_message_id || null,
    userId: null,
    kind: null,
    citations: [],
    attachments,
    feedback: Extra.lookup(feedbacks, wire.feedback ?? "") ?? null,
    extra: Extra.empty
  }
  return Extra.withLeftover(message, wire, rebuildMessageV2(message))
}

/** The v2 wire message that a canonical one came from. */
export const fromMessageV2 = (message: Message): Schema.JsonObject =>
  Extra.restore(rebuildMessageV2(message), message.extra)

const rebuildMessageV2 = (message: Message): Extra.Rebuilt => ({
  message_id: message.id,
  parent_message_id: message.parentId ?? undefined,
  role: message.role === "unknown" ? undefined : message.role,
  content: message.text === "" || message.attachments.length > 0 ? undefined : plainContent(message),
  create_time: message.createdAt === null ? undefined : Timestamp.toMillis(message.createdAt),
  feedback: message.feedback === null ? undefined : feedbackWords[message.feedback]
})

/** How a message of nothing but text is documented: a user's branch has no name, an assistant's an empty one. */
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

/** Texts and files of a message's content; a plain string, which some clients have met, is its text. */
const contentOf = (content: Schema.Json | undefined): Content => {
  if (typeof content === "string") return { text: content, attachments: [] }
  if (!isArray(content)) return { text: "", attachments: [] }
  const parts = content.filter(isBranch).flatMap((branch) => branch.branch_content)
  return {
    text: parts.flatMap((part) => (part.type === "text" && part.text ? [part.text] : [])).join("\n"),
    attachments: parts.flatMap((part) => (part.type === "text" ? [] : mediaIn(part)))
  }
}

/** The files of a part: a list under a field that has the part's type for a name. */
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

/** Fields of `extra` that are nobody's words and no name: what else is there goes with a person who is forgotten. */
export const impersonalExtra: ReadonlyArray<string> = [
  "conversation_id",
  "user_id",
  "recent_chat_time",
  "conversation_type",
  "message_count",
  "cost_credit",
  "bot_id",
  "anonymous_id"
]

/** Maps one conversation. `conversation_type` becomes the channel. */
export const toConversation = (account: string, wire: Wire.Conversation): Conversation => {
  const conversation: Conversation = {
    vendor,
    account,
    id: wire.conversation_id,
    createdAt: null,
    updatedAt: timeOf(wire.recent_chat_time),
    channel: wire.conversation_type || null,
    status: null,
    summary: null,
    classification: null,
    assignee: null,
    handoff: null,
    sentiment: null,
    messageCount: Extra.wholeNumber(wire.message_count),
    extra: Extra.empty
  }
  return Extra.withLeftover(conversation, wire, rebuildConversation(conversation))
}

/** The wire conversation that a canonical one came from. */
export const fromConversation = (conversation: Conversation): Schema.JsonObject =>
  Extra.restore(rebuildConversation(conversation), conversation.extra)

const rebuildConversation = (conversation: Conversation): Extra.Rebuilt => ({
  conversation_id: conversation.id,
  recent_chat_time: conversation.updatedAt === null ? undefined : Timestamp.toMillis(conversation.updatedAt),
  conversation_type: conversation.channel ?? undefined,
  message_count: conversation.messageCount ?? undefined
})

const timeOf = (millis: number | string | null | undefined): string | null => {
  const number = Extra.wholeNumber(millis)
  return number === null ? null : Timestamp.fromMillis(number)
}
