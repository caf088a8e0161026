/**
 * Decoding a record of the quarantine again, after the schema that it did not fit was mended.
 */
import type { Conversation, Message, SourceError, SourceService } from "@colloquy/core"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import * as Checkpoints from "./checkpoints.ts"
import * as Conversations from "./conversations.ts"
import { type Database, now } from "./database.ts"
import * as Forgotten from "./forgotten.ts"
import * as Messages from "./messages.ts"
import * as Personal from "./personal.ts"
import * as Quarantine from "./quarantine.ts"
import * as Rows from "./rows.ts"
import * as Withheld from "./withheld.ts"

/** Brings a record in, if it can be decoded now; false if it cannot. */
export const replay = Effect.fnUntraced(function* (
  database: Database,
  record: Quarantine.Record,
  source: SourceService
): Effect.fn.Return<boolean, SqlError> {
  const { conversationId } = record
  const brought =
    conversationId === null
      ? yield* decoded(source.conversationOf(record.json, record.origin ?? undefined), (found) =>
          bringConversation(database, found)
        )
      : yield* bringMessage(database, record, conversationId, source)
  if (brought) yield* Quarantine.remove(database, record.id)
  return brought
})

const decoded = <A>(
  decode: Effect.Effect<A, SourceError>,
  then: (value: A) => Effect.Effect<void, SqlError>
): Effect.Effect<boolean, SqlError> =>
  Effect.matchEffect(decode, {
    onFailure: () => Effect.succeed(false),
    onSuccess: (value) => Effect.as(then(value), true)
  })

const bringConversation = Effect.fnUntraced(function* (
  database: Database,
  conversation: Conversation
): Effect.fn.Return<void, SqlError> {
  const at = yield* now
  const forgotten = yield* Forgotten.load(database)
  if (forgotten.conversation(conversation)) return
  const stored = yield* Personal.storable(database, forgotten, conversation, [conversation])
  yield* Conversations.put(database, stored, at, at)
})

const bringMessage = Effect.fnUntraced(function* (
  database: Database,
  record: Quarantine.Record,
  conversationId: string,
  source: SourceService
): Effect.fn.Return<boolean, SqlError> {
  const name = { vendor: record.vendor, account: record.account, id: conversationId }
  const key = yield* Conversations.keyOf(database, name)
  if (key === undefined) return false
  // Equal messages of one second have ids by their ordinals: the first that is free is this one's.
  const taken = new Set<string>()
  for (let ordinal = 0; ; ordinal++) {
    const { json, origin, place } = record
    const row = {
      conversationId,
      index: Messages.indexOf(place),
      json,
      origin: origin ?? undefined,
      ordinal
    }
    const message = yield* Effect.orElseSucceed(source.messageOf(row), () => undefined)
    if (message === undefined) return false
    const isTaken = yield* isStored(database, key, message)
    if (isTaken && !taken.has(message.id)) {
      taken.add(message.id)
      continue
    }
    if (!isTaken) yield* store(database, key, message, record)
    return true
  }
})

const isStored = ({ sql }: Database, key: number, { id }: Message) =>
  Effect.map(
    sql`SELECT 1 AS found FROM messages WHERE conversation = ${key} AND id = ${Rows.storableId(id)}`,
    (rows) => rows.length > 0
  )

/** Stores the message, or leaves it out if its user was forgotten meanwhile; what is read now is read again then. */
const store = Effect.fnUntraced(function* (
  database: Database,
  key: number,
  message: Message,
  { place }: Quarantine.Record
): Effect.fn.Return<void, SqlError> {
  const forgotten = yield* Forgotten.load(database)
  const state = yield* Checkpoints.load(database, key)
  yield* Checkpoints.take(database, key, state)
  const { reading } = state
  if (forgotten.message(message)) {
    const hash = Withheld.hash(database, message, Rows.storableId(message.id))
    yield* Withheld.put(database, [{ conversation: key, hash, reading }])
    for (const user of forgotten.usersOf(message, [message.userId ?? ""])) {
      yield* Personal.redact(database, message, [key], user)
    }
    yield* Checkpoints.move(database, key, state, {
      ...state,
      withheld: yield* Withheld.count(database, key)
    })
    return
  }
  yield* Messages.write(database, { conversation: key, reading, storedAt: yield* now }, [{ message, place }])
  yield* Checkpoints.move(database, key, state, { ...state, stored: state.stored + 1 })
})
