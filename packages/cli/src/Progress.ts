/**
 * Counts what a command does with one account of a vendor, for the line of progress and the closing summary.
 *
 * Every command that asks a vendor has one for each source, whether it writes NDJSON or syncs.
 */
import { Archive, type ArchiveError, type Sync } from "@colloquy/archive"
import { Note, type Page, type SourceService } from "@colloquy/core"
import type { VendorClient } from "@colloquy/core/vendor"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Table from "./terminal/Table.ts"

/** Whose data is read. */
export interface Names {
  /** The source's name in the configuration, if it has one. */
  readonly source?: string
  readonly vendor: string
  readonly account: string
}

/** What was done since the start. */
export interface Progress extends Names {
  /** Epoch milliseconds. */
  readonly startedAt: number
  requests: number
  /** Requests among them that were sent again. */
  retries: number
  /** How often the vendor's rate limit was waited for. */
  limited: number
  /** Milliseconds waited on the vendor's rate limit. */
  waited: number
  pages: number
  /** Conversations that a list has or, in a sync, that are done. */
  conversations: number
  /** Conversations that there are at least; 0 if not known. */
  expected: number
  /** Conversations that failed. */
  failed: number
  /** Messages that were read or, in a sync, that are new. */
  messages: number
  /** How many listings ended on each proof. */
  readonly proofs: Map<Page.Proof, number>
  /** What the completions noted, by its words. */
  readonly notes: Map<string, Note.Note>
}

/** Nothing done yet. */
export const make = ({ account, source, vendor }: Names): Effect.Effect<Progress> =>
  Effect.map(Clock.currentTimeMillis, (startedAt) => ({
    ...(source === undefined ? {} : { source }),
    vendor,
    account,
    startedAt,
    requests: 0,
    retries: 0,
    limited: 0,
    waited: 0,
    pages: 0,
    conversations: 0,
    expected: 0,
    failed: 0,
    messages: 0,
    proofs: new Map(),
    notes: new Map()
  }))

// ---------------------------------------------------------------------------------------------------------------
// Counting
// ---------------------------------------------------------------------------------------------------------------

/** Counts what a source tells of its requests. */
export const onRequest =
  (progress: Progress) =>
  (event: VendorClient.RequestEvent): Effect.Effect<void> =>
    Effect.sync(() => {
      switch (event._tag) {
        case "Sent":
          progress.requests += 1
          return
        case "Retrying":
          progress.retries += 1
          return
        case "Waited":
          progress.limited += 1
          progress.waited += Duration.toMillis(event.wait)
      }
    })

/** Counts a page of a list whose conversations are not counted yet. */
export const addList = (progress: Progress, page: Page.Page<unknown>): void => {
  expectListed(progress, page)
  addPage(progress, page)
}

/** Counts a page of a list of conversations, and its conversations. */
export const addConversations = (progress: Progress, page: Page.Page<unknown>): void => {
  progress.conversations += page.items.length
  addList(progress, page)
}

/** Expects what the list counts or, at its end, what it had. */
const expectListed = (
  progress: Progress,
  { completion, items, start, total, undecodable }: Page.Page<unknown>
): void => {
  const had = completion === null ? 0 : start + items.length + undecodable.length
  progress.expected = Math.max(progress.expected, total ?? 0, had)
}

/** The source; whoever reads its list lets the progress know how many conversations there are. */
export const listening = (progress: Progress, source: SourceService): SourceService => ({
  ...source,
  conversationPages: (options) =>
    Stream.tap(source.conversationPages(options), (page) => Effect.sync(() => expectListed(progress, page)))
})

/** Counts a page of messages. */
export const addMessages = (progress: Progress, page: Page.Page<unknown>): void => {
  progress.messages += page.items.length
  addPage(progress, page)
}

const addPage = (progress: Progress, { completion }: Page.Page<unknown>): void => {
  progress.pages += 1
  if (completion === null) return
  progress.proofs.set(completion.proof, (progress.proofs.get(completion.proof) ?? 0) + 1)
  for (const note of completion.notes) progress.notes.set(Note.words(note), note)
}

/** Expects as many conversations as were asked for or, if all are synced, as the archive already has. */
export const expect = Effect.fnUntraced(function* (
  progress: Progress,
  asked = 0
): Effect.fn.Return<void, ArchiveError.ArchiveError, Archive> {
  const archive = yield* Archive
  const { account, vendor } = progress
  progress.expected = asked > 0 ? asked : yield* archive.count({ vendor, account })
})

/** Counts what happens in a sync, and logs what a person wants to know at once. */
export const onEvent =
  (progress: Progress) =>
  (event: Sync.Event): Effect.Effect<void> => {
    switch (event._tag) {
      case "Page":
        return Effect.sync(() => {
          progress.pages += 1
          progress.messages += event.added
        })
      case "Read":
      case "Unchanged":
        return Effect.sync(() => void (progress.conversations += 1))
      case "Rereading":
        return logged(progress, Effect.logInfo, event.conversationId, `: ${event.why}`)
      case "Failed":
        return Effect.andThen(
          Effect.sync(() => {
            if (!event.again) progress.conversations += 1
            progress.failed += 1
          }),
          logged(
            progress,
            Effect.logError,
            event.conversationId,
            ` failed: ${event.reason}: ${event.message}`
          )
        )
    }
  }

/** What lines call it. */
const titleOf = ({ source, vendor }: Names): string => source ?? vendor

const logged = (
  progress: Progress,
  log: (text: string) => Effect.Effect<void>,
  conversationId: string,
  what: string
): Effect.Effect<void> =>
  Effect.annotateLogs(log(`conversation ${conversationId}${what}`), { vendor: titleOf(progress) })

// ---------------------------------------------------------------------------------------------------------------
// Telling
// ---------------------------------------------------------------------------------------------------------------

/** What a command brings: messages, or only the list of conversations. */
export type Noun = "message" | "new message" | "conversation"

/** The line of progress, of one account or of several that are read at once: its parts, the most important first. */
export const line = (
  all: ReadonlyArray<Progress>,
  noun: Noun = "message"
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const sum = (of: (each: Progress) => number): number => all.reduce((total, each) => total + of(each), 0)
    const done = sum(({ conversations }) => conversations)
    const expected = sum((each) => each.expected)
    const failed = sum((each) => each.failed)
    const messages = sum((each) => each.messages)
    const retries = sum((each) => each.retries)
    const limited = sum((each) => each.limited)
    const elapsed = Math.max(1, now - Math.min(...all.map(({ startedAt }) => startedAt)))
    const names = all.length > 2 ? `${all.length} sources` : all.map(titleOf).join(", ")
    const far =
      expected > done
        ? `${Table.count(done)} of ${Table.counted(expected, "conversation")}`
        : Table.counted(done, "conversation")
    const came = noun === "conversation" ? done : messages
    return [
      `${names}: ${far}`,
      ...(failed > 0 ? [`${Table.count(failed)} failed`] : []),
      ...(limited > 0 ? [`rate limited ${Table.count(limited)}×`] : []),
      ...(noun === "conversation" ? [] : [Table.counted(messages, noun)]),
      ...(limited > 0 ? [`waited ${Table.span(sum(({ waited }) => waited))}`] : []),
      ...(expected > done && done > 0
        ? [`about ${Table.span((elapsed / done) * (expected - done))} left`]
        : []),
      `${Table.count(Math.round((came * 1000) / elapsed))}/s`,
      Table.counted(
        sum(({ pages }) => pages),
        "page"
      ),
      ...(retries > 0 ? [Table.counted(retries, "retry", "retries")] : [])
    ]
  })

/** What `pull` and `conversations` tell at their end; the fields of `--json`. */
export interface Summary extends Names {
  readonly conversations: number
  readonly messages: number
  readonly pages: number
  readonly retries: number
  readonly millis: number
  readonly proofs: Readonly<Record<string, number>>
  readonly mended: ReadonlyArray<string>
  readonly unverified: ReadonlyArray<string>
  readonly notes: ReadonlyArray<Note.Note>
}

/** The summary of what was done so far. */
export const summary = (progress: Progress): Effect.Effect<Summary> =>
  Effect.map(Clock.currentTimeMillis, (now) => ({
    vendor: progress.vendor,
    account: progress.account,
    conversations: progress.conversations,
    messages: progress.messages,
    pages: progress.pages,
    retries: progress.retries,
    millis: now - progress.startedAt,
    proofs: Object.fromEntries(progress.proofs),
    ...Note.inWords([...progress.notes.values()])
  }))
