/**
 * Erases from every table, index and free page, and leaves a salted hash that keeps later syncs from storing it again.
 */
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as Conversations from "../store/conversations.ts"
import { type Database, hashOf, type Named } from "../database/database.ts"
import * as Suppression from "./suppression.ts"
import type { Erased, Kind } from "./Erasures.ts"
import * as Personal from "./personal.ts"
import * as Records from "../store/records.ts"
import * as Rows from "../store/rows.ts"
import * as SuppressedRows from "./suppressedRows.ts"

/** Nothing was erased. */
export const nothing: Erased = {
  conversations: 0,
  messages: 0,
  revisions: 0,
  quarantined: 0,
  redacted: 0,
  noted: false,
  finished: false
}

/** Erases, and notes that it must stay out. */
export const erase = Effect.fnUntraced(function* (
  database: Database,
  kind: Kind,
  name: Named,
  at: string
): Effect.fn.Return<Erased, SqlError> {
  const { sql } = database
  const wasUnscrubbed = (yield* sql`SELECT 1 AS found FROM settings WHERE name = ${unscrubbed}`).length > 0
  const row = { hash: hashOf(database, kind, name), kind, forgotten_at: at }
  const noted = yield* affected(
    database,
    sql`INSERT INTO forgotten ${sql.insert(row)} ON CONFLICT DO NOTHING`
  )
  const erased = yield* kind === "user" ? user(database, name) : conversation(database, name)
  // The erasure is finished only when free pages and logs are overwritten, too.
  yield* sql`INSERT INTO settings ${sql.insert({ name: unscrubbed, value: at })} ON CONFLICT DO NOTHING`
  return { ...erased, noted: noted > 0, finished: wasUnscrubbed }
})

const unscrubbed = "unscrubbed"

/** Overwrites what was erased in free pages and logs. */
export const scrub = ({ dialect, sql }: Database): Effect.Effect<void, SqlError> =>
  Effect.andThen(dialect.scrub(sql), Effect.asVoid(sql`DELETE FROM settings WHERE name = ${unscrubbed}`))

const conversation = Effect.fnUntraced(function* (
  database: Database,
  name: Named
): Effect.fn.Return<Erased, SqlError> {
  const key = yield* Conversations.keyOf(database, name)
  const erased = key === undefined ? nothing : yield* eraseConversation(database, key, name)
  const listed = (yield* recordsOf(database, name)).filter((record) => record.conversation === null)
  return { ...erased, quarantined: erased.quarantined + (yield* eraseRecords(database, listed)) }
})

/** Erases a user's messages, and every conversation that the vendor lists as that user's. */
const user = Effect.fnUntraced(function* (
  database: Database,
  name: Named
): Effect.fn.Return<Erased, SqlError> {
  let erased = nothing
  for (const { id, key } of yield* conversationsOf(database, name)) {
    erased = add(erased, yield* eraseConversation(database, key, { ...name, id }))
  }
  return add(erased, yield* eraseMessages(database, name))
})

/** Whether a JSON column contains this text. */
export const contains = (sql: SqlClient, column: string, text: string) =>
  sql`replace(${sql(column)}, ${JSON.stringify(text).slice(1, -1)}, '') <> ${sql(column)}`

const affected = ({ dialect }: Database, statement: { readonly raw: Effect.Effect<unknown, SqlError> }) =>
  Effect.map(statement.raw, dialect.affected)

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Conversations that the vendor lists as a user's. */
export const conversationsOf = Effect.fnUntraced(function* (
  { sql }: Database,
  { account, id, vendor }: Named
) {
  const rows = yield* sql<{ key: number | bigint | string }>`SELECT * FROM conversations
WHERE vendor = ${vendor} AND account = ${account} AND ${contains(sql, "extra", id)}`
  return Rows.toConversations(rows).flatMap((listed, at) =>
    Suppression.namesIn(listed).includes(id) ? [{ id: listed.id, key: Number(rows[at]?.key) }] : []
  )
})

const eraseConversation = Effect.fnUntraced(function* (
  database: Database,
  key: number,
  { account, id, vendor }: Named
): Effect.fn.Return<Erased, SqlError> {
  const { sql } = database
  // First, so that a read in progress waits for this transaction, and then finds no conversation.
  yield* sql`DELETE FROM checkpoints WHERE conversation = ${key}`
  const revisions = yield* affected(database, sql`DELETE FROM revisions WHERE conversation = ${key}`)
  const messages = yield* affected(database, sql`DELETE FROM messages WHERE conversation = ${key}`)
  const quarantined = yield* affected(database, sql`DELETE FROM quarantine WHERE conversation = ${key}`)
  yield* sql`DELETE FROM withheld WHERE conversation = ${key}`
  yield* sql`DELETE FROM listed WHERE conversation = ${key}`
  yield* sql`DELETE FROM redacted WHERE conversation = ${key}`
  const conversations = yield* affected(database, sql`DELETE FROM conversations WHERE key = ${key}`)
  // Reports name the conversations that failed.
  yield* sql`UPDATE runs SET report = NULL
WHERE vendor = ${vendor} AND account = ${account} AND ${contains(sql, "report", id)}`
  return { ...nothing, conversations, messages, revisions, quarantined }
})

// ---------------------------------------------------------------------------------------------------------------
// Messages and records of users
// ---------------------------------------------------------------------------------------------------------------

/** Erases a user's messages in all conversations, records that name the user, and the personal fields of lists. */
const eraseMessages = Effect.fnUntraced(function* (
  database: Database,
  name: Named
): Effect.fn.Return<Erased, SqlError> {
  const { sql } = database
  const { account, vendor } = name
  const stored = Rows.storableId(name.id)
  const ofAccount = sql`SELECT c.key FROM conversations c WHERE c.vendor = ${vendor} AND c.account = ${account}`
  // First: a read in progress does not know yet whom to leave out, and must not write.
  yield* sql`UPDATE checkpoints SET revision = revision + 1 WHERE conversation IN (${ofAccount})`
  const theirs = sql`conversation IN (${ofAccount}) AND user_id = ${stored}`
  const records = yield* recordsOf(database, name)
  const rows = yield* sql<Erasable>`SELECT conversation, id, last_reading FROM messages
WHERE ${theirs} AND gone_at IS NULL`
  const suppressed = [...rows, ...records].flatMap(({ conversation, id, last_reading }) =>
    conversation === null
      ? []
      : [
          {
            conversation: Number(conversation),
            hash: SuppressedRows.hash(database, name, id),
            reading: last_reading
          }
        ]
  )
  yield* SuppressedRows.put(database, suppressed)
  const keys = yield* wroteIn(database, name, records)
  const redacted = yield* Personal.redact(database, name, keys, hashOf(database, "user", name))
  const revisions = yield* affected(
    database,
    sql`DELETE FROM revisions
WHERE (${theirs}) OR message IN (SELECT m.key FROM messages m WHERE ${theirs})`
  )
  const messages = yield* affected(database, sql`DELETE FROM messages WHERE ${theirs}`)
  const quarantined = yield* eraseRecords(database, records)
  yield* sql`UPDATE checkpoints SET
  stored = (SELECT count(*) FROM messages m WHERE m.conversation = checkpoints.conversation AND m.gone_at IS NULL),
  suspected = (SELECT count(*) FROM messages m WHERE m.conversation = checkpoints.conversation
    AND m.gone_at IS NULL AND m.missing_at IS NOT NULL),
  withheld = (SELECT count(*) FROM withheld w WHERE w.conversation = checkpoints.conversation)
WHERE conversation IN (${ofAccount})`
  return { ...nothing, messages, revisions, quarantined, redacted }
})

/** Conversations in which a user has a message, gone or not, a revision or a record. */
export const wroteIn = Effect.fnUntraced(function* (
  { sql }: Database,
  { account, id, vendor }: Named,
  records: ReadonlyArray<Erasable>
): Effect.fn.Return<ReadonlyArray<number>, SqlError> {
  const stored = Rows.storableId(id)
  const rows = yield* sql<{ key: number | bigint | string }>`SELECT c.key FROM conversations c
WHERE c.vendor = ${vendor} AND c.account = ${account} AND (
  EXISTS (SELECT 1 FROM messages m WHERE m.conversation = c.key AND m.user_id = ${stored})
  OR EXISTS (SELECT 1 FROM revisions v WHERE v.conversation = c.key AND v.user_id = ${stored}))`
  const named = records.flatMap(({ conversation }) => (conversation === null ? [] : [Number(conversation)]))
  return [...new Set([...rows.map(({ key }) => Number(key)), ...named])]
})

/** A row that names a user. */
export interface Erasable {
  readonly conversation: number | bigint | string | null
  readonly id: string
  readonly last_reading: number
}

/** Records in quarantine that name a user or a conversation. */
export const recordsOf = ({ sql }: Database, { account, id, vendor }: Named) =>
  Effect.map(
    sql<
      Erasable & { readonly json: string }
    >`SELECT id, conversation, json, reading AS last_reading FROM quarantine
WHERE vendor = ${vendor} AND account = ${account} AND ${contains(sql, "json", id)}`,
    (records) => records.filter(({ json }) => Suppression.namesInRecord(json).includes(id))
  )

const eraseRecords = (
  database: Database,
  records: ReadonlyArray<Erasable>
): Effect.Effect<number, SqlError> =>
  Effect.as(
    Effect.forEach(records, ({ id }) => Records.remove(database, id), { discard: true }),
    records.length
  )

const add = (a: Erased, b: Erased): Erased => ({
  ...nothing,
  conversations: a.conversations + b.conversations,
  messages: a.messages + b.messages,
  revisions: a.revisions + b.revisions,
  quarantined: a.quarantined + b.quarantined,
  redacted: a.redacted + b.redacted
})
