/**
 * The simulated vendor's JSON, and its codecs.
 */
import { type Conversation, type Message } from "@colloquy/core"
import { Codec, DerivedId } from "@colloquy/core/vendor"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { listed, type Manners, type Row, type SimulatedVendor } from "./vendor.ts"

export const vendor = "simulated"
export const account = "default"

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

const messageFields = {
  id: Schema.optionalKey(Schema.NonEmptyString),
  text: Schema.String,
  at: Schema.NullOr(Schema.String),
  user: Schema.optionalKey(Schema.String)
}

/** A message. The first schema does not accept the `kind` of a bad row; the corrected one does. */
export const MessageRow = Schema.Struct({ ...messageFields, kind: Schema.Literals(["said", "odd"]) })
export interface MessageRow extends Schema.Schema.Type<typeof MessageRow> {}
const first = Schema.Struct({ ...messageFields, kind: Schema.Literal("said") })

const firstRows: Codec.RowSchema<MessageRow> = Codec.rows(first)
const mendedRows = Codec.rows(MessageRow)

/** The codec of messages with the current schema. A kept row whose id ends in `#` gets its ordinal appended. */
export const messages = ({ manners, mended }: SimulatedVendor) =>
  Codec.make<MessageRow, Message, number | null>({
    vendor,
    operation: "Simulated.messages",
    row: mended ? mendedRows : firstRows,
    key: manners.ids ? Codec.keyOf("id") : undefined,
    carries: { start: () => null, save: () => null, after: (_, __, equal) => equal },
    decode: (wire, { carried, conversationId, index }) =>
      toMessage(manners, conversationId, known(wire, carried), index)
  })

const known = (wire: MessageRow, ordinal: number | null): MessageRow =>
  ordinal !== null && wire.id?.endsWith("#") === true ? { ...wire, id: `${wire.id}${ordinal}` } : wire

/** A row as JSON. */
export const fromRow = ({ ids, times }: Manners, { at, bad, id, text, user }: Row): MessageRow => ({
  ...(ids ? { id } : {}),
  text,
  at: times ? isoOf(at) : null,
  ...(user === undefined ? {} : { user }),
  kind: bad === true ? "odd" : "said"
})

const isoOf = (at: number): string => DateTime.formatIso(DateTime.makeUnsafe(at * 1000))

/** Decodes a message. Without an id, one is derived from its place and content. */
export const toMessage = (
  { order }: Manners,
  conversationId: string,
  { at, id, text, user }: MessageRow,
  index: number
): Message => ({
  vendor,
  account,
  conversationId,
  id: id ?? DerivedId.make([conversationId, index, text]),
  idOrigin: id === undefined ? "derived" : "vendor",
  position: order === "oldestFirst" ? index : null,
  role: "user",
  text,
  createdAt: at,
  parentId: null,
  userId: user ?? null,
  kind: null,
  citations: [],
  attachments: [],
  feedback: null,
  extra: {}
})

/** The current messages of a conversation, in the listing's order, without those that cannot be decoded. */
export const truth = (self: SimulatedVendor, id: string): ReadonlyArray<Message> =>
  listed(self, id).flatMap((row, index) =>
    row.bad === true && !self.mended ? [] : [toMessage(self.manners, id, fromRow(self.manners, row), index)]
  )

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** A conversation of the list. */
export const ConversationRow = Schema.Struct({
  id: Schema.NonEmptyString,
  count: Schema.NullOr(Schema.Int),
  active: Schema.NullOr(Schema.String),
  extra: Schema.JsonObject
})
export interface ConversationRow extends Schema.Schema.Type<typeof ConversationRow> {}

/** The codec of conversations. */
export const conversationCodec = {
  ...Codec.make<ConversationRow, Conversation, undefined>({
    vendor,
    operation: "Simulated.conversations",
    row: Codec.rows(ConversationRow),
    key: Codec.keyOf("id"),
    carries: Codec.nothing,
    decode: (wire) => toConversation(wire)
  }),
  /** The fields that contain no words. */
  impersonal: ["user_id", "topic"]
}

/** The list of conversations, newest first. */
export const conversations = (self: SimulatedVendor): ReadonlyArray<ConversationRow> => {
  const { list } = self.manners
  const counts = list === "count" || list === "both"
  const tellsActivity = list === "activity" || list === "both"
  return [...self.conversations].toReversed().map(([id, rows]) => {
    const last = rows.at(-1)
    return {
      id,
      count: counts ? rows.length : null,
      active: tellsActivity && last !== undefined ? isoOf(last.at) : null,
      extra: self.extras.get(id) ?? {}
    }
  })
}

/** Decodes a conversation. */
export const toConversation = ({ active, count, extra, id }: ConversationRow): Conversation => ({
  vendor,
  account,
  id,
  createdAt: null,
  updatedAt: active,
  channel: null,
  status: null,
  summary: null,
  classification: null,
  assignee: null,
  handoff: null,
  sentiment: null,
  messageCount: count,
  extra
})
