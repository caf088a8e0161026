/**
 * Personal fields of the vendor's list: a person's first words, a title, a name. If a person is erased, they are removed
 * from every conversation in which that person wrote, and stay out.
 *
 * The vendor's mapping names the fields that are not personal. Every other field is treated as personal.
 */
import type { Conversation } from "@colloquy/core"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import { type Database, type Named } from "../database/database.ts"
import * as Suppression from "./suppression.ts"
import * as Records from "../store/records.ts"
import * as Rows from "../store/rows.ts"

/** Whose conversations. */
export type Owner = Omit<Named, "id">

type Keyed = { readonly key: number | bigint | string; readonly id: string }

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Array(Schema.String)))

/** A conversation without what may be a person's words or name. */
const without = (conversation: Conversation, impersonal: ReadonlyArray<string>): Conversation => ({
  ...conversation,
  summary: null,
  extra: Object.fromEntries(
    Object.entries(conversation.extra).filter(([field]) => impersonal.includes(field))
  )
})

/** The fields of `extra` that are not personal, as the source last declared them; none if no source has. */
const impersonalOf = ({ sql }: Database, { account, vendor }: Owner) =>
  Effect.map(
    sql<{ impersonal: string | null }>`SELECT impersonal FROM accounts
WHERE vendor = ${vendor} AND account = ${account}`,
    ([row]) => (row?.impersonal == null ? [] : decode(row.impersonal))
  )

/** Stores which fields the source declares impersonal, for erasures without a source. */
export const tell = (
  { sql }: Database,
  { account, vendor }: Owner,
  impersonal: ReadonlyArray<string>
): Effect.Effect<void, SqlError> => {
  const text = JSON.stringify(impersonal)
  return Effect.asVoid(sql`UPDATE accounts SET impersonal = ${text}
WHERE vendor = ${vendor} AND account = ${account} AND (impersonal IS NULL OR impersonal <> ${text})`)
}

/**
 * Conversations as they may be stored: with all fields if they were read and nobody in them was erased. A conversation
 * that was not read yet is stored without personal fields, and gets them when the list is read again.
 */
export const storable = Effect.fnUntraced(function* (
  database: Database,
  suppression: Suppression.Suppression,
  owner: Owner,
  conversations: ReadonlyArray<Conversation>,
  impersonal?: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<Conversation>, SqlError> {
  if (!suppression.anyUser || conversations.length === 0) return conversations
  const { sql } = database
  const whole = new Set<string>()
  const ids = conversations.map(({ id }) => Rows.storableId(id))
  for (const some of Arr.chunksOf(ids, 1000)) {
    const rows = yield* sql<{ id: string }>`SELECT c.id FROM conversations c
JOIN checkpoints p ON p.conversation = c.key
WHERE c.vendor = ${owner.vendor} AND c.account = ${owner.account} AND ${sql.in("c.id", some)}
  AND p.finished_reading > 0 AND NOT EXISTS (SELECT 1 FROM redacted r WHERE r.conversation = c.key)`
    for (const { id } of rows) whole.add(id)
  }
  const known = impersonal ?? (yield* impersonalOf(database, owner))
  return conversations.map((each) => (whole.has(Rows.storableId(each.id)) ? each : without(each, known)))
})

/**
 * Removes personal fields from conversations because a user in them was erased, and keeps them out. Returns how many
 * conversations were not redacted for this user before.
 */
export const redact = Effect.fnUntraced(function* (
  database: Database,
  owner: Owner,
  keys: ReadonlyArray<number>,
  userHash: string
): Effect.fn.Return<number, SqlError> {
  const { dialect, sql } = database
  const fresh: Array<number> = []
  for (const conversation of keys) {
    const noted = yield* sql`INSERT INTO redacted ${sql.insert({ conversation, user_hash: userHash })}
ON CONFLICT DO NOTHING`.raw
    if (dialect.affected(noted) > 0) fresh.push(conversation)
  }
  if (fresh.length === 0) return 0
  const impersonal = yield* impersonalOf(database, owner)
  for (const some of Arr.chunksOf(fresh, 1000)) {
    const rows = yield* sql<Keyed>`SELECT * FROM conversations WHERE ${sql.in("key", some)}`
    for (const [at, conversation] of Rows.toConversations(rows).entries()) {
      const { exact, extra, summary } = Rows.ofConversation(without(conversation, impersonal), null, "")
      yield* sql`UPDATE conversations SET ${sql.update({ exact, extra, summary })}
WHERE key = ${Number(rows[at]?.key)}`
    }
    yield* eraseRecords(database, owner, new Set(rows.map(({ id }) => id)))
  }
  return fresh.length
})

/** Records of the list that name one of these conversations have the same words in them. */
const eraseRecords = Effect.fnUntraced(function* (
  database: Database,
  { account, vendor }: Owner,
  ids: ReadonlySet<string>
): Effect.fn.Return<void, SqlError> {
  const records = yield* database.sql<{ id: string; json: string }>`SELECT id, json FROM quarantine
WHERE vendor = ${vendor} AND account = ${account} AND conversation IS NULL`
  for (const { id, json } of records) {
    if (Suppression.namesInRecord(json).some((name) => ids.has(Rows.storableId(name)))) {
      yield* Records.remove(database, id)
    }
  }
})

/** The records of a list that may be stored: all but those that name a conversation in which a user was erased. */
export const storableRecords = Effect.fnUntraced(function* (
  { sql }: Database,
  suppression: Suppression.Suppression,
  { account, vendor }: Owner,
  records: ReadonlyArray<Records.Row>
): Effect.fn.Return<ReadonlyArray<Records.Row>, SqlError> {
  if (!suppression.anyUser || records.length === 0) return records
  const rows = yield* sql<{ id: string }>`SELECT c.id FROM conversations c
JOIN redacted r ON r.conversation = c.key WHERE c.vendor = ${vendor} AND c.account = ${account}`
  const ids = new Set(rows.map(({ id }) => id))
  return records.filter(
    ({ json }) => !Suppression.namesInRecord(json).some((name) => ids.has(Rows.storableId(name)))
  )
})
