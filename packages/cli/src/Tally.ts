/**
 * Counts what a command has read, for the progress line and the summary.
 */
import { Note, type Page, type SourceService } from "@colloquy/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Table from "./terminal/Table.ts"
import type { Traffic } from "./Traffic.ts"

/** What has been read from one vendor so far. */
export interface Tally {
  readonly vendor: string
  readonly account: string
  readonly startedAt: number
  readonly traffic: Traffic
  conversations: number
  messages: number
  pages: number
  /** How many listings each proof ended. */
  readonly proofs: Map<Page.Proof, number>
  /** What went wrong and was made good, each said once. */
  readonly mended: Set<string>
  /** What could not be verified, each said once. */
  readonly unverified: Set<string>
  /** What the completions noted, by its words. */
  readonly notes: Map<string, Note.Note>
}

/** An empty tally. */
export const make = (
  { account, vendor }: Pick<SourceService, "account" | "vendor">,
  traffic: Traffic
): Effect.Effect<Tally> =>
  Effect.map(Clock.currentTimeMillis, (startedAt) => ({
    vendor,
    account,
    startedAt,
    traffic,
    conversations: 0,
    messages: 0,
    pages: 0,
    proofs: new Map(),
    mended: new Set(),
    unverified: new Set(),
    notes: new Map()
  }))

/** Counts a page of a list of conversations. */
export const addConversations = (tally: Tally, page: Page.Page<unknown>): void => {
  tally.conversations += page.items.length
  addPage(tally, page)
}

/** Counts a page of messages. */
export const addMessages = (tally: Tally, page: Page.Page<unknown>): void => {
  tally.messages += page.items.length
  addPage(tally, page)
}

const addPage = (tally: Tally, { completion }: Page.Page<unknown>): void => {
  tally.pages += 1
  if (completion === null) return
  tally.proofs.set(completion.proof, (tally.proofs.get(completion.proof) ?? 0) + 1)
  for (const what of completion.mended) tally.mended.add(what)
  for (const what of completion.unverified) tally.unverified.add(what)
  for (const note of completion.notes) tally.notes.set(Note.words(note), note)
}

/** The line that tells how far the reading has come. */
export const line = (tally: Tally): Effect.Effect<string> =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const { conversations, messages, pages, startedAt, vendor } = tally
    const rate = Math.round((messages * 1000) / Math.max(1, now - startedAt))
    return `${vendor}: ${Table.count(conversations)} conversations, ${Table.count(messages)} messages, ${Table.count(pages)} pages, ${Table.count(rate)} messages/s`
  })

/** What a finished command says of itself; the fields of `--json`. */
export interface Summary {
  readonly vendor: string
  readonly account: string
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

/** The summary of a tally, now. */
export const summary = Effect.fnUntraced(function* (tally: Tally): Effect.fn.Return<Summary> {
  const { account, conversations, messages, pages, traffic, vendor } = tally
  const now = yield* Clock.currentTimeMillis
  return {
    vendor,
    account,
    conversations,
    messages,
    pages,
    retries: traffic.retries,
    millis: now - tally.startedAt,
    proofs: Object.fromEntries(tally.proofs),
    mended: [...tally.mended],
    unverified: [...tally.unverified],
    notes: [...tally.notes.values()]
  }
})

/** `lastPage × 3, total × 12` */
export const proofsText = (proofs: Summary["proofs"]): string =>
  Object.entries(proofs)
    .map(([proof, count]) => `${proof} × ${count}`)
    .join(", ")
