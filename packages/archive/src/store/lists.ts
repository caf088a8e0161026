/**
 * The vendors' lists of conversations: which conversations each had when it was last read, and which have vanished from it.
 *
 * A list is identified by vendor, account, and the options that choose what is on it: a chatbot, a span of time.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { counted, type Database } from "../database/database.ts"
import { type Filter, matching } from "./filter.ts"
import * as Records from "./records.ts"

/** Which list. */
export interface Named {
  readonly vendor: string
  readonly account: string
  /** The options that choose what is on it, as text. */
  readonly filter: string
}

/** The archive's own key of a list; created if the list is new. */
export const keyOf = Effect.fnUntraced(function* (
  { sql }: Database,
  { account, filter, vendor }: Named,
  at: string
): Effect.fn.Return<number, SqlError> {
  yield* sql`INSERT INTO lists ${sql.insert({ vendor, account, filter, added_at: at })} ON CONFLICT DO NOTHING`
  const [row] = yield* sql<{ key: number | bigint | string }>`SELECT key FROM lists
WHERE vendor = ${vendor} AND account = ${account} AND filter = ${filter}`
  return Number(row?.key ?? 0)
})

/** The keys of a run and of the list that it reads. */
export interface ListRead {
  readonly list: number
  readonly run: number
}

/** Notes that the list has these conversations, by the archive's keys. They are no longer vanished. */
export const note = Effect.fnUntraced(function* (
  { sql }: Database,
  { list, run }: ListRead,
  conversations: ReadonlyArray<number>
): Effect.fn.Return<void, SqlError> {
  const rows = conversations.map((conversation) => ({ list, conversation, run }))
  for (const some of Arr.chunksOf(rows, 1000)) {
    yield* sql`INSERT INTO listed ${sql.insert(some)}
ON CONFLICT (list, conversation) DO UPDATE SET
  run = CASE WHEN excluded.run > listed.run THEN excluded.run ELSE listed.run END,
  vanished_at = NULL, vanished_run = NULL, accepted_at = NULL`
  }
})

/**
 * At the end of a list, marks the conversations that it did not have as vanished, apart from those that may be records which
 * could not be decoded. Returns how many are newly marked.
 */
export const end = (
  database: Database,
  { list, run }: ListRead,
  at: string
): Effect.Effect<number, SqlError> =>
  Effect.map(
    database.sql`UPDATE listed SET vanished_at = ${at}, vanished_run = ${run}
WHERE list = ${list} AND run < ${run} AND vanished_at IS NULL AND NOT ${Records.mayBeListed(database)}`.raw,
    database.dialect.affected
  )

/** Whether a conversation, `c`, has vanished: a list no longer has it, and no list had it since. */
export const isVanished = ({ sql }: Database) => sql`EXISTS (SELECT 1 FROM listed l
  WHERE l.conversation = c.key AND l.vanished_at IS NOT NULL AND l.accepted_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM listed s WHERE s.conversation = c.key AND s.vanished_at IS NULL AND s.run > l.vanished_run))`

/** How many lists have conversations, and no run that came to their end. */
export const unfinished = ({ sql }: Database, { account, vendor }: Filter) => {
  const where = sql.and([
    sql`EXISTS (SELECT 1 FROM listed d WHERE d.list = l.key)`,
    sql`NOT EXISTS (SELECT 1 FROM runs r WHERE r.list = l.key AND r.outcome IN ('complete', 'partial'))`,
    ...(vendor === undefined ? [] : [sql`l.vendor = ${vendor}`]),
    ...(account === undefined ? [] : [sql`l.account = ${account}`])
  ])
  return counted(sql<{ n: number }>`SELECT CAST(count(*) AS INTEGER) AS n FROM lists l WHERE ${where}`)
}

/** Accepts that the matching conversations have vanished. Returns how many. */
export const accept = Effect.fnUntraced(function* (
  database: Database,
  filter: Filter,
  at: string
): Effect.fn.Return<number, SqlError> {
  const { sql } = database
  const vanished = sql.and([isVanished(database), ...matching(database, filter)])
  const found = yield* counted(
    sql<{ n: number }>`SELECT CAST(count(*) AS INTEGER) AS n FROM conversations c WHERE ${vanished}`
  )
  if (found === 0) return 0
  yield* sql`UPDATE listed SET accepted_at = ${at} WHERE vanished_at IS NOT NULL AND conversation IN (
  SELECT c.key FROM conversations c WHERE ${vanished})`
  return found
})
