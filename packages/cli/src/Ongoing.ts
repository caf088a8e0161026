/**
 * How far a sync has come, for the line of progress and for what is said at its end.
 */
import { Archive, type ArchiveError, type Sync } from "@colloquy/archive"
import type { SourceService } from "@colloquy/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Table from "./terminal/Table.ts"
import type * as Traffic from "./Traffic.ts"

/** A sync that is going on. */
export interface Ongoing {
  readonly vendor: string
  readonly account: string
  readonly startedAt: number
  /** Conversations that the archive knew before, or that were asked for; 0 where that is not known. */
  readonly known: number
  readonly traffic: Traffic.Traffic
  conversations: number
  failed: number
  added: number
  pages: number
}

/** A sync that begins now. */
export const make = Effect.fnUntraced(function* (
  { account, vendor }: Pick<SourceService, "account" | "vendor">,
  traffic: Traffic.Traffic,
  asked = 0
): Effect.fn.Return<Ongoing, ArchiveError.ArchiveError, Archive> {
  const archive = yield* Archive
  const known = asked > 0 ? asked : yield* archive.count({ vendor, account })
  const startedAt = yield* Clock.currentTimeMillis
  return { vendor, account, startedAt, known, traffic, conversations: 0, failed: 0, added: 0, pages: 0 }
})

/** Counts what happens, and logs what a person would want to know of at once. */
export const take =
  (ongoing: Ongoing) =>
  (event: Sync.Event): Effect.Effect<void> => {
    switch (event._tag) {
      case "Page":
        return Effect.sync(() => {
          ongoing.pages += 1
          ongoing.added += event.added
        })
      case "Read":
      case "Unchanged":
        return Effect.sync(() => void (ongoing.conversations += 1))
      case "Rereading":
        return logged(ongoing, Effect.logInfo, event.conversationId, `: ${event.why}`)
      case "Failed":
        return Effect.andThen(
          Effect.sync(() => {
            ongoing.conversations += 1
            ongoing.failed += 1
          }),
          logged(ongoing, Effect.logError, event.conversationId, ` failed: ${event.reason}: ${event.message}`)
        )
    }
  }

/** Logs something about a conversation. */
const logged = (
  { vendor }: Ongoing,
  log: (text: string) => Effect.Effect<void>,
  conversationId: string,
  what: string
): Effect.Effect<void> => Effect.annotateLogs(log(`conversation ${conversationId}${what}`), { vendor })

const sum = (values: ReadonlyArray<number>): number => values.reduce((total, value) => total + value, 0)

/** The line that tells how far syncs have come. */
export const line = Effect.fnUntraced(function* (syncs: ReadonlyArray<Ongoing>): Effect.fn.Return<string> {
  const now = yield* Clock.currentTimeMillis
  const done = sum(syncs.map(({ conversations }) => conversations))
  const known = sum(syncs.map(({ known }) => known))
  const failed = sum(syncs.map(({ failed }) => failed))
  const added = sum(syncs.map(({ added }) => added))
  const retries = sum(syncs.map(({ traffic }) => traffic.retries))
  const waited = sum(syncs.map(({ traffic }) => traffic.waited))
  const elapsed = Math.max(1, now - Math.min(...syncs.map(({ startedAt }) => startedAt)))
  const parts = [
    `${Table.count(done)}${known > done ? ` of ${Table.count(known)}` : ""} conversations`,
    ...(known > done && done > 0 ? [`about ${Table.span((elapsed / done) * (known - done))} left`] : []),
    ...(failed > 0 ? [`${Table.count(failed)} failed`] : []),
    `${Table.count(added)} new messages (${Table.count(Math.round((added * 1000) / elapsed))}/s)`,
    `${Table.count(sum(syncs.map(({ pages }) => pages)))} pages`,
    ...(retries > 0 ? [`${Table.count(retries)} retries`] : []),
    ...(waited >= 1000 ? [`${Table.span(waited)} waited for the rate limit`] : [])
  ]
  const names = syncs.length > 2 ? [`${syncs.length} vendors`] : syncs.map(({ vendor }) => vendor)
  return `${names.join(", ")}: ${parts.join(", ")}`
})
