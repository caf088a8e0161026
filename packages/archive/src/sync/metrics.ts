/**
 * Metrics of syncs, by vendor and account. They are for telemetry only: nothing is computed from them.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { Report } from "./SyncReport.ts"

const counter = (name: string, description: string) =>
  Metric.counter(name, { description, incremental: true })

/** Messages that are new in an archive. */
const addedCount = counter("colloquy_archive_added", "Messages that came new into an archive")
/** Pages of messages committed to an archive. */
const pageCount = counter("colloquy_archive_pages", "Pages committed to an archive")
/** Records that went to quarantine. */
const quarantinedCount = counter("colloquy_archive_quarantined", "Records that went to quarantine")
/** Conversations that could not be read, by reason. */
const failureCount = counter("colloquy_sync_failures", "Conversations that a sync could not read")
/** Syncs that ended, by outcome. */
const syncCount = counter("colloquy_syncs", "Syncs that ended")
/** The time that a sync took. */
const syncDuration = Metric.timer("colloquy_sync_duration", {
  description: "Time from the begin of a sync to its end",
  boundaries: [1, 10, 30, 60, 300, 900, 1800, 3600, 10_800, 43_200].map((seconds) => seconds * 1000)
})
/** When a sync last ended with every conversation read. */
const lastSuccess = Metric.gauge("colloquy_sync_last_success_seconds", {
  description: "When a sync last ended complete, in seconds since 1970"
})

/** Whose metrics these are. */
interface Owner {
  readonly vendor: string
  readonly account: string
}

const of = ({ account, vendor }: Owner, more: Readonly<Record<string, string>> = {}) => ({
  vendor,
  account,
  ...more
})

const count = (
  metric: Metric.Counter<number>,
  attributes: Readonly<Record<string, string>>,
  amount: number
): Effect.Effect<void> => Metric.update(Metric.withAttributes(metric, attributes), amount)

/** Counts a committed page of messages. */
export const written = (owner: Owner, added: number, quarantined: number): Effect.Effect<void> => {
  const page = Effect.andThen(count(addedCount, of(owner), added), count(pageCount, of(owner), 1))
  return quarantined === 0 ? page : Effect.andThen(page, undecodable(owner, quarantined))
}

/** Counts records that went to quarantine. */
export const undecodable = (owner: Owner, records: number): Effect.Effect<void> =>
  count(quarantinedCount, of(owner), records)

/** Counts a conversation that could not be read. */
export const failed = (owner: Owner, reason: string): Effect.Effect<void> =>
  count(failureCount, of(owner, { reason }), 1)

/** Counts a sync that ended: `complete`, `partial`, `stopped` or `interrupted`. */
export const ended = Effect.fnUntraced(function* (report: Report, outcome: string) {
  yield* count(syncCount, of(report, { outcome }), 1)
  yield* Metric.update(Metric.withAttributes(syncDuration, of(report)), Duration.millis(report.millis))
  if (outcome !== "complete") return
  const now = yield* Clock.currentTimeMillis
  yield* Metric.update(Metric.withAttributes(lastSuccess, of(report)), Math.floor(now / 1000))
})
