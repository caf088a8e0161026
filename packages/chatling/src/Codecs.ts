/**
 * Chatling's codecs.
 *
 * Identity: Chatling's messages have no id. An id is derived from conversation, time, role and text, and from the
 * ordinal among equal messages of the same second. It is the same in both sort orders. The rating is not part of it,
 * so that rating a message does not change its id. If an `id` comes, it is used.
 */
import type { Citation, Feedback, Role } from "@colloquy/core"
import { Codec, DerivedId, Extra, Timestamp } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

/** The vendor's name in canonical values. */
export const vendor = "chatling"

// ---------------------------------------------------------------------------------------------------------------
// Identity
// ---------------------------------------------------------------------------------------------------------------

/** The counts of equal messages in the current second. Messages without a time are counted over the whole walk. */
export interface Ordinals {
  second: string | null
  readonly inSecond: Map<string, number>
  readonly timeless: Map<string, number>
}

/** Ordinals in a checkpoint: only derived ids and counts, no text. */
const OrdinalsState = Schema.Struct({
  second: Schema.NullOr(Schema.String),
  inSecond: Schema.Record(Schema.String, Schema.Int),
  timeless: Schema.Record(Schema.String, Schema.Int)
})

const isOrdinalsState = Schema.is(OrdinalsState)

const ordinals: Codec.Carries<Wire.Message, Ordinals> = {
  start: (saved) => {
    const { inSecond, second, timeless } = isOrdinalsState(saved)
      ? saved
      : { second: null, inSecond: {}, timeless: {} }
    return {
      second,
      inSecond: new Map(Object.entries(inSecond)),
      timeless: new Map(Object.entries(timeless))
    }
  },
  save: ({ inSecond, second, timeless }) => ({
    second,
    inSecond: Object.fromEntries(inSecond),
    timeless: Object.fromEntries(timeless)
  }),
  after: (wire, { conversationId }, equal) => {
    const second = timeOf(wire.created_at)
    const counts = (): Map<string, number> => new Map([[idOf(wire, second, conversationId, 0), equal]])
    return { second, inSecond: counts(), timeless: counts() }
  }
}

const idOf = (
  wire: Wire.Message,
  createdAt: string | null,
  conversationId: string,
  ordinal: number
): string => {
  const time = createdAt ?? wire.created_at ?? null
  return DerivedId.make([conversationId, time, wire.role, wire.text ?? "", ordinal])
}

const derivedId = (
  wire: Wire.Message,
  createdAt: string | null,
  { carried, conversationId, outOfOrder }: Codec.Place<Ordinals>
): string => {
  if (createdAt !== null && createdAt !== carried.second && !outOfOrder) {
    carried.second = createdAt
    carried.inSecond.clear()
  }
  const counts = createdAt === null ? carried.timeless : carried.inSecond
  const first = idOf(wire, createdAt, conversationId, 0)
  const ordinal = counts.get(first) ?? 0
  counts.set(first, ordinal + 1)
  return ordinal === 0 ? first : idOf(wire, createdAt, conversationId, ordinal)
}

const timeOf = (text: string | null | undefined): string | null =>
  text == null ? null : Timestamp.fromIso(text)

/** A canonical time in Chatling's format. */
const withOffset = (time: string): string => `${time.slice(0, -1)}+00:00`

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

const roles: Readonly<Record<string, Role>> = { bot: "assistant", user: "user", system: "system" }
const words: Partial<Record<Role, string>> = { assistant: "bot", user: "user", system: "system" }
const feedbacks: Readonly<Record<string, Feedback>> = { "1": "positive", "0": "negative" }
const ratings: Readonly<Record<Feedback, string>> = { positive: "1", negative: "0" }

const isAnswer = Schema.is(Wire.Answer)

/** Messages. `sort` decides whether a message's index is its position. */
export const messages = Codec.messagesCarrying<Wire.Message, Ordinals>({
  vendor,
  operation: "Chatling.messages",
  wire: Wire.Message,
  carries: ordinals,
  decode: (wire, place) => {
    const answer = isAnswer(wire.data) ? wire.data : undefined
    const createdAt = timeOf(wire.created_at)
    const vendorId = wire.id == null || wire.id === "" ? null : String(wire.id)
    return {
      id: vendorId ?? derivedId(wire, createdAt, place),
      idOrigin: vendorId === null ? "derived" : "vendor",
      position: place.options["sort"] === "date_desc" ? null : place.index,
      role: Extra.lookup(roles, wire.role) ?? "unknown",
      text: wire.text ?? "",
      createdAt,
      citations: answer?.sources?.map(toCitation) ?? [],
      feedback: Extra.lookup(feedbacks, answer?.helpful_value ?? "") ?? null
    }
  },
  encode: (message) => ({
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
})

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
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Conversations. */
export const conversations = Codec.conversations<Wire.Conversation>({
  vendor,
  operation: "Chatling.conversations",
  wire: Wire.Conversation,
  id: "id",
  impersonal: ["id", "contact_id", "important", "archived", "conversation_type", "created_at"],
  decode: (wire) => ({ id: String(wire.id), createdAt: timeOf(wire.created_at) }),
  encode: (conversation) => ({
    id: conversation.id,
    created_at: conversation.createdAt === null ? undefined : withOffset(conversation.createdAt)
  })
})
