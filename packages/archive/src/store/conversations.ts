/**
 * Writes what the vendor's list says about conversations.
 */
import type { Conversation } from "@colloquy/core"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Database, Named } from "../database/database.ts"
import * as Rows from "./rows.ts"

/** Writes conversations. `listedAt` is when the list had them; null if they were asked for by id. */
export const put = Effect.fnUntraced(function* (
  { sql }: Database,
  conversations: ReadonlyArray<Conversation>,
  listedAt: string | null,
  storedAt: string
): Effect.fn.Return<void, SqlError> {
  const accounts = new Map(
    conversations.map(({ account, vendor }) => [`${vendor}\0${account}`, { vendor, account }])
  )
  for (const { account, vendor } of accounts.values()) {
    yield* sql`INSERT INTO accounts ${sql.insert({ vendor, account, added_at: storedAt })} ON CONFLICT DO NOTHING`
  }
  const rows = conversations.map((each) => Rows.ofConversation(each, listedAt, storedAt))
  for (const some of Rows.batches(rows)) {
    const insert = sql`INSERT INTO conversations ${sql.insert(some)}`
    if (listedAt === null) {
      yield* sql`${insert} ON CONFLICT DO NOTHING`
      continue
    }
    const names = Object.keys(some[0]).filter((name) => !["vendor", "account", "id"].includes(name))
    const set = sql.csv(names.map((name) => sql.literal(`${name} = excluded.${name}`)))
    yield* sql`${insert} ON CONFLICT (vendor, account, id) DO UPDATE SET ${set}`
  }
})

/** The archive's own key of a conversation. */
export const keyOf = ({ sql }: Database, { account, id, vendor }: Named) =>
  Effect.map(
    sql<{ key: number | bigint | string }>`SELECT key FROM conversations
WHERE vendor = ${vendor} AND account = ${account} AND id = ${Rows.storableId(id)}`,
    ([row]) => (row === undefined ? undefined : Number(row.key))
  )

/** The archive's own keys of conversations of one account. */
export const keysOf = Effect.fnUntraced(function* (
  { sql }: Database,
  { account, vendor }: Omit<Named, "id">,
  ids: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<number>, SqlError> {
  const keys: Array<number> = []
  for (const some of Arr.chunksOf(ids.map(Rows.storableId), 1000)) {
    const rows = yield* sql<{ key: number | bigint | string }>`SELECT key FROM conversations
WHERE vendor = ${vendor} AND account = ${account} AND ${sql.in("id", some)}`
    for (const { key } of rows) keys.push(Number(key))
  }
  return keys
})

/** Deletes a conversation if it is on no list and was never read; otherwise false. */
export const dropUnread = Effect.fnUntraced(function* (
  { dialect, sql }: Database,
  key: number
): Effect.fn.Return<boolean, SqlError> {
  const unlisted = sql`SELECT key FROM conversations WHERE key = ${key} AND listed_at IS NULL`
  const unread = yield* sql`DELETE FROM checkpoints
WHERE conversation IN (${unlisted}) AND reading = 0`.raw
  if (dialect.affected(unread) === 0) return false
  yield* sql`DELETE FROM listed WHERE conversation = ${key}`
  yield* sql`DELETE FROM redacted WHERE conversation = ${key}`
  yield* sql`DELETE FROM conversations WHERE key = ${key}`
  return true
})
