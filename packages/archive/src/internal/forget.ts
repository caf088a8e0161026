/**
 * Erasing for good: out of every table, index and free page, with a salted hash left so that it does not come back.
 */
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as Conversations from "./conversations.ts"
import { type Database, hashOf, type NamedBy } from "./database.ts"
import * as Forgotten from "./forgotten.ts"
import * as Quarantine from "./quarantine.ts"
import * as Rows from "./rows.ts"
import * as Withheld from "./withheld.ts"

/** What was erased. */
export interface Erased {
  readonly conversations: number
  readonly messages: number
  readonly revisions: number
  readonly quarantined: number
}

const nothing: Erased = { conversations: 0, messages: 0, revisions: 0, quarantined: 0 }

/** Erases one conversation, and remembers that it must not come back. */
export const conversation = Effect.fnUntraced(function* (
  database: Database,
  name: NamedBy,
  at: string
): Effect.fn.Return<Erased, SqlError> {
  yield* remember(database, "conversation", name, at)
  const key = yield* Conversations.keyOf(database, name)
  const erased = key === undefined ? nothing : yield* eraseConversation(database, key, name)
  const listed = (yield* recordsOf(database, name)).filter((record) => record.conversation === null)
  return { ...erased, quarantined: erased.quarantined + (yield* eraseRecords(database, listed)) }
})

/** Erases a user's messages, and whole every conversation that the vendor lists as that user's. */
export const user = Effect.fnUntraced(function* (
  database: Database,
  name: NamedBy,
  at: string
): Effect.fn.Return<Erased, SqlError> {
  yield* remember(database, "user", name, at)
  let erased = nothing
  for (const { id, key } of yield* conversationsOf(database, name)) {
    erased = add(erased, yield* eraseConversation(database, key, { ...name, id }))
  }
  return add(erased, yield* eraseMessages(database, name))
})

const remember = (database: Database, kind: "conversation" | "user", name: NamedBy, at: string) =>
  database.sql`INSERT INTO forgotten ${database.sql.insert({ hash: hashOf(database, kind, name), kind, forgotten_at: at })}
ON CONFLICT DO NOTHING`

/** Whether a column of JSON has this text in it. */
const contains = (sql: SqlClient, column: string, text: string) =>
  sql`replace(${sql(column)}, ${JSON.stringify(text).slice(1, -1)}, '') <> ${sql(column)}`

const affected = ({ dialect }: Database, statement: { readonly raw: Effect.Effect<unknown, SqlError> }) =>
  Effect.map(statement.raw, dialect.affected)

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

const conversationsOf = Effect.fnUntraced(function* ({ sql }: Database, { account, id, vendor }: NamedBy) {
  const rows = yield* sql<{ key: number | bigint | string }>`SELECT * FROM conversations
WHERE vendor = ${vendor} AND account = ${account} AND ${contains(sql, "extra", id)}`
  return Rows.toConversations(rows).flatMap((listed, at) =>
    Forgotten.namesIn(listed).includes(id) ? [{ id: listed.id, key: Number(rows[at]?.key) }] : []
  )
})

const eraseConversation = Effect.fnUntraced(function* (
  database: Database,
  key: number,
  { account, id, vendor }: NamedBy
): Effect.fn.Return<Erased, SqlError> {
  const { sql } = database
  // First, so that what is being read into it now waits for the end of this, and finds nothing then.
  yield* sql`DELETE FROM checkpoints WHERE conversation = ${key}`
  const revisions = yield* affected(database, sql`DELETE FROM revisions WHERE conversation = ${key}`)
  const messages = yield* affected(database, sql`DELETE FROM messages WHERE conversation = ${key}`)
  const quarantined = yield* affected(database, sql`DELETE FROM quarantine WHERE conversation = ${key}`)
  yield* sql`DELETE FROM withheld WHERE conversation = ${key}`
  yield* sql`DELETE FROM listed WHERE conversation = ${key}`
  const conversations = yield* affected(database, sql`DELETE FROM conversations WHERE key = ${key}`)
  // Reports name the conversations that failed.
  yield* sql`UPDATE runs SET report = NULL
WHERE vendor = ${vendor} AND account = ${account} AND ${contains(sql, "report", id)}`
  return { conversations, messages, revisions, quarantined }
})

// ---------------------------------------------------------------------------------------------------------------
// Messages and records of users
// ---------------------------------------------------------------------------------------------------------------

/** A user's messages, wherever they are; records in quarantine that name the user go with them. */
const eraseMessages = Effect.fnUntraced(function* (
  database: Database,
  name: NamedBy
): Effect.fn.Return<Erased, SqlError> {
  const { sql } = database
  const { account, vendor } = name
  const stored = Rows.storableId(name.id)
  const ofAccount = sql`SELECT c.key FROM conversations c WHERE c.vendor = ${vendor} AND c.account = ${account}`
  // First: what is being read now does not know yet whom to leave out, and must not be written.
  yield* sql`UPDATE checkpoints SET revision = revision + 1 WHERE conversation IN (${ofAccount})`
  const theirs = sql`conversation IN (${ofAccount}) AND user_id = ${stored}`
  const records = yield* recordsOf(database, name)
  const rows = yield* sql<Erasable>`SELECT conversation, id, last_reading FROM messages
WHERE ${theirs} AND gone_at IS NULL`
  const withheld = [...rows, ...records].flatMap(({ conversation, id, last_reading }) =>
    conversation === null
      ? []
      : [
          {
            conversation: Number(conversation),
            hash: Withheld.hash(database, name, id),
            reading: last_reading
          }
        ]
  )
  yield* Withheld.put(database, withheld)
  const revisions = yield* affected(
    database,
    sql`DELETE FROM revisions
WHERE (${theirs}) OR message IN (SELECT m.key FROM messages m WHERE ${theirs})`
  )
  const messages = yield* affected(database, sql`DELETE FROM messages WHERE ${theirs}`)
  const quarantined = yield* eraseRecords(database, records)
  yield* sql`UPDATE checkpoints SET
  stored = (SELECT count(*) FROM messages m WHERE m.conversation = checkpoints.conversation AND m.gone_at IS NULL),
  withheld = (SELECT count(*) FROM withheld w WHERE w.conversation = checkpoints.conversation)
WHERE conversation IN (${ofAccount})`
  return { conversations: 0, messages, revisions, quarantined }
})

interface Erasable {
  readonly conversation: number | bigint | string | null
  readonly id: string
  readonly last_reading: number
}

/** Records in quarantine that name a user or a conversation. */
const recordsOf = ({ sql }: Database, { account, id, vendor }: NamedBy) =>
  Effect.map(
    sql<
      Erasable & { readonly json: string }
    >`SELECT id, conversation, json, reading AS last_reading FROM quarantine
WHERE vendor = ${vendor} AND account = ${account} AND ${contains(sql, "json", id)}`,
    (records) => records.filter(({ json }) => Forgotten.namesInRecord(json).includes(id))
  )

const eraseRecords = (
  database: Database,
  records: ReadonlyArray<Erasable>
): Effect.Effect<number, SqlError> =>
  Effect.as(
    Effect.forEach(records, ({ id }) => Quarantine.remove(database, id), { discard: true }),
    records.length
  )

const add = (a: Erased, b: Erased): Erased => ({
  conversations: a.conversations + b.conversations,
  messages: a.messages + b.messages,
  revisions: a.revisions + b.revisions,
  quarantined: a.quarantined + b.quarantined
})
