/**
 * Writing and finding records that could not be decoded.
 */
import { Page } from "@colloquy/core"
import { DerivedId } from "@colloquy/core/vendor"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import { counted, type Database } from "./database.ts"
import * as Query from "./query.ts"
import * as Rows from "./rows.ts"

/** Where a record was read: in a conversation, or in a list of conversations. */
export interface Where {
  readonly vendor: string
  readonly account: string
  readonly conversation: number | null
  /** The list; null for those of a conversation, and of archives that did not tell lists apart. */
  readonly list: number | null
}

/** A record as columns, but for when it was read. */
export interface Row extends Where {
  readonly id: string
  readonly place: number
  readonly problem: string
  readonly json: string
  /** Where it stood, as JSON. */
  readonly origin: string | null
}

/** A record as columns. `placed` if its place tells it from an equal one: it does where listings only grow at their end. */
export const rowOf = (
  { account, conversation, list, vendor }: Where,
  { index, json, origin, problem }: Page.Undecodable,
  placed: boolean
): Row => {
  const text = JSON.stringify(json)
  return {
    id: DerivedId.make([vendor, account, conversation ?? list, placed ? index : null, text]).slice(-12),
    vendor,
    account,
    conversation,
    list,
    place: index,
    problem: Rows.storableText(problem),
    json: text,
    origin: origin === undefined ? null : JSON.stringify(origin)
  }
}

/** Keeps records, each once however often it comes. */
export const put = Effect.fnUntraced(function* (
  { sql }: Database,
  { reading, storedAt }: { readonly reading: number; readonly storedAt: string },
  records: ReadonlyArray<Row>
): Effect.fn.Return<void, SqlError> {
  for (const some of Rows.batches(records.map((record) => ({ ...record, reading, found_at: storedAt })))) {
    yield* sql`INSERT INTO quarantine ${sql.insert(some)}
ON CONFLICT (id) DO UPDATE SET problem = excluded.problem,
  reading = CASE WHEN excluded.reading > quarantine.reading THEN excluded.reading ELSE quarantine.reading END, place = excluded.place,
  origin = excluded.origin`
  }
})

/**
 * A list of conversations that was read whole and did not meet a record again has read it well, or it is gone. Records of
 * archives that did not tell lists apart may be of any list of the account.
 */
export const settleList = ({ sql }: Database, { account, list, vendor }: Where, run: number) =>
  sql`DELETE FROM quarantine WHERE vendor = ${vendor} AND account = ${account} AND conversation IS NULL
  AND (list = ${list} OR list IS NULL) AND reading < ${run}`

/** Records of a conversation that wait in quarantine. */
export const count = ({ sql }: Database, conversation: number) =>
  counted(
    sql<{ n: number }>`SELECT CAST(count(*) AS INTEGER) AS n FROM quarantine
WHERE conversation = ${conversation}`
  )

/** A whole reading that did not meet a record again has read it well, or it is gone. */
export const settle = ({ sql }: Database, conversation: number, reading: number) =>
  sql`DELETE FROM quarantine WHERE conversation = ${conversation} AND reading < ${reading}`

/** A record in quarantine. */
export const Record = Schema.Struct({
  /** The archive's own id of it. */
  id: Schema.String,
  vendor: Schema.String,
  account: Schema.String,
  /** Null for a record of the list of conversations. */
  conversationId: Schema.NullOr(Schema.String),
  /** Its place in the listing, from 0; negative where the listing has grown in front. */
  place: Schema.Int,
  /** In words: why it could not be decoded. */
  problem: Schema.String,
  foundAt: Schema.String,
  /** Where it stood; null in archives that did not keep that. */
  origin: Schema.NullOr(Page.Origin),
  /** The record as it came. */
  json: Schema.Json
})
export interface Record extends Schema.Schema.Type<typeof Record> {}

const decode = Schema.decodeUnknownSync(
  Schema.Array(
    Schema.Struct({
      ...Record.fields,
      json: Schema.fromJsonString(Schema.Json),
      origin: Schema.NullOr(Schema.fromJsonString(Page.Origin))
    })
  )
)

/** The records that match. */
export const list = (database: Database, filter: Query.Filter) =>
  select(database, Query.matching(database, filter, "q"))

/** One record; undefined if there is none of this id. */
export const find = (database: Database, id: string) =>
  Effect.map(select(database, [database.sql`q.id = ${id}`]), ([record]) => record)

const select = ({ sql }: Database, where: ReadonlyArray<Fragment>) =>
  Effect.map(
    sql`SELECT q.id, q.vendor, q.account, c.id AS "conversationId", q.place, q.problem, q.found_at AS "foundAt", q.json, q.origin
FROM quarantine q LEFT JOIN conversations c ON c.key = q.conversation
WHERE ${sql.and([sql`1 = 1`, ...where])} ORDER BY q.found_at, q.vendor, q.account, q.conversation, q.place`,
    decode
  )

/** Takes a record out. */
export const remove = ({ sql }: Database, id: string) =>
  Effect.asVoid(sql`DELETE FROM quarantine WHERE id = ${id}`)
