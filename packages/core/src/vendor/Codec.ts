/**
 * Codecs: convert a vendor's wire rows to canonical values and back, without a client or a network.
 */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Exit from "effect/Exit"
import * as Json from "../http/json.ts"
import * as Check from "../model/Check.ts"
import type { Conversation } from "../model/Conversation.ts"
import type { Message } from "../model/Message.ts"
import { InvalidResponse, type Reason } from "../model/SourceError.ts"
import * as Extra from "./Extra.ts"

/** A vendor's row: an object of plain JSON. */
type Wired<Wire> = { readonly [Key in keyof Wire]: Schema.Json | undefined }

/** Where a row was read: what decoding needs besides the row. */
export interface Place<Carried = undefined> {
  readonly account: string
  /** The conversation that was read; `""` in a list of conversations. */
  readonly conversationId: string
  /** The row's index in the walk, from 0. */
  readonly index: number
  /** The listing's options on which decoding depends, such as the sort. */
  readonly options: Readonly<Record<string, string>>
  /** Whether rows may come out of order, as the rows found by a second walk of `verify` do. */
  readonly outOfOrder: boolean
  /** The state of the walk's decoding; see {@link Carries}. */
  readonly carried: Carried
}

/**
 * State that decoding keeps from row to row and in checkpoints. Chatling counts equal messages of one second with it.
 */
export interface Carries<Wire, Carried> {
  /** The state at the start of a walk (`null`) or from a checkpoint. Starts anew from a value that does not fit. */
  readonly start: (saved: Schema.Json | null) => Carried
  /** The state as a checkpoint stores it. */
  readonly save: (carried: Carried) => Schema.Json
  /** The state of a walk after this many rows equal to this one. */
  readonly after: (wire: Wire, place: Place<Carried>, equal: number) => Carried
}

/** Decodes single rows of one kind, as a walk does. */
export interface RowDecoder<out Canonical> {
  /** The listing's operation, such as `Chatling.messages`: the name in errors, spans and origins. */
  readonly operation: string
  /** Decodes a row; fails with `InvalidResponse` (kind `record`) and the row's index if it does not fit. */
  readonly decodeRow: (row: KeptRow) => Result.Result<Canonical, Reason>
}

/** The codec of one kind of row. */
export interface Codec<Wire, out Canonical, Carried = undefined> extends RowDecoder<Canonical> {
  /** The vendor's name in canonical values. */
  readonly vendor: string
  readonly row: RowSchema<Wire>
  /** The row's own id; undefined for rows without one, and for listings without ids. */
  readonly key: ((row: unknown) => string | undefined) | undefined
  readonly decode: (wire: Wire, place: Place<Carried>) => Canonical
  readonly carries: Carries<Wire, Carried>
}

/** What rebuilds the wire rows of a kind, and checks them. */
export interface Encodes<in Canonical> {
  readonly row: RowSchema<unknown>
  readonly encode: (canonical: Canonical) => Schema.JsonObject
}

/** A codec of messages; `encode` rebuilds the wire message. */
export interface MessageCodec<Wire, Carried = undefined> extends Codec<Wire, Message, Carried> {
  readonly encode: (message: Message) => Schema.JsonObject
}

/** The fields that contain no personal data. */
export interface ImpersonalFields {
  /**
   * The wire fields of `extra` that contain neither words nor names: ids, flags, counts, times. An archive erases the
   * other fields together with a person.
   */
  readonly impersonal: ReadonlyArray<string>
}

/** A codec of conversations; `encode` rebuilds the wire conversation. */
export interface ConversationCodec<Wire> extends Codec<Wire, Conversation>, ImpersonalFields {
  readonly encode: (conversation: Conversation) => Schema.JsonObject
}

// ---------------------------------------------------------------------------------------------------------------
// Codecs
// ---------------------------------------------------------------------------------------------------------------

/** The canonical fields that `decode` returns for a message. Fields left out are "none". */
export interface MessageFields extends Pick<Message, "id" | "role" | "text">, Partial<MessageRest> {}
type MessageRest = Omit<Message, "vendor" | "account" | "conversationId" | "id" | "role" | "text" | "extra">

/** What {@link messages} takes. */
export interface MessageDefinition<Wire, Carried> {
  readonly vendor: string
  readonly operation: string
  /** The wire schema of one row. It must not transform: rows keep their raw form and unknown fields. */
  readonly wire: Schema.ConstraintCodec<Wire, Wire>
  /** The field with the row's own id. Default none. */
  readonly id?: keyof Wire & string
  readonly decode: (wire: Wire, place: Place<Carried>) => MessageFields
  /**
   * Rebuilds the wire fields that the canonical ones determine; undefined for absent fields. `extra` keeps all
   * others.
   */
  readonly encode: (message: Message) => Extra.Rebuilt
}

const noneOf: ReadonlyArray<never> = []

/**
 * Makes a codec of messages. Call it once, at module level.
 *
 * `decode` maps a wire row to canonical fields, and `encode` maps them back. What `encode` does not reproduce goes to
 * `extra`, so that no wire field is lost. Use {@link messagesCarrying} if ids depend on earlier rows.
 *
 * A walk checks each row with `wire`. A row that does not fit fails the walk with `InvalidResponse` (kind `record`),
 * or is kept with its page.
 *
 * **Example** (Messages with a sender and a time)
 *
 * ```ts
 * import { Codec, Timestamp } from "@colloquy/core/vendor"
 * import { Schema } from "effect"
 *
 * const Wire = Schema.Struct({ id: Schema.Finite, sender: Schema.String, text: Schema.String, sentAt: Schema.String })
 *
 * export const messages = Codec.messages({
 *   vendor: "acme",
 *   operation: "Acme.messages",
 *   wire: Wire,
 *   id: "id",
 *   decode: ({ id, sender, sentAt, text }) => ({
 *     id: String(id),
 *     role: sender === "bot" ? "assistant" : "user",
 *     text,
 *     createdAt: Timestamp.fromIso(sentAt)
 *   }),
 *   encode: ({ createdAt, id, role, text }) => ({
 *     id: Number(id),
 *     sender: role === "assistant" ? "bot" : undefined,
 *     text,
 *     sentAt: createdAt ?? undefined
 *   })
 * })
 * ```
 */
export const messages = <Wire extends Wired<Wire>>(
  definition: MessageDefinition<Wire, undefined>
): MessageCodec<Wire> => messagesCarrying({ ...definition, carries: nothing })

/** Makes a codec of messages whose decoding keeps state from row to row; see {@link Carries}. */
export const messagesCarrying = <Wire extends Wired<Wire>, Carried>(
  definition: MessageDefinition<Wire, Carried> & { readonly carries: Carries<Wire, Carried> }
): MessageCodec<Wire, Carried> => {
  const { carries, encode, id, operation, vendor, wire } = definition
  const codec = make({
    vendor,
    operation,
    row: rows(wire),
    key: id === undefined ? undefined : keyOf(id),
    carries,
    decode: (wire: Wire, place: Place<Carried>): Message => {
      const fields = definition.decode(wire, place)
      const message: Message = {
        vendor,
        account: place.account,
        conversationId: place.conversationId,
        id: fields.id,
        idOrigin: fields.idOrigin ?? "vendor",
        position: fields.position ?? null,
        role: fields.role,
        text: fields.text,
        createdAt: fields.createdAt ?? null,
        parentId: fields.parentId ?? null,
        userId: fields.userId ?? null,
        kind: fields.kind ?? null,
        citations: fields.citations ?? noneOf,
        attachments: fields.attachments ?? noneOf,
        feedback: fields.feedback ?? null,
        extra: Extra.empty
      }
      return Extra.withLeftover(message, wire, encode(message))
    }
  })
  return { ...codec, encode: (message) => Extra.restore(encode(message), message.extra) }
}

/** The canonical fields that `decode` returns for a conversation. Fields left out are "none". */
export interface ConversationFields
  extends Pick<Conversation, "id">, Partial<Omit<Conversation, "vendor" | "account" | "id" | "extra">> {}

/** What {@link conversations} takes. */
export interface ConversationDefinition<Wire> extends ImpersonalFields {
  readonly vendor: string
  readonly operation: string
  /** The wire schema of one row. It must not transform. */
  readonly wire: Schema.ConstraintCodec<Wire, Wire>
  /** The field with the row's own id. */
  readonly id: keyof Wire & string
  readonly decode: (wire: Wire) => ConversationFields
  readonly encode: (conversation: Conversation) => Extra.Rebuilt
}

/**
 * Makes a codec of conversations. Call it once, at module level.
 *
 * `decode`, `encode` and `wire` work as in {@link messages}. `impersonal` names the fields of `extra` that contain no
 * personal data; an archive erases all others together with a person.
 *
 * **Example** (Conversations with a message count)
 *
 * ```ts
 * import { Codec, Extra } from "@colloquy/core/vendor"
 * import { Schema } from "effect"
 *
 * const Wire = Schema.Struct({ id: Schema.String, count: Schema.Finite, flagged: Schema.Boolean })
 *
 * export const conversations = Codec.conversations({
 *   vendor: "acme",
 *   operation: "Acme.conversations",
 *   wire: Wire,
 *   id: "id",
 *   impersonal: ["flagged"],
 *   decode: ({ count, id }) => ({ id, messageCount: Extra.wholeNumber(count) }),
 *   encode: ({ id, messageCount }) => ({ id, count: messageCount ?? undefined })
 * })
 * ```
 */
export const conversations = <Wire extends Wired<Wire>>(
  definition: ConversationDefinition<Wire>
): ConversationCodec<Wire> => {
  const { encode, id, impersonal, operation, vendor, wire } = definition
  const codec = make({
    vendor,
    operation,
    row: rows(wire),
    key: keyOf(id),
    carries: nothing,
    decode: (wire: Wire, { account }: Pick<Place, "account">): Conversation => {
      const fields = definition.decode(wire)
      const conversation: Conversation = {
        vendor,
        account,
        id: fields.id,
        createdAt: fields.createdAt ?? null,
        updatedAt: fields.updatedAt ?? null,
        channel: fields.channel ?? null,
        status: fields.status ?? null,
        summary: fields.summary ?? null,
        classification: fields.classification ?? null,
        assignee: fields.assignee ?? null,
        handoff: fields.handoff ?? null,
        sentiment: fields.sentiment ?? null,
        messageCount: fields.messageCount ?? null,
        extra: Extra.empty
      }
      return Extra.withLeftover(conversation, wire, encode(conversation))
    }
  })
  return {
    ...codec,
    impersonal,
    encode: (conversation) => Extra.restore(encode(conversation), conversation.extra)
  }
}

/** The `carries` of codecs without state. */
export const nothing: Carries<unknown, undefined> = {
  start: () => undefined,
  save: () => null,
  after: () => undefined
}

// ---------------------------------------------------------------------------------------------------------------
// Rows
// ---------------------------------------------------------------------------------------------------------------

/** A wire schema prepared for checking rows; see {@link rows}. */
export interface RowSchema<out Wire> {
  readonly is: (row: unknown) => row is Wire
  /** Why a row does not fit, in words. */
  readonly problem: (row: unknown) => string
}

/** Prepares a wire schema for checking rows. */
export const rows = <Wire>(schema: Schema.ConstraintCodec<Wire, Wire>): RowSchema<Wire> => {
  const decode = Schema.decodeUnknownExit(schema)
  return {
    is: Schema.is(schema),
    problem: (row) => {
      const exit = decode(row)
      return Exit.isFailure(exit) ? problemOf(exit) : "it could not be decoded"
    }
  }
}

/** The issue in words, without the values: an error must not contain a message's text. */
export const problemOf = (exit: Exit.Failure<unknown, Schema.SchemaError>): string =>
  exit.cause.reasons
    .flatMap((reason) => (reason._tag === "Fail" ? [reason.error.message] : []))
    .join("; ")
    .replaceAll(/, got .*/g, "")
    .replaceAll(/\s+/g, " ")

/** The key of rows with the id in one field, as text or number; undefined for an empty or missing id. */
export const keyOf =
  (field: string) =>
  (row: unknown): string | undefined => {
    const id = Predicate.isObject(row) ? row[field] : undefined
    return typeof id === "number" ? String(id) : typeof id === "string" && id !== "" ? id : undefined
  }

/** A row outside a walk, such as a kept `Page.Undecodable`. */
export interface KeptRow {
  readonly account: string
  readonly conversationId: string
  /** Null in a list of conversations, where it does not matter. */
  readonly index: number | null
  readonly json: Schema.Json
  readonly options: Readonly<Record<string, string>>
  /** Its ordinal, from 0, among equal rows. */
  readonly ordinal: number
}

type WithoutRows<Wire, Canonical, Carried> = Omit<Codec<Wire, Canonical, Carried>, "decodeRow">

/**
 * Makes a codec from a `decode` that returns the whole canonical value. Prefer {@link messages} and {@link
 * conversations}.
 */
export const make = <Wire, Canonical, Carried>(
  codec: WithoutRows<Wire, Canonical, Carried>
): Codec<Wire, Canonical, Carried> => ({ ...codec, decodeRow: (row) => decodeRow(codec, row) })

const decodeRow = <Wire, Canonical, Carried>(
  { carries, decode, row: { is, problem } }: WithoutRows<Wire, Canonical, Carried>,
  { account, conversationId, index, json, options, ordinal }: KeptRow
): Result.Result<Canonical, Reason> => {
  const unsound =
    Check.wholeNumberProblem("index", index ?? 0) ?? Check.wholeNumberProblem("ordinal", ordinal)
  if (unsound !== undefined) return Result.fail(unsound)
  const isDeep = Json.isDeep(json)
  if (isDeep || !is(json)) return Result.fail(record(isDeep ? Json.tooDeep : problem(json), index))
  const place = { account, conversationId, index: index ?? 0, options, outOfOrder: false }
  const start = { ...place, carried: carries.start(null) }
  return Result.succeed(decode(json, { ...start, carried: carries.after(json, start, ordinal) }))
}

/** The error for a row at this index. */
export const record = (problem: string, position: number | null): InvalidResponse =>
  InvalidResponse.refuse("record", problem, position)
