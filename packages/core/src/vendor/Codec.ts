/**
 * What a vendor's rows mean: wire row to canonical value and back, without a client and without a network.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Exit from "effect/Exit"
import * as Json from "../http/json.ts"
import * as Check from "../model/Check.ts"
import type { Conversation } from "../model/Conversation.ts"
import type { Message } from "../model/Message.ts"
import { InvalidResponse, type Reason } from "../model/SourceError.ts"
import * as Extra from "./Extra.ts"

/** A vendor's row, as its documents have it: plain JSON. */
type Wired<Wire> = { readonly [Key in keyof Wire]: Schema.Json | undefined }

/** Where a row was read: what its decoding needs besides the row. */
export interface Place<Carried = undefined> {
  readonly account: string
  /** The conversation that was read; `""` in a list of conversations. */
  readonly conversationId: string
  /** The row's place in the walk, from 0. */
  readonly index: number
  /** The listing's options on which decoding depends, such as the sort. */
  readonly options: Readonly<Record<string, string>>
  /** Whether rows may come out of the listing's order, as those that a second reading finds. */
  readonly outOfOrder: boolean
  /** What the walk carries along; see {@link Carries}. */
  readonly carried: Carried
}

/** What a walk carries from row to row, and in its checkpoints: Chatling counts equal messages of one second. */
export interface Carries<Wire, Carried> {
  /** At the start of a walk (`null`), or where a checkpoint left it. What does not fit starts anew. */
  readonly start: (saved: Schema.Json | null) => Carried
  /** What a checkpoint keeps of it. */
  readonly save: (carried: Carried) => Schema.Json
  /** As a walk has it that has come by so many rows that are equal to this one. */
  readonly after: (wire: Wire, place: Place<Carried>, equal: number) => Carried
}

/** Decodes single rows of one kind, as a walk would have. */
export interface RowDecoder<out Canonical> {
  /** The listing whose rows these are, such as `Chatling.messages`: the name in errors, spans and origins. */
  readonly operation: string
  /** Fails where the row does not fit: with `InvalidResponse` (kind `record`) and its place. */
  readonly decodeRow: (row: KeptRow) => Result.Result<Canonical, Reason>
}

/** One kind of row, in both directions. */
export interface Codec<Wire, out Canonical, Carried = undefined> extends RowDecoder<Canonical> {
  /** The vendor's name in canonical values. */
  readonly vendor: string
  readonly row: RowSchema<Wire>
  /** A row's own id as it came; undefined for a row without one, or where the listing has none. */
  readonly key: ((row: unknown) => string | undefined) | undefined
  readonly decode: (wire: Wire, place: Place<Carried>) => Canonical
  readonly carries: Carries<Wire, Carried>
}

/** A message's codec; `encode` gives the wire message that a canonical one came from. */
export interface MessageCodec<Wire, Carried = undefined> extends Codec<Wire, Message, Carried> {
  readonly encode: (message: Message) => Schema.JsonObject
}

/** Which fields tell nothing of a person. */
export interface ImpersonalFields {
  /**
   * The wire fields in `extra` that are nobody's words and no name: ids, flags, counts, times. What is not among them goes
   * from an archive with a person who is forgotten.
   */
  readonly impersonal: ReadonlyArray<string>
}

/** A conversation's codec; `encode` gives the wire conversation that a canonical one came from. */
export interface ConversationCodec<Wire> extends Codec<Wire, Conversation>, ImpersonalFields {
  readonly encode: (conversation: Conversation) => Schema.JsonObject
}

// ---------------------------------------------------------------------------------------------------------------
// Codecs
// ---------------------------------------------------------------------------------------------------------------

/** What a message's codec gives of a message; what is left out is "none". */
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
  /** The wire fields as far as the canonical ones tell them; undefined for one that is absent. `extra` keeps the rest. */
  readonly encode: (message: Message) => Extra.Rebuilt
}

const noneOf: ReadonlyArray<never> = []

/** The codec of messages that need nothing but themselves. Call it once, at module level. */
export const messages = <Wire extends Wired<Wire>>(
  definition: MessageDefinition<Wire, undefined>
): MessageCodec<Wire> => messagesCarrying({ ...definition, carries: nothing })

/** The codec of messages whose decoding carries something along. */
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

/** What a conversation's codec gives of a conversation; what is left out is "none". */
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

/** The codec of conversations. Call it once, at module level. */
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

/** For rows that need nothing but themselves. */
export const nothing: Carries<unknown, undefined> = {
  start: () => undefined,
  save: () => null,
  after: () => undefined
}

// ---------------------------------------------------------------------------------------------------------------
// Rows
// ---------------------------------------------------------------------------------------------------------------

/** A schema prepared for checking rows; see {@link rows}. */
export interface RowSchema<out Wire> {
  readonly is: (row: unknown) => row is Wire
  /** Says in words why a row does not fit. */
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

/** The issue without the values in it: a message's text does not belong in an error. */
export const problemOf = (exit: Exit.Failure<unknown, Schema.SchemaError>): string =>
  exit.cause.reasons
    .flatMap((reason) => (reason._tag === "Fail" ? [reason.error.message] : []))
    .join("; ")
    .replaceAll(/, got .*/g, "")
    .replaceAll(/\s+/g, " ")

/** The key of rows whose id stands in one field, as text or number; a row whose id is empty has none. */
export const keyOf =
  (field: string) =>
  (row: unknown): string | undefined => {
    const id = isRecord(row) ? row[field] : undefined
    return typeof id === "number" ? String(id) : typeof id === "string" && id !== "" ? id : undefined
  }

const isRecord = (row: unknown): row is Readonly<Record<string, unknown>> =>
  typeof row === "object" && row !== null

/** A row that did not come by a walk: one that was kept as `Page.Undecodable`, say. */
export interface KeptRow {
  readonly account: string
  readonly conversationId: string
  /** Null in a list, where it does not matter. */
  readonly index: number | null
  readonly json: Schema.Json
  readonly options: Readonly<Record<string, string>>
  /** Which it is, from 0, of the rows that are equal to it. */
  readonly ordinal: number
}

type WithoutRows<Wire, Canonical, Carried> = Omit<Codec<Wire, Canonical, Carried>, "decodeRow">

/** The codec of rows whose canonical value is made by hand; {@link messages} and {@link conversations} make nearly all. */
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

/** The failure of a row at this place. */
export const record = (problem: string, position: number | null): InvalidResponse =>
  new InvalidResponse({ kind: "record", problem, position, status: null, code: null, vendorMessage: null })
