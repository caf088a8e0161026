/**
 * The table of the quarantine: records that could not be decoded, each once.
 */
import type { Page } from "@colloquy/core"
import { DerivedId } from "@colloquy/core/vendor"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { counted, type Database } from "../database/database.ts"
import * as Rows from "./rows.ts"

/** Where a record was read: in a conversation, or in a list of conversations. */
export interface Where {
  readonly vendor: string
  readonly account: string
  readonly conversation: number | null
  /** The list; null for a record of a conversation, and for records of versions that did not tell lists apart. */
  readonly list: number | null
}

/** A record as columns, without the time of the read. */
export interface Row extends Where {
  readonly id: string
  readonly place: number
  readonly problem: string
  readonly json: string
  /** Where it stood, as JSON. */
  readonly origin: string | null
}

/** A record as columns. `placed` if its place distinguishes it from an equal one, as it does in a listing that grows only at its end. */
export const rowOf = (
  { account, conversation, list, vendor }: Where,
  { index, json, origin, problem }: Page.Undecodable,
  placed: boolean
): Row => {
  const text = JSON.stringify(json)
  // Keys of conversations and of lists are numbers alike.
  const owner = conversation ?? (list === null ? null : `list ${list}`)
  return {
    id: DerivedId.make([vendor, account, owner, placed ? index : null, text]).slice(-12),
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

/** Stores records. A record that comes again is stored once. */
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
 * Deletes the records that a list, read to its end, did not have again: they were fixed or are gone. Records of older
 * versions, which did not tell lists apart, may be of any list of the account.
 */
export const settleList = ({ sql }: Database, { account, list, vendor }: Where, run: number) =>
  sql`DELETE FROM quarantine WHERE vendor = ${vendor} AND account = ${account} AND conversation IS NULL
  AND (list = ${list} OR list IS NULL) AND reading < ${run}`

/** Counts the records of a conversation in quarantine. */
export const count = ({ sql }: Database, conversation: number) =>
  counted(
    sql<{ n: number }>`SELECT CAST(count(*) AS INTEGER) AS n FROM quarantine
WHERE conversation = ${conversation}`
  )

/** Deletes the records that a full read did not meet again: they were fixed or are gone. */
export const settle = ({ sql }: Database, conversation: number, reading: number) =>
  sql`DELETE FROM quarantine WHERE conversation = ${conversation} AND reading < ${reading}`

/** Deletes a record. */
export const remove = ({ sql }: Database, id: string) =>
  Effect.asVoid(sql`DELETE FROM quarantine WHERE id = ${id}`)
