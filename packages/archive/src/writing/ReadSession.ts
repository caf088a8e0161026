/**
 * Reads one conversation into the archive: where the walk starts, and how each page is committed.
 *
 * A page's rows and the checkpoint behind them are one transaction, which goes through only if no other writer has
 * moved the conversation meanwhile. `Sync` decides what is read; use this to read a conversation yourself.
 *
 * **Example** (One conversation, from the archive's checkpoint)
 *
 * ```ts
 * import { Archive } from "@colloquy/archive"
 * import type { Conversation, SourceService } from "@colloquy/core"
 * import { Effect, Stream } from "effect"
 *
 * export const read = Effect.fnUntraced(function* (source: SourceService, conversation: Conversation) {
 *   const archive = yield* Archive
 *   const session = yield* archive.sessions.open(conversation, { want: "incremental" })
 *   if (session === undefined) return
 *   const pages = source.messagePages({
 *     conversationId: conversation.id,
 *     conversation,
 *     from: session.from,
 *     verify: session.kind === "verified",
 *     undecodable: "keep"
 *   })
 *   yield* Stream.run(pages, Archive.sink(session))
 * })
 * ```
 */
import type { Checkpoint, Conversation, Message, Page, Pagination } from "@colloquy/core"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { ArchiveError } from "../ArchiveError.ts"
import type { Named } from "../database/database.ts"
import type { Kind, ReadState } from "../store/checkpoints.ts"
import type { Run } from "./Runs.ts"

export { type Kind, type Order, type ReadState } from "../store/checkpoints.ts"

/** What is wanted of a conversation: what is new (`incremental`), or all of it (`full`). */
export type Want = "incremental" | "full"

/** What a session is for. */
export interface Plan {
  readonly want: Want
  /**
   * The run that it belongs to. An unfinished full read of an earlier run, unless this run continues that one, begins
   * again; any other is resumed. Default: none, and every unfinished read is resumed.
   */
  readonly run?: Run | undefined
  /** The documented order of the messages. Default `unknown`: it is learned from their times. */
  readonly order?: Pagination.Order | undefined
  /** How long messages must be missing before they are called gone, 0 to 36,500 days. Default an hour. */
  readonly goneAfter?: Duration.Input | undefined
}

/** What committing a page did. */
export interface Written {
  readonly added: number
  readonly undecodable: number
  /** Of these: records that were not in quarantine before. */
  readonly found: number
  /** Messages left out because their user was erased. */
  readonly suppressed: number
  /** How the read ended, if this was its last page; give it no other then. Else null. */
  readonly end: End | null
}

/** How a read ended. */
export interface End {
  /** Messages whose content it replaced. */
  readonly changed: number
  /** Messages that it marked as gone. */
  readonly gone: number
  /** Stored messages that did not come, and are not called gone yet. */
  readonly suspected: number
  /** In words: why a follow-up read is due; null if none is. */
  readonly again: string | null
}

/** A read of one conversation, ready to be fed with pages. */
export interface ReadSession {
  /** What it covers. Where it is `verified`, walk with `verify: true`. */
  readonly kind: Kind
  /** Where the walk must start; undefined for the start of the listing. */
  readonly from: Checkpoint | undefined
  /**
   * Commits a page. Fails with `Conflict` if another writer has moved the conversation meanwhile; nothing is written then.
   */
  readonly write: (page: Page.Page<Message>) => Effect.Effect<Written, ArchiveError>
  /**
   * Ends the read where the walk failed with `IncompleteWalk` (kind `capped`): the vendor gives no more. The conversation
   * is short, and is not read again until its entry in the list changes. Fails with `Conflict` as `write` does.
   */
  readonly cap: (evidence: string) => Effect.Effect<void, ArchiveError>
}

/** What `archive.sessions` does. */
export interface ReadSessions {
  /** How far a conversation was read; undefined if the archive does not know it. */
  readonly state: (name: Named) => Effect.Effect<ReadState | undefined, ArchiveError>
  /**
   * Begins or resumes a read of a conversation. Undefined if the conversation was erased. Fails with `InvalidOption` if
   * `goneAfter` is out of range.
   */
  readonly open: (
    conversation: Conversation,
    plan: Plan
  ) => Effect.Effect<ReadSession | undefined, ArchiveError>
  /** Notes that reading a conversation failed, for the status to show. */
  readonly noteFailure: (name: Named, failure: string) => Effect.Effect<void, ArchiveError>
  /**
   * Deletes a conversation that is on no list and was never read, such as one whose id the vendor does not know. False,
   * and no deletion, for any other.
   */
  readonly dropUnread: (name: Named) => Effect.Effect<boolean, ArchiveError>
}
