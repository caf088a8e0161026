/**
 * Counts what an erasure would erase, without a change; and undoes erasures.
 */
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import * as Conversations from "../store/conversations.ts"
import { counted, type Database, hashOf, type Named } from "../database/database.ts"
import * as Erase from "./erase.ts"
import type { Erased, Kind } from "./Erasures.ts"
import * as Rows from "../store/rows.ts"

/** What would be erased. */
export const survey = Effect.fnUntraced(function* (
  database: Database,
  kind: Kind,
  name: Named
): Effect.fn.Return<Erased, SqlError> {
  const { sql } = database
  const hash = hashOf(database, kind, name)
  const known = yield* sql`SELECT 1 AS found FROM forgotten WHERE hash = ${hash}`
  const records = yield* Erase.recordsOf(database, name)
  const whole = yield* wholeOf(database, kind, name)
  const isWhole = whole.length === 0 ? sql`1 = 0` : sql.in("conversation", whole)
  const apart = records.filter(({ conversation }) =>
    conversation === null ? true : kind === "user" && !whole.includes(Number(conversation))
  )
  const erased = {
    ...Erase.nothing,
    conversations: whole.length,
    messages: yield* count(database, "messages", isWhole),
    revisions: yield* count(database, "revisions", isWhole),
    quarantined: apart.length + (yield* count(database, "quarantine", isWhole)),
    noted: known.length === 0
  }
  return kind === "conversation" ? erased : yield* withUser(database, name, erased, { whole, records })
})

const wholeOf = Effect.fnUntraced(function* (
  database: Database,
  kind: Kind,
  name: Named
): Effect.fn.Return<ReadonlyArray<number>, SqlError> {
  if (kind === "user") return (yield* Erase.conversationsOf(database, name)).map(({ key }) => key)
  const key = yield* Conversations.keyOf(database, name)
  return key === undefined ? [] : [key]
})

const count = ({ sql }: Database, table: string, where: Fragment) =>
  counted(sql<{ n: number }>`SELECT CAST(count(*) AS INTEGER) AS n FROM ${sql(table)} WHERE ${where}`)

/** A user's rows in conversations that stay. */
const withUser = Effect.fnUntraced(function* (
  database: Database,
  name: Named,
  erased: Erased,
  found: { readonly whole: ReadonlyArray<number>; readonly records: ReadonlyArray<Erase.Erasable> }
): Effect.fn.Return<Erased, SqlError> {
  const { sql } = database
  const { records, whole } = found
  const stays = whole.length === 0 ? sql`1 = 1` : sql`NOT (${sql.in("conversation", whole)})`
  const theirs = sql`${stays} AND user_id = ${Rows.storableId(name.id)} AND conversation IN (
  SELECT c.key FROM conversations c WHERE c.vendor = ${name.vendor} AND c.account = ${name.account})`
  const keys = yield* Erase.wroteIn(database, name, records)
  const marked = yield* sql<{ conversation: number | bigint | string }>`SELECT conversation FROM redacted
WHERE user_hash = ${hashOf(database, "user", name)}`
  const done = new Set([...whole, ...marked.map(({ conversation }) => Number(conversation))])
  const revisions = sql`(${theirs}) OR message IN (SELECT m.key FROM messages m WHERE ${theirs})`
  return {
    ...erased,
    messages: erased.messages + (yield* count(database, "messages", theirs)),
    revisions: erased.revisions + (yield* count(database, "revisions", revisions)),
    redacted: keys.filter((key) => !done.has(key)).length
  }
})

/**
 * Undoes the erasure of a name; false if it was not kept out. Conversations that a user was left out of need a full
 * follow-up read, so that the next sync brings back what the vendor still has.
 */
export const undo = Effect.fnUntraced(function* (
  database: Database,
  kind: Kind,
  name: Named
): Effect.fn.Return<boolean, SqlError> {
  const { dialect, sql } = database
  const hash = hashOf(database, kind, name)
  const lifted = yield* sql`DELETE FROM forgotten WHERE hash = ${hash}`.raw
  if (dialect.affected(lifted) === 0) return false
  const others = yield* sql`SELECT 1 AS found FROM forgotten WHERE kind = 'user' LIMIT 1`
  // Rows of an earlier version do not say whose they are.
  const hashes = others.length === 0 ? [hash, ""] : [hash]
  yield* sql`UPDATE checkpoints SET revision = revision + 1, reading = reading + 1, kind = 'whole', finished = 0,
  checkpoint = NULL, begun_at = NULL, begun_run = NULL
WHERE reading > 0 AND conversation IN (SELECT conversation FROM redacted WHERE ${sql.in("user_hash", hashes)})`
  yield* sql`DELETE FROM redacted WHERE ${sql.in("user_hash", hashes)}`
  return true
})
