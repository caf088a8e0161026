/**
 * Counts what a run does, for its report, its events and the metrics.
 */
import type { Conversation, Message, Note, Page } from "@colloquy/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Written } from "../writing/ReadSession.ts"
import type { ListedPage } from "../writing/Runs.ts"
import * as Metrics from "./metrics.ts"
import type { Event, Failed, Report } from "./SyncReport.ts"

/** What a run has done so far. */
export interface Progress extends Counts {
  readonly vendor: string
  readonly account: string
  readonly startedAt: number
  readonly failures: Array<Failed>
  /** What reading the list could not verify. */
  unverified: ReadonlyArray<string>
  /** What reading the list noted. */
  notes: ReadonlyArray<Note.Note>
  /** Records received, decodable or not. */
  received: number
  /** Records that were not in quarantine before. */
  found: number
  /** Records of the account in quarantine, once everything is read. */
  inQuarantine: number | null
  /** Conversations in a row whose vendor could not be reached. */
  unreachable: number
}

interface Counts {
  conversations: number
  read: number
  unchanged: number
  added: number
  changed: number
  gone: number
  suspected: number
  vanished: number
  quarantined: number
  withheld: number
  pages: number
}

/** What reading one conversation did. */
export interface Read {
  added: number
  changed: number
  gone: number
  suspected: number
}

/** A read that has done nothing yet. */
export const nothingRead = (): Read => ({ added: 0, changed: 0, gone: 0, suspected: 0 })

/** A run that has done nothing yet. */
export const make = (vendor: string, account: string): Effect.Effect<Progress> =>
  Effect.map(Clock.currentTimeMillis, (startedAt) => ({
    vendor,
    account,
    startedAt,
    failures: [],
    unverified: [],
    notes: [],
    received: 0,
    found: 0,
    inQuarantine: null,
    unreachable: 0,
    conversations: 0,
    read: 0,
    unchanged: 0,
    added: 0,
    changed: 0,
    gone: 0,
    suspected: 0,
    vanished: 0,
    quarantined: 0,
    withheld: 0,
    pages: 0
  }))

/** Counts a page of the list, and the conversations that have vanished from it. */
export const listed = (
  progress: Progress,
  page: Page.Page<Conversation>,
  { found, vanished }: ListedPage
): Effect.Effect<void> =>
  Effect.suspend(() => {
    progress.pages += 1
    progress.vanished += vanished
    progress.unverified = page.completion?.unverified ?? []
    progress.notes = page.completion?.notes ?? []
    progress.received += page.items.length + page.undecodable.length
    progress.quarantined += page.undecodable.length
    progress.found += found
    return page.undecodable.length === 0
      ? Effect.void
      : Metrics.undecodable(progress, page.undecodable.length)
  })

/** Counts a committed page. */
export const written = (
  progress: Progress,
  read: Read,
  { id }: Conversation,
  page: Page.Page<Message>,
  { added, end, found, suppressed, undecodable }: Written
): Effect.Effect<Event> => {
  const received = page.items.length + undecodable
  progress.pages += 1
  progress.received += received
  progress.added += added
  progress.quarantined += undecodable
  progress.found += found
  progress.withheld += suppressed
  progress.changed += end?.changed ?? 0
  progress.gone += end?.gone ?? 0
  // Several reads of one conversation suspect the same messages.
  if (end !== null) {
    progress.suspected += end.suspected - read.suspected
    read.suspected = end.suspected
  }
  read.added += added
  read.changed += end?.changed ?? 0
  read.gone += end?.gone ?? 0
  return Effect.as(Metrics.written(progress, added, undecodable), {
    _tag: "Page",
    conversationId: id,
    received,
    added
  })
}

/** Counts a conversation that was skipped. */
export const unchanged = (progress: Progress, { id }: Conversation): Effect.Effect<Event> =>
  Effect.sync(() => {
    progress.conversations += 1
    progress.unchanged += 1
    return { _tag: "Unchanged", conversationId: id }
  })

/** Counts a conversation that was read to its end. */
export const read = (progress: Progress, { id }: Conversation, read: Read): Effect.Effect<Event> =>
  Effect.sync(() => {
    progress.conversations += 1
    progress.read += 1
    progress.unreachable = 0
    return { _tag: "Read", conversationId: id, ...read }
  })

/** The facts about a failure. */
export interface Failing {
  /** Whether the vendor could not be reached. */
  readonly unreachable: boolean
  /** Whether the conversation was counted before, as read or unchanged. */
  readonly counted: boolean
}

/** Counts a conversation that failed. */
export const failed = (
  progress: Progress,
  failure: Failed,
  { counted, unreachable }: Failing
): Effect.Effect<Event> =>
  Effect.suspend(() => {
    if (!counted) progress.conversations += 1
    progress.unreachable = unreachable ? progress.unreachable + 1 : 0
    progress.failures.push(failure)
    return Effect.as(Metrics.failed(progress, failure.reason), { _tag: "Failed", again: counted, ...failure })
  })

/** The report of what was done so far. */
export const report = (progress: Progress): Effect.Effect<Report> =>
  Effect.map(Clock.currentTimeMillis, (now) => ({
    vendor: progress.vendor,
    account: progress.account,
    conversations: progress.conversations,
    read: progress.read,
    unchanged: progress.unchanged,
    failed: [...progress.failures],
    added: progress.added,
    changed: progress.changed,
    gone: progress.gone,
    suspected: progress.suspected,
    vanished: progress.vanished,
    unverified: progress.unverified,
    notes: progress.notes,
    quarantined: progress.quarantined,
    inQuarantine: progress.inQuarantine,
    withheld: progress.withheld,
    pages: progress.pages,
    millis: now - progress.startedAt
  }))
