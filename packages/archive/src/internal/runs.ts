/**
 * The log of runs, and how a run goes on where one before it was broken off.
 */
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Database } from "./database.ts"

/**
 * How a run ended: `complete`; `partial`, where some conversations failed; `stopped` by what would have failed all
 * others, too; `interrupted`. A run that was killed has no outcome.
 */
export type Outcome = "complete" | "partial" | "stopped" | "interrupted"

/** What went through its whole list leaves nothing to continue. */
const ended: ReadonlySet<string | null> = new Set(["complete", "partial"])

/** A run that has begun. */
export interface Run {
  readonly key: number
  /** Since when conversations count as read by this run: its own start, or that of the broken run that it continues. */
  readonly since: string
}

/** What a run reads: what is new, everything again, or chosen conversations only. */
export type Kind = "new" | "whole" | "chosen"

/** Whose run it is. */
export interface Of {
  readonly vendor: string
  readonly account: string
  readonly kind: Kind
}

/** Begins a run. */
export const begin = Effect.fnUntraced(function* (
  { sql }: Database,
  { account, kind, vendor }: Of,
  startedAt: string
): Effect.fn.Return<Run, SqlError> {
  const [before] = yield* sql<{
    outcome: string | null
    continues_from: string
  }>`SELECT outcome, continues_from FROM runs
WHERE vendor = ${vendor} AND account = ${account} AND kind = ${kind} ORDER BY key DESC LIMIT 1`
  const since = before === undefined || ended.has(before.outcome) ? startedAt : before.continues_from
  const [row] = yield* sql<{ key: number | bigint | string }>`INSERT INTO runs ${sql.insert({
    vendor,
    account,
    kind,
    started_at: startedAt,
    continues_from: since
  })} RETURNING key`
  return { key: Number(row?.key ?? 0), since }
})

/** Ends a run, with its report as JSON. */
export const end = ({ sql }: Database, { key }: Run, outcome: Outcome, report: unknown, endedAt: string) =>
  sql`UPDATE runs SET ended_at = ${endedAt}, outcome = ${outcome}, report = ${JSON.stringify(report)} WHERE key = ${key}`
