/**
 * Chatling's rows to the canonical model and back.
 *
 * Identity: Chatling's messages have no id, so one is derived from conversation, time, role and text, plus the
 * ordinal among equal messages of that same second. It is the same in either order; the rating is left out, so that
 * rating a message does not change its id. If an `id` comes, it is used.
 */
import { type Citation, type Conversation, type Feedback, type Message, type Role } from "@colloquy/core"
import { DerivedId, Extra, Timestamp } from "@colloquy/core/vendor"
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
  /** Whether rows may come out of their order, as those that a second reading finds; every second stays open then. */
  readonly outOfOrder?: boolean | undefined
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
    role: Extra.lookup(roles, wire.role) ?? "unknown",
    text,
    createdAt,
    parentId: null,
    userId: null,
    kind: null,
    citations: answer?.sources?.map(toCitation) ?? [],
    attachments: [],
    feedback: answer?.helpful_value == null ? null : (Extra.lookup(feedbacks, answer.helpful_value) ?? null),
    extra: Extra.empty
  }
  return Extra.withLeftover(message, wire, rebuildMessage(message))
}

/** The wire message that a canonical one came from. */
export const fromMessage = (message: Message): Schema.JsonObject =>
  Extra.restore(rebuildMessage(message), message.extra)

const rebuildMessage = (message: Message): Extra.Rebuilt => ({
  id: message.idOrigin === "vendor" ? message.id : undefined,
  role: words[message.role],
  text: message.text || undefined,
  data:
    message.citations.length === 0 && message.feedback === null
      ? undefined
      : {
          helpful_value: message.feedback === null ? null : ratings[message.feedback],
          sources: message.citations.map(fromCitation)
        },
  created_at: message.createdAt === null ? undefined : withOffset(message.createdAt)
})

/** A canonical time as Chatling writes it. */
const withOffset = (time: string): string => `${time.slice(0, -1)}+00:00`

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

/** Ordinals as they travel in a checkpoint: no text, only derived ids and counts. */
const OrdinalsState = Schema.Struct({
  second: Schema.NullOr(Schema.String),
  inSecond: Schema.Record(Schema.String, Schema.Int),
  timeless: Schema.Record(Schema.String, Schema.Int)
})

const isOrdinalsState = Schema.is(OrdinalsState)

/** The ordinals at the start of a walk, or where a checkpoint left them. */
export const ordinals = (state: Schema.Json | null = null): Ordinals => {
  const { inSecond, second, timeless } = isOrdinalsState(state)
    ? state
    : { second: null, inSecond: {}, timeless: {} }
  return {
    second,
    inSecond: new Map(Object.entries(inSecond)),
    timeless: new Map(Object.entries(timeless))
  }
}

/** The ordinals for a checkpoint. */
export const ordinalsState = ({ inSecond, second, timeless }: Ordinals): Schema.Json => ({
  second,
  inSecond: Object.fromEntries(inSecond),
  timeless: Object.fromEntries(timeless)
})

const derivedId = (
  context: Context,
  wire: Wire.Message,
  createdAt: string | null,
  seen: Ordinals
): string => {
  const parts = [context.conversationId, createdAt ?? wire.created_at ?? null, wire.role, wire.text ?? ""]
  if (createdAt !== null && createdAt !== seen.second && !context.outOfOrder) {
    seen.second = createdAt
    seen.inSecond.clear()
  }
  const counts = createdAt === null ? seen.timeless : seen.inSecond
  const first = DerivedId.make([...parts, 0])
  const ordinal = counts.get(first) ?? 0
  counts.set(first, ordinal + 1)
  return ordinal === 0 ? first : DerivedId.make([...parts, ordinal])
}

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Fields of `extra` that are nobody's words and no name: what else is there goes with a person who is forgotten. */
export const impersonalExtra: ReadonlyArray<string> = [
  "id",
  "contact_id",
  "important",
  "archived",
  "conversation_type",
  "created_at"
]

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
    extra: Extra.empty
  }
  return Extra.withLeftover(conversation, wire, rebuildConversation(conversation))
}

/** The wire conversation that a canonical one came from. */
export const fromConversation = (conversation: Conversation): Schema.JsonObject =>
  Extra.restore(rebuildConversation(conversation), conversation.extra)

const rebuildConversation = (conversation: Conversation): Extra.Rebuilt => ({
  id: conversation.id,
  created_at: conversation.createdAt === null ? undefined : withOffset(conversation.createdAt)
})
