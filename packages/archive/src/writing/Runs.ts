/**
 * Runs over an account: their log, the list of conversations that they store, and the conversations to recheck.
 */
import type { Conversation, Page } from "@colloquy/core"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { ArchiveError } from "../ArchiveError.ts"
import type { Want } from "./ReadSession.ts"

/**
 * How a run ended: `complete`; `partial`, if some conversations failed; `stopped` by a failure that all others would have
 * met as well; `interrupted`. A run that was killed has no outcome.
 */
export type Outcome = "complete" | "partial" | "stopped" | "interrupted"

/** A run that has begun. */
export interface Run {
  /** Its number: runs count up. */
  readonly key: number
  /** The first of the runs that it continues; its own number if it continues none. */
  readonly from: number
  /** The archive's key of the list that it reads; null if conversations were chosen. */
  readonly list: number | null
  /** Rows of messages that it has met so far. */
  readonly met: { rows: number }
}

/** What a run reads: what is new, everything again, or chosen conversations only. */
export type Kind = "incremental" | "full" | "chosen"

/** Which list a run reads. Every source says it of itself. */
export interface ListName {
  readonly vendor: string
  readonly account: string
  /** The options of the list, as text: the source's `listFilter`. */
  readonly listFilter: string
}

/** A run that is to begin. */
export interface RunOptions extends ListName {
  readonly kind: Kind
}

/** A page of a list of conversations, as it is put into the archive. */
export interface ListPage {
  readonly vendor: string
  readonly account: string
  readonly page: Page.Page<Conversation>
  /** The run that reads the list. At the list's end, conversations that this run has not met have vanished. */
  readonly run: Run
  /** The source's `impersonalExtra`. Default: the last that was given for the account, else none. */
  readonly impersonalExtra?: ReadonlyArray<string> | undefined
}

/** What putting a page of a list into the archive did. */
export interface ListedPage {
  /** The page's conversations, without erased ones. */
  readonly conversations: ReadonlyArray<Conversation>
  /** At the list's end: conversations that have vanished from it since it was last read. */
  readonly vanished: number
  /** Records that could not be decoded, and were not in quarantine before. */
  readonly found: number
}

/** A conversation that a run must recheck, and what is wanted of it. */
export interface Recheck {
  readonly conversation: Conversation
  readonly want: Want
}

/** What `archive.runs` does. */
export interface Runs {
  /**
   * Runs an effect while no other run has the list: of this process, of another, or, in Postgres, of another machine. If
   * one has it, fails at once with `Busy`. `Sync.sync` does this for you.
   *
   * The list is free again when the effect ends, however it ends, and when its process does. Within the effect the list
   * may be taken again, so it may call `Sync.sync`.
   *
   * **Example** (A sync, and what must follow before the next)
   *
   * ```ts
   * import { Archive, Sync } from "@colloquy/archive"
   * import { Source } from "@colloquy/core"
   * import { Effect } from "effect"
   *
   * export const program = Effect.gen(function* () {
   *   const archive = yield* Archive
   *   const source = yield* Source
   *   const sync = Effect.andThen(Sync.sync(source), Effect.log("tell the others"))
   *   yield* archive.runs.exclusively(source, sync)
   * })
   * ```
   */
  readonly exclusively: <A, E, R>(
    list: ListName,
    effect: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | ArchiveError, R>
  /** Logs the beginning of a run, and says which earlier runs it continues. */
  readonly begin: (options: RunOptions) => Effect.Effect<Run, ArchiveError>
  /** Stores a page of a vendor's list of conversations. */
  readonly list: (page: ListPage) => Effect.Effect<ListedPage, ArchiveError>
  /**
   * Conversations that the run must check again after its list: for new messages, those that a run which it continues had
   * read and whose changes the list does not show; in full, those that came empty before any other message had come.
   */
  readonly rechecks: (run: Run) => Stream.Stream<Recheck, ArchiveError>
  /** Logs the end of a run, with its report as JSON. */
  readonly end: (run: Run, outcome: Outcome, report: unknown) => Effect.Effect<void, ArchiveError>
}
