/**
 * Chatling's rows to the canonical model and back.
 *
 * Identity: Chatling's messages have no id, so one is derived from conversation, time, role and text, plus the
 * ordinal among equal messages of that same second. It is the same in either order; the rating is left out, so that
 * rating a message does not change its id. If an `id` comes, it is used.
 */
import {
  type Citation,
  type Conversation,
  type Feedback,
  Identity,
  Lossless,
  type Message,
  type Role,
  Timestamp
} from "@colloquy/core"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

/** The vendor's name in canonical values. */
export const vendor = "chatling"

/** Where a row was read. */
export interface Context {
  readonly account: string
  readonly conversationId: string
  /** Whether the listing runs oldest first: a message's place is then its position. */
  readonly oldestFirst: boolean
}

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

const roles: Readonly<Record<string, Role>> = { bot: "assistant", user: "user", system: "system" }
const words: Partial<Record<Role, string>> = { assistant: "bot", user: "user", system: "system" }
const feedbacks: Readonly<Record<string, Feedback>> = { "1": "positive", "0": "negative" }
const ratings: Readonly<Record<Feedback, string>> = { positive: "1", negative: "0" }

const isAnswer = Schema.is(Wire.Answer)

/** Maps one message. `ordinals` numbers equal messages of one second across the pages of a walk. */
export const toMessage = (
  context: Context,
  wire: Wire.Message,
  index: number,
  ordinals: Ordinals
): Message => {
  const answer = isAnswer(wire.data) ? wire.data : undefined
  const createdAt = wire.created_at == null ? null : Timestamp.fromIso(wire.created_at)
  const text = wire.text ?? ""
  const vendorId = wire.id == null || wire.id === "" ? null : String(wire.id)
  const message: Message = {
    vendor,
    account: context.account,
    conversationId: context.conversationId,
    id: vendorId ?? derivedId(context, wire, createdAt, ordinals),
    idOrigin: vendorId === null ? "derived" : "vendor",
    position: context.oldestFirst ? index : null,
    role: Lossless.lookup(roles, wire.role) ?? "unknown",
    text,
    createdAt,
    parentId: null,
    userId: null,
    kind: null,
    citations: answer?.sources?.map(toCitation) ?? [],
    attachments: [],
    feedback:
      answer?.helpful_value == null ? null : (Lossless.lookup(feedbacks, answer.helpful_value) ?? null),
    extra: {}
  }
  return { ...message, extra: Lossless.leftover(wire, rebuildMessage(message)) }
}

/** The wire message that a canonical one came from. */
export const fromMessage = (message: Message): Schema.JsonObject =>
  Lossless.restore(rebuildMessage(message), message.extra)

const rebuildMessage = (message: Message): Schema.JsonObject => {
  const role = words[message.role]
  return {
    ...(message.idOrigin === "vendor" ? { id: message.id } : {}),
    ...(role === undefined ? {} : { role }),
    ...(message.text === "" ? {} : { text: message.text }),
    ...(message.citations.length === 0 && message.feedback === null
      ? {}
      : {
          data: {
            helpful_value: message.feedback === null ? null : ratings[message.feedback],
            sources: message.citations.map(fromCitation)
          }
        }),
    ...(message.createdAt === null ? {} : { created_at: `${message.createdAt.slice(0, -1)}+00:00` })
  }
}

const toCitation = (source: Wire.Citation): Citation => ({
  title: source.title || null,
  url: source.url || null,
  kind: source.type || null
})

const fromCitation = ({ kind, title, url }: Citation): Schema.JsonObject => ({
  ...(kind === null ? {} : { type: kind }),
  ...(title === null ? {} : { title }),
  ...(url === null ? {} : { url })
})

// ---------------------------------------------------------------------------------------------------------------
// Identity
// ---------------------------------------------------------------------------------------------------------------

/** How often each message of the second now being read has come. Messages without a time are counted throughout. */
export interface Ordinals {
  second: string | null
  readonly inSecond: Map<string, number>
  readonly timeless: Map<string, number>
}

/** The start of a walk. */
export const ordinals = (): Ordinals => ({ second: null, inSecond: new Map(), timeless: new Map() })

const derivedId = (
  context: Context,
  wire: Wire.Message,
  createdAt: string | null,
  seen: Ordinals
): string => {
  const time = createdAt ?? wire.created_at ?? null
  const content = JSON.stringify([time, wire.role, wire.text ?? ""])
  if (createdAt !== null && createdAt !== seen.second) {
    seen.second = createdAt
    seen.inSecond.clear()
  }
  const counts = createdAt === null ? seen.timeless : seen.inSecond
  const ordinal = counts.get(content) ?? 0
  counts.set(content, ordinal + 1)
  return Identity.derive([context.conversationId, time, wire.role, wire.text ?? "", ordinal])
}

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Maps one conversation. */
export const toConversation = (account: string, wire: Wire.Conversation): Conversation => {
  const conversation: Conversation = {
    vendor,
    account,
    id: String(wire.id),
    createdAt: wire.created_at == null ? null : Timestamp.fromIso(wire.created_at),
    updatedAt: null,
    channel: null,
    status: null,
    summary: null,
    classification: null,
    assignee: null,
    handoff: null,
    sentiment: null,
    messageCount: null,
    extra: {}
  }
  return { ...conversation, extra: Lossless.leftover(wire, rebuildConversation(conversation)) }
}

/** The wire conversation that a canonical one came from. */
export const fromConversation = (conversation: Conversation): Schema.JsonObject =>
  Lossless.restore(rebuildConversation(conversation), conversation.extra)

const rebuildConversation = (conversation: Conversation): Schema.JsonObject => ({
  id: conversation.id,
  ...(conversation.createdAt === null ? {} : { created_at: `${conversation.createdAt.slice(0, -1)}+00:00` })
})
