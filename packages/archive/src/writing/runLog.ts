/**
 * The log of runs, and how a run continues an interrupted one. Run numbers, not clocks, say what was read when.
 */
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Database } from "../database/database.ts"
import * as Lists from "../store/lists.ts"
import type { Kind, Outcome, Run, RunOptions } from "./Runs.ts"

/** The kinds, as they are stored. */
const stored: Readonly<Record<Kind, string>> = { incremental: "new", full: "whole", chosen: "chosen" }

/** A run that went through its whole list is not continued. */
const ended: ReadonlySet<string | null> = new Set(["complete", "partial"])

interface Before {
  readonly key: number | bigint | string
  readonly outcome: string | null
  readonly continues_run: number | null
  readonly continues_from: string
}

/**
 * Begins a run. An interrupted run is continued by the next of its kind, and so on, as long as each gets further: if every
 * run stopped at the same place, what comes before it would never be read again. After a complete run of the list, of any
 * kind, nothing is continued. Runs of chosen conversations are never continued.
 */
export const begin = Effect.fnUntraced(function* (
  database: Database,
  { account, kind, listFilter, vendor }: RunOptions,
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
WHERE list = ${list} AND (kind = ${stored[kind]} OR outcome = 'complete') ORDER BY key DESC LIMIT 1`
  const goesOn =
    before?.continues_run != null &&
    !ended.has(before.outcome) &&
    (yield* gotFurther(database, Number(before.key)))
  const [row] = yield* sql<{ key: number | bigint | string }>`INSERT INTO runs ${sql.insert({
    vendor,
    account,
    kind: stored[kind],
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
