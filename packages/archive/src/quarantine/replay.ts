/**
 * Decodes a record of the quarantine again, after its schema was fixed.
 *
 * The decoder runs outside of transactions, because those cannot be interrupted. What it returns is stored in one.
 */
import type { Conversation, Decoder, Message } from "@colloquy/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { SqlError } from "effect/sql/SqlError"
import { type ArchiveError, Conflict } from "../ArchiveError.ts"
import { type Database, fail, now, transaction } from "../database/database.ts"
import * as Personal from "../erasing/personal.ts"
import * as SuppressedRows from "../erasing/suppressedRows.ts"
import * as Suppression from "../erasing/suppression.ts"
import * as Checkpoints from "../store/checkpoints.ts"
import * as Conversations from "../store/conversations.ts"
import * as Messages from "../store/messages.ts"
import * as Records from "../store/records.ts"
import * as Rows from "../store/rows.ts"
import type { Record } from "./Quarantine.ts"

/** Moves a record into the archive if it can be decoded now; false if it cannot. */
export const replay = Effect.fnUntraced(function* (
  database: Database,
  record: Record,
  decoder: Decoder
): Effect.fn.Return<boolean, ArchiveError> {
  // Equal messages of one second differ by an ordinal in their ids: this record takes the first free one.
  const tried = new Set<string>()
  for (let ordinal = 0; ; ordinal++) {
    const decoded = decode(decoder, record, ordinal)
    if (decoded === undefined) return false
    const outcome = yield* transaction(database, "Archive.replay", bring(database, record, decoded, tried))
    if (outcome !== "taken") return outcome === "brought"
    if (decoded._tag === "Message") tried.add(decoded.message.id)
  }
})

/** What a record was decoded to. */
type Decoded =
  | { readonly _tag: "Message"; readonly message: Message }
  | { readonly _tag: "Conversation"; readonly conversation: Conversation }

/** Undefined if it still cannot be decoded. */
const decode = (
  decoder: Decoder,
  { account, conversationId, json, origin, place }: Record,
  ordinal: number
): Decoded | undefined => {
  const row = { account, json, origin: origin ?? undefined }
  if (conversationId === null) {
    const decoded = decoder.conversation(row)
    return Result.isSuccess(decoded) ? { _tag: "Conversation", conversation: decoded.success } : undefined
  }
  const decoded = decoder.message({ ...row, conversationId, index: Messages.indexOf(place), ordinal })
  return Result.isSuccess(decoded) ? { _tag: "Message", message: decoded.success } : undefined
}

/** `taken`: another message has the id, which was not tried before · `homeless`: its conversation does not exist. */
type Outcome = "brought" | "taken" | "homeless"

const bring = Effect.fnUntraced(function* (
  database: Database,
  record: Record,
  decoded: Decoded,
  tried: ReadonlySet<string>
): Effect.fn.Return<Outcome, ArchiveError | SqlError> {
  const outcome =
    decoded._tag === "Conversation"
      ? yield* bringConversation(database, decoded.conversation)
      : yield* bringMessage(database, record, decoded.message, tried)
  if (outcome === "brought") yield* Records.remove(database, record.id)
  return outcome
})

const bringConversation = Effect.fnUntraced(function* (
  database: Database,
  conversation: Conversation
): Effect.fn.Return<Outcome, SqlError> {
  const at = yield* now
  const suppression = yield* Suppression.load(database)
  if (suppression.conversation(conversation)) return "brought"
  const stored = yield* Personal.storable(database, suppression, conversation, [conversation])
  yield* Conversations.put(database, stored, at, at)
  return "brought"
})

const bringMessage = Effect.fnUntraced(function* (
  database: Database,
  { account, conversationId, place, vendor }: Record,
  message: Message,
  tried: ReadonlySet<string>
): Effect.fn.Return<Outcome, ArchiveError | SqlError> {
  const name = { vendor, account, id: conversationId ?? message.conversationId }
  const key = yield* Conversations.keyOf(database, name)
  if (key === undefined) return "homeless"
  if (!(yield* isStored(database, key, message))) {
    yield* store(database, key, message, place)
    return "brought"
  }
  if (!tried.has(message.id)) return "taken"
  // The id does not depend on the ordinal, so this record's own message is stored already. If it was suspected, the record
  // was why.
  yield* Checkpoints.doubtSuspected(database, key)
  return "brought"
})

const isStored = ({ sql }: Database, key: number, { id }: Message) =>
  Effect.map(
    sql`SELECT 1 AS found FROM messages WHERE conversation = ${key} AND id = ${Rows.storableId(id)}`,
    (rows) => rows.length > 0
  )

/** Stores the message, or leaves it out if its user was erased meanwhile. A read in progress fails with `Conflict`. */
const store = Effect.fnUntraced(function* (
  database: Database,
  key: number,
  message: Message,
  place: number
): Effect.fn.Return<void, ArchiveError | SqlError> {
  const suppression = yield* Suppression.load(database)
  const state = yield* Checkpoints.load(database, key)
  if (!(yield* Checkpoints.take(database, key, state))) {
    return yield* fail("Archive.replay", new Conflict({ conversationId: message.conversationId }))
  }
  const { reading } = state
  if (suppression.message(message)) {
    const hash = SuppressedRows.hash(database, message, Rows.storableId(message.id))
    yield* SuppressedRows.put(database, [{ conversation: key, hash, reading }])
    for (const user of suppression.usersOf(message, [message.userId ?? ""])) {
      yield* Personal.redact(database, message, [key], user)
    }
    yield* Checkpoints.move(database, key, state, {
      ...state,
      suppressed: yield* SuppressedRows.count(database, key)
    })
    return
  }
  yield* Messages.write(database, { conversation: key, reading, storedAt: yield* now }, [{ message, place }])
  yield* Checkpoints.move(database, key, state, { ...state, stored: state.stored + 1 })
})
