/**
 * The log of runs, and how a run goes on where one before it was broken off. What was read when is told by the numbers of
 * runs, which no clock can turn back.
 */
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Database } from "./database.ts"
import * as Lists from "./lists.ts"

/**
 * How a run ended: `complete`; `partial`, where some conversations failed; `stopped` by what would have failed all
 * others, too; `interrupted`. A run that was killed has no outcome.
 */
export type Outcome = "complete" | "partial" | "stopped" | "interrupted"

/** What went through its whole list leaves nothing to continue. */
const ended: ReadonlySet<string | null> = new Set(["complete", "partial"])

/** A run that has begun. */
export interface Run {
  /** Its number: runs count up. */
  readonly key: number
  /** The first run of those that it continues; its own number where it continues none. */
  readonly from: number
  /** The list that it reads; null where conversations were chosen. */
  readonly list: number | null
  /** What it has met so far. */
  readonly met: { rows: number }
}

/** What a run reads: what is new, everything again, or chosen conversations only. */
export type Kind = "new" | "whole" | "chosen"

/** Whose run it is. */
export interface Of {
  readonly vendor: string
  readonly account: string
  /** The options of its list, as text: the source's `listFilter`. */
  readonly listFilter: string
  readonly kind: Kind
}

interface Before {
  readonly key: number | bigint | string
  readonly outcome: string | null
  readonly continues_run: number | null
  readonly continues_from: string
}

/**
 * Begins a run. One that was broken off is continued by the next of its kind, and so on, as long as each gets further: a
 * run that always stops at the same place would otherwise keep what it can reach from being read again. A complete run of
 * the list leaves nothing to continue, whatever its kind. Runs of chosen conversations are begun anew.
 */
export const begin = Effect.fnUntraced(function* (
  database: Database,
  { account, kind, listFilter, vendor }: Of,
  startedAt: string
): Effect.fn.Return<Run, SqlError> {
  const { sql } = database
  const list =
    kind === "chosen"
      ? null
      : yield* Lists.keyOf(database, { vendor, account, filter: listFilter }, startedAt)
  const [before] =
    list === null
      ? []
      : yield* sql<Before>`SELECT key, outcome, continues_run, continues_from FROM runs
WHERE list = ${list} AND (kind = ${kind} OR outcome = 'complete') ORDER BY key DESC LIMIT 1`
  const goesOn =
    before?.continues_run != null &&
    !ended.has(before.outcome) &&
    (yield* gotFurther(database, Number(before.key)))
  const [row] = yield* sql<{ key: number | bigint | string }>`INSERT INTO runs ${sql.insert({
    vendor,
    account,
    kind,
    list,
    started_at: startedAt,
    continues_from: goesOn ? before.continues_from : startedAt
  })} RETURNING key`
  const key = Number(row?.key ?? 0)
  const from = goesOn ? before.continues_run : key
  yield* sql`UPDATE runs SET continues_run = ${from} WHERE key = ${key}`
  return { key, from, list, met: { rows: 0 } }
})

/** Whether a run has read any conversation to its end. */
const gotFurther = ({ sql }: Database, run: number) =>
  Effect.map(
    sql`SELECT 1 AS found FROM checkpoints WHERE read_run = ${run} LIMIT 1`,
    (rows) => rows.length > 0
  )

/** Ends a run, with its report as JSON. */
export const end = ({ sql }: Database, { key }: Run, outcome: Outcome, report: unknown, endedAt: string) =>
  sql`UPDATE runs SET ended_at = ${endedAt}, outcome = ${outcome}, report = ${JSON.stringify(report)} WHERE key = ${key}`
