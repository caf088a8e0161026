/**
 * Writes messages: new rows, rows that came again, rows that are gone.
 */
import type { Message } from "@colloquy/core"
import type * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { counted, type Database } from "../database/database.ts"
import type { Dialect } from "../database/dialect.ts"
import { content } from "../database/migrations.ts"
import * as Records from "./records.ts"
import * as Rows from "./rows.ts"

/** Rows of a head read lie before all that was read earlier, with room for each other. */
export const headRoom = 1_000_000_000

/** The index that a row at this place had in its read. */
export const indexOf = (place: number): number =>
  place < 0 ? headRoom - (-place % headRoom || headRoom) : place

/** Where to store a page's rows. */
export interface Target {
  readonly conversation: number
  readonly reading: number
  readonly storedAt: string
}

/** What writing a page did. */
export interface Inserted {
  readonly added: number
  /** Rows that were marked as gone, and came again. */
  readonly revived: number
  /** Rows that this read had brought before. */
  readonly again: number
}

/** A message, and its place in the listing. */
export interface Placed {
  readonly message: Message
  readonly place: number
}

/** Writes messages. Rows that are stored already are updated. */
export const write = Effect.fnUntraced(function* (
  database: Database,
  target: Target,
  messages: ReadonlyArray<Placed>
): Effect.fn.Return<Inserted, SqlError> {
  let added = 0
  let revived = 0
  let again = 0
  const all = messages.map(({ message, place }) => Rows.ofMessage(message, { ...target, place }))
  for (const rows of Rows.batches(all)) {
    const inserted = yield* insertNew(database, rows)
    added += inserted
    if (inserted === rows.length) continue
    const there = yield* standing(database, target, rows)
    revived += there.gone
    again += there.brought - inserted
    yield* bringUpToDate(database, rows)
  }
  return { added, revived, again }
})

type SomeRows = Arr.NonEmptyReadonlyArray<ReturnType<typeof Rows.ofMessage>>

/** Nearly every page is new: one statement writes it, with the same text as for the page before. */
const insertNew = ({ dialect, sql }: Database, rows: SomeRows): Effect.Effect<number, SqlError> => {
  const columns = Object.keys(rows[0])
  // All rows have the same columns.
  const cells: Array<unknown> = []
  for (const row of rows) cells.push(...Object.values(row))
  return Effect.map(sql.unsafe(insertText(dialect, columns, rows.length), cells).raw, dialect.affected)
}

const texts = new WeakMap<Dialect, Map<number, string>>()
/** Cached texts: pages have few sizes. */
const keptTexts = 10

/** The text is cached: building it for each page would make the insert a quarter slower. */
const insertText = (dialect: Dialect, columns: ReadonlyArray<string>, rows: number): string => {
  const kept = texts.get(dialect) ?? new Map<number, string>()
  const known = kept.get(rows)
  if (known !== undefined) return known
  const values = Array.from({ length: rows }, (_, row) => {
    const parameters = columns.map((_, column) => dialect.parameter(row * columns.length + column + 1))
    return `(${parameters.join(",")})`
  })
  const text = `INSERT INTO messages (${columns.join(",")}) VALUES ${values.join(",")} ON CONFLICT DO NOTHING`
  if (kept.size >= keptTexts) kept.clear()
  texts.set(dialect, kept.set(rows, text))
  return text
}

/** How many of these rows are marked as gone, and how many this read has brought, the new ones included. */
const standing = ({ sql }: Database, { conversation, reading }: Target, rows: SomeRows) =>
  Effect.map(
    sql<{ gone: number; brought: number }>`SELECT
  CAST(coalesce(sum(CASE WHEN gone_at IS NULL THEN 0 ELSE 1 END), 0) AS INTEGER) AS gone,
  CAST(coalesce(sum(CASE WHEN last_reading = ${reading} THEN 1 ELSE 0 END), 0) AS INTEGER) AS brought
FROM messages WHERE conversation = ${conversation} AND ${sql.in(
      "id",
      rows.map(({ id }) => id)
    )}`,
    ([counts = { gone: 0, brought: 0 }]) => counts
  )

/** A trigger keeps the content that this replaces, where it differs. */
const bringUpToDate = ({ sql }: Database, rows: SomeRows): Effect.Effect<unknown, SqlError> => {
  const replaced = [...content, "place", "position", "last_reading", "stored_at"]
  const set = sql.csv(replaced.map((name) => sql.literal(`${name} = excluded.${name}`)))
  return sql`INSERT INTO messages ${sql.insert(rows)}
ON CONFLICT (conversation, id) DO UPDATE SET ${set},
  gone_at = NULL, gone_proof = NULL, missing_at = NULL, missing_run = NULL`
}

/**
 * Moves the live messages that a read has not met, in their order: in front of those that it has, or behind them where the
 * listing runs newest first. For a read of which the vendor gives the newest messages only. Where it gives the message that
 * began the conversation, too, that one stays in front of all.
 */
export const moveAside = Effect.fnUntraced(function* (
  { sql }: Database,
  { conversation, reading }: Target,
  newestFirst: boolean
): Effect.fn.Return<void, SqlError> {
  const live = sql`conversation = ${conversation} AND gone_at IS NULL`
  const unmet = sql`${live} AND last_reading < ${reading}`
  const by = newestFirst ? headRoom * (reading + 1) : -headRoom
  yield* sql`UPDATE messages SET place = place + ${by} WHERE ${unmet}`
  if (newestFirst) return
  const older = sql`${live} AND last_reading = ${reading}
  AND created_at < (SELECT min(created_at) FROM messages WHERE ${unmet})`
  yield* sql`UPDATE messages SET place = place - 1
  + (SELECT min(place) FROM messages WHERE ${unmet}) - (SELECT max(place) FROM messages WHERE ${older})
WHERE ${older}`
})

/** How many live messages of the conversation a read has not met. */
export const missing = ({ sql }: Database, { conversation, reading }: Target) =>
  counted(
    sql<{ n: number }>`SELECT CAST(count(*) AS INTEGER) AS n FROM messages
WHERE conversation = ${conversation} AND last_reading < ${reading} AND gone_at IS NULL`
  )

/** How many live messages of the conversation are suspected. */
export const suspected = ({ sql }: Database, conversation: number) =>
  counted(
    sql<{ n: number }>`SELECT CAST(count(*) AS INTEGER) AS n FROM messages
WHERE conversation = ${conversation} AND missing_at IS NOT NULL AND gone_at IS NULL`
  )

/**
 * Marks messages that a read has not met as suspected, from now and from this run on, unless they are suspected already.
 * `run` is null if the vendor sent nothing at all: that counts as no run. A suspicion in the future is set to now.
 */
export const suspect = ({ sql }: Database, { conversation, reading, storedAt }: Target, run: number | null) =>
  sql`UPDATE messages SET missing_at = ${storedAt}, missing_run = ${run}
WHERE conversation = ${conversation} AND last_reading < ${reading} AND gone_at IS NULL
  AND (missing_at IS NULL OR missing_at > ${storedAt}${run === null ? sql`` : sql` OR missing_run IS NULL`})`

/** How many suspected messages are none of the records that could not be decoded. */
export const unexplained = (database: Database, conversation: number) => {
  const { sql } = database
  return counted(
    sql<{ n: number }>`SELECT CAST(count(*) AS INTEGER) AS n FROM messages
WHERE conversation = ${conversation} AND missing_at IS NOT NULL AND gone_at IS NULL
  AND NOT ${Records.mayBeMessage(database)}`
  )
}

/**
 * Marks messages that a read has not met as gone: all, or those suspected long enough, apart from those that may be
 * records which could not be decoded. Returns how many.
 */
export const markGone = (
  database: Database,
  { conversation, reading, storedAt }: Target,
  proof: string,
  since: Records.Since | undefined
): Effect.Effect<number, SqlError> => {
  const { dialect, sql } = database
  const long =
    since === undefined ? sql`1 = 1` : sql`missing_run < ${since.run} AND missing_at <= ${since.at}`
  return Effect.map(
    sql`UPDATE messages SET gone_at = ${storedAt}, gone_proof = ${proof}, missing_at = NULL, missing_run = NULL
WHERE conversation = ${conversation} AND last_reading < ${reading} AND gone_at IS NULL AND ${long}
  AND NOT ${Records.mayBeMessage(database)}`.raw,
    dialect.affected
  )
}

/** Messages whose content a read has replaced. */
export const replaced = ({ sql }: Database, { conversation, reading }: Target) =>
  counted(
    sql<{ n: number }>`SELECT CAST(count(DISTINCT message) AS INTEGER) AS n FROM revisions
WHERE conversation = ${conversation} AND reading = ${reading}`
  )

/** Which of these ids an earlier, finished read has brought, and their places. */
export const known = ({ sql }: Database, conversation: number, ids: ReadonlyArray<string>, upTo: number) =>
  ids.length === 0
    ? Effect.succeed(new Map<string, number>())
    : Effect.map(
        sql<{ id: string; place: number | bigint | string }>`SELECT id, place FROM messages
WHERE conversation = ${conversation} AND first_reading <= ${upTo} AND ${sql.in("id", ids)}`,
        (rows) => new Map(rows.map(({ id, place }) => [id, Number(place)]))
      )
