/**
 * What is stored of each conversation, compared with what the vendor claims.
 */
import { Note, Page } from "@colloquy/core"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type { ArchiveError } from "../ArchiveError.ts"
import type { Filter } from "../store/filter.ts"

const nullable = Schema.NullOr

/**
 * Whether a conversation is in sync. `complete`: read to a proven end, and the counts agree as far as the vendor gives
 * any · `short`: the vendor claims more than are known, or gives no more of it · `over`: the vendor claims fewer ·
 * `partial`: a read has not come to its end · `failed`: the last read failed · `unread`: nothing was read yet.
 */
export const SyncState = Schema.Literals(["complete", "short", "over", "partial", "failed", "unread"])
export type SyncState = typeof SyncState.Type

/** A conversation's status; times in ISO 8601. */
export const ConversationStatus = Schema.Struct({
  vendor: Schema.String,
  account: Schema.String,
  conversationId: Schema.String,
  standing: SyncState,
  /** Messages stored and not gone. */
  stored: Schema.Int,
  /** Messages stored that are gone at the vendor. */
  gone: Schema.Int,
  /** Messages stored that did not come when it was last read whole, and are not called gone yet. */
  suspected: Schema.Int,
  /** Messages left out because their user was erased. */
  withheld: Schema.Int,
  /** Records in quarantine. */
  quarantined: Schema.Int,
  /** Messages that the vendor claimed when it was last read; null if it claims no count. */
  claimed: nullable(Schema.Int),
  /** The proof on which the last read that came to an end of its listing ended. */
  proof: nullable(Page.Proof),
  /** In words: what that read could not verify. */
  unverified: Schema.Array(Schema.String),
  /** What that read noted, typed; empty if it was stored before notes existed. */
  notes: Schema.Array(Note.Note),
  /** When a read last came to its end. */
  readAt: nullable(Schema.String),
  /** When it was last read whole. */
  wholeAt: nullable(Schema.String),
  /** When the vendor's list last had it. */
  listedAt: nullable(Schema.String),
  /** When it vanished from a list; null if it is on one, or if that was accepted. */
  vanishedAt: nullable(Schema.String),
  failure: nullable(Schema.String),
  failedAt: nullable(Schema.String)
})
export interface ConversationStatus extends Schema.Schema.Type<typeof ConversationStatus> {}

/** What `archive.status` does. */
export interface Status {
  /** The status of matching conversations, by vendor and account, in the order in which they were first stored. */
  readonly conversations: (filter?: Filter) => Stream.Stream<ConversationStatus, ArchiveError>
  /**
   * How many of the matching accounts' lists of conversations were never read to their end, although something of them is
   * stored: what they have behind that is not known. A conversation in the filter is ignored.
   */
  readonly unfinishedLists: (filter?: Filter) => Effect.Effect<number, ArchiveError>
  /** Accepts that the matching conversations have vanished from the vendor's lists; how many. */
  readonly acceptVanished: (filter?: Filter) => Effect.Effect<number, ArchiveError>
}
