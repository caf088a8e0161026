/**
 * Converts canonical values to rows of tables, and back.
 *
 * Lists and `extra` are columns of JSON text. A message or conversation with a text that no database holds (a NUL, half
 * of a surrogate pair) has it replaced in its columns, and whole in `exact`.
 */
import { Attachment, Citation, Conversation, Feedback, Message, Role } from "@colloquy/core"
import { DerivedId } from "@colloquy/core/vendor"
import * as Arr from "effect/Array"
import * as Schema from "effect/Schema"

const text = Schema.NullOr(Schema.String)

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** A message as it is stored, with its conversation's names. */
const StoredMessage = Schema.Struct({
  vendor: Schema.String,
  account: Schema.String,
  conversation_id: Schema.String,
  id: Schema.String,
  id_origin: Message.fields.idOrigin,
  position: Message.fields.position,
  role: Role,
  text: Schema.String,
  created_at: text,
  parent_id: text,
  user_id: text,
  kind: text,
  citations: Schema.fromJsonString(Schema.Array(Citation)),
  attachments: Schema.fromJsonString(Schema.Array(Attachment)),
  feedback: Schema.NullOr(Feedback),
  extra: Schema.fromJsonString(Schema.JsonObject),
  exact: Schema.NullOr(Schema.fromJsonString(Message))
})

/** Where a message was read, and in which read. */
export interface Place {
  readonly conversation: number
  readonly place: number
  readonly reading: number
  readonly storedAt: string
}

/** A message as columns. */
export const ofMessage = (message: Message, { conversation, place, reading, storedAt }: Place) =>
  storable(message, [message.conversationId, message.id, message.userId], {
    conversation,
    id: storableId(message.id),
    id_origin: message.idOrigin,
    place,
    position: message.position,
    role: message.role,
    text: message.text,
    created_at: message.createdAt,
    parent_id: message.parentId,
    user_id: message.userId === null ? null : storableId(message.userId),
    kind: message.kind,
    citations: list(message.citations),
    attachments: list(message.attachments),
    feedback: message.feedback,
    extra: JSON.stringify(message.extra),
    exact: null,
    first_reading: reading,
    last_reading: reading,
    stored_at: storedAt
  })

/** Most messages have none. */
const list = (values: ReadonlyArray<unknown>): string => (values.length === 0 ? "[]" : JSON.stringify(values))

/** Decodes rows of messages. */
export const toMessages = (rows: unknown) => decodeMessages(rows).map(toMessage)

const decodeMessages = Schema.decodeUnknownSync(Schema.Array(StoredMessage))

const toMessage = (row: typeof StoredMessage.Type): Message =>
  row.exact ?? {
    vendor: row.vendor,
    account: row.account,
    conversationId: row.conversation_id,
    id: row.id,
    idOrigin: row.id_origin,
    position: row.position,
    role: row.role,
    text: row.text,
    createdAt: row.created_at,
    parentId: row.parent_id,
    userId: row.user_id,
    kind: row.kind,
    citations: row.citations,
    attachments: row.attachments,
    feedback: row.feedback,
    extra: row.extra
  }

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

const StoredConversation = Schema.Struct({
  vendor: Schema.String,
  account: Schema.String,
  id: Schema.String,
  created_at: text,
  updated_at: text,
  channel: text,
  status: text,
  summary: text,
  classification: text,
  assignee: text,
  handoff: Schema.NullOr(Schema.Literals([0, 1])),
  sentiment: text,
  message_count: Schema.NullOr(Schema.Int),
  extra: Schema.fromJsonString(Schema.JsonObject),
  exact: Schema.NullOr(Schema.fromJsonString(Conversation))
})

/** A conversation as columns. */
export const ofConversation = (conversation: Conversation, listedAt: string | null, storedAt: string) =>
  storable(conversation, [conversation.id], {
    vendor: conversation.vendor,
    account: conversation.account,
    id: storableId(conversation.id),
    created_at: conversation.createdAt,
    updated_at: conversation.updatedAt,
    channel: conversation.channel,
    status: conversation.status,
    summary: conversation.summary,
    classification: conversation.classification,
    assignee: conversation.assignee,
    handoff: conversation.handoff === null ? null : Number(conversation.handoff),
    sentiment: conversation.sentiment,
    message_count: conversation.messageCount,
    extra: JSON.stringify(conversation.extra),
    exact: null,
    listed_at: listedAt,
    stored_at: storedAt
  })

/** A conversation of which only the id is known: to read one without a list. */
export const unlisted = (vendor: string, account: string, id: string): Conversation => ({
  vendor,
  account,
  id,
  createdAt: null,
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
})

/** Decodes rows of conversations. */
export const toConversations = (rows: unknown) => decodeConversations(rows).map(toConversation)

const decodeConversations = Schema.decodeUnknownSync(Schema.Array(StoredConversation))

const toConversation = (row: typeof StoredConversation.Type): Conversation =>
  row.exact ?? {
    vendor: row.vendor,
    account: row.account,
    id: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    channel: row.channel,
    status: row.status,
    summary: row.summary,
    classification: row.classification,
    assignee: row.assignee,
    handoff: row.handoff === null ? null : row.handoff === 1,
    sentiment: row.sentiment,
    messageCount: row.message_count,
    extra: row.extra
  }

// ---------------------------------------------------------------------------------------------------------------
// What databases cannot hold
// ---------------------------------------------------------------------------------------------------------------

type Columns = Readonly<Record<string, string | number | null>>

const storable = <Row extends Columns & { readonly exact: null }>(
  value: unknown,
  ids: ReadonlyArray<string | null>,
  row: Row
): Columns => (isAllStorable(ids) && isAllStorable(Object.values(row)) ? row : soften(value, row))

const isAllStorable = (cells: ReadonlyArray<string | number | null>): boolean =>
  cells.every((cell) => typeof cell !== "string" || isStorable(cell))

const isStorable = (cell: string): boolean => !cell.includes("\0") && cell.isWellFormed()

/** JSON text escapes what a column cannot hold. */
const soften = (value: unknown, row: Columns): Columns => ({
  ...Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [name, typeof cell === "string" ? storableText(cell) : cell])
  ),
  exact: JSON.stringify(value)
})

/** An id as it is stored: itself, or its hash if no database can hold it. */
export const storableId = (id: string): string => (isStorable(id) ? id : DerivedId.make([id]))

/** The text, with U+FFFD in place of characters that no database can hold. */
export const storableText = (cell: string): string => cell.replaceAll("\0", "\uFFFD").toWellFormed()

// ---------------------------------------------------------------------------------------------------------------
// Many rows
// ---------------------------------------------------------------------------------------------------------------

/** Rows in one statement: up to 22 parameters each, of which SQLite takes 32,766. */
const batch = 1000

/** Rows in batches of one statement each. Of rows with the same id the last is kept: a statement may touch a row once. */
export const batches = <Row extends Columns>(
  rows: ReadonlyArray<Row>
): ReadonlyArray<Arr.NonEmptyReadonlyArray<Row>> => {
  const isUnique = new Set(rows.map((row) => row["id"])).size === rows.length
  return Arr.chunksOf(isUnique ? rows : [...new Map(rows.map((row) => [row["id"], row])).values()], batch)
}
