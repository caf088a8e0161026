/**
 * The table of the quarantine: records that could not be decoded, each once.
 */
import type { Page } from "@colloquy/core"
import { DerivedId } from "@colloquy/core/vendor"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { counted, type Database } from "../database/database.ts"
import * as Rows from "./rows.ts"

/** Two runs prove something: it was so in a run before this one, at this time or before. */
export interface Since {
  readonly run: number
  readonly at: string
}

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

/** In which read and which run records came. */
export interface Found {
  readonly reading: number
  /** Null if the read belongs to no run. */
  readonly run: number | null
  readonly storedAt: string
}

/** Stores records. A record that comes again is stored once. Returns how many are new. */
export const put = Effect.fnUntraced(function* (
  { sql }: Database,
  { reading, run, storedAt }: Found,
  records: ReadonlyArray<Row>
): Effect.fn.Return<number, SqlError> {
  let known = 0
  const found = { reading, first_reading: reading, first_run: run, found_at: storedAt }
  const all = Rows.batches(records.map((record) => ({ ...record, ...found })))
  for (const some of all) {
    const ids = some.map(({ id }) => id)
    known += yield* counted(
      sql<{ n: number }>`SELECT CAST(count(*) AS INTEGER) AS n FROM quarantine WHERE ${sql.in("id", ids)}`
    )
    // A time in the future is set to now: it would keep the record from growing old.
    yield* sql`INSERT INTO quarantine ${sql.insert(some)}
ON CONFLICT (id) DO UPDATE SET problem = excluded.problem,
  reading = CASE WHEN excluded.reading > quarantine.reading THEN excluded.reading ELSE quarantine.reading END, place = excluded.place,
  first_reading = coalesce(quarantine.first_reading, excluded.first_reading),
  first_run = coalesce(quarantine.first_run, excluded.first_run),
  found_at = CASE WHEN quarantine.found_at > excluded.found_at THEN excluded.found_at ELSE quarantine.found_at END,
  origin = excluded.origin`
  }
  return all.reduce((total, { length }) => total + length, 0) - known
})

/**
 * Whether a message of the table `messages` may be a record that could not be decoded. It is none that came in a read with
 * the message, or before it.
 */
export const mayBeMessage = ({ sql }: Database) => sql`EXISTS (SELECT 1 FROM quarantine q
  WHERE q.conversation = messages.conversation
    AND (q.first_reading IS NULL OR q.first_reading > messages.last_reading))`

/** The same for a conversation of a list, of the table `listed`. Reads of lists have the numbers of their runs. */
export const mayBeListed = ({ sql }: Database) => sql`EXISTS (SELECT 1 FROM quarantine q
  WHERE q.list = listed.list AND (q.first_reading IS NULL OR q.first_reading > listed.run))`

/** How many records of a read may come well in another run: those that no earlier run had met, this long ago. */
export const fresh = (
  { sql }: Database,
  { conversation, reading }: { readonly conversation: number; readonly reading: number },
  since: Since | undefined
) => {
  const isOld = since === undefined ? sql`1 = 0` : sql`first_run < ${since.run} AND found_at <= ${since.at}`
  return counted(
    sql<{ n: number }>`SELECT CAST(count(*) AS INTEGER) AS n FROM quarantine
WHERE conversation = ${conversation} AND reading = ${reading} AND (first_run IS NULL OR NOT (${isOld}))`
  )
}

/**
 * Notes that a read from the listing's start has passed a place, and did not meet the records in front of it again. They
 * may have become messages, so nothing is known of them any more. Returns how many there are.
 */
export const passOver = (
  { dialect, sql }: Database,
  { conversation, reading }: { readonly conversation: number; readonly reading: number },
  place: number
) =>
  Effect.map(
    sql`UPDATE quarantine SET first_reading = NULL, first_run = NULL
WHERE conversation = ${conversation} AND reading < ${reading} AND place < ${place}`.raw,
    dialect.affected
  )

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
