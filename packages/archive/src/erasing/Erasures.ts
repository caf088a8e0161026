/**
 * Erases conversations and users for good, and undoes it.
 */
import type { Conversation } from "@colloquy/core"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type { ArchiveError } from "../ArchiveError.ts"
import type { Named } from "../database/database.ts"

/** What can be erased. */
export const Kind = Schema.Literals(["conversation", "user"])
export type Kind = typeof Kind.Type

/** What was erased, or would be; counts of rows. */
export interface Erased {
  readonly conversations: number
  readonly messages: number
  readonly revisions: number
  readonly quarantined: number
  /** Conversations that stay, without the personal fields of their list. */
  readonly redacted: number
  /** Whether the name is newly noted. Syncs leave out everything under a noted name. */
  readonly noted: boolean
  /** Whether this finished an earlier call, which had erased rows but not yet free pages and logs. */
  readonly finished: boolean
}

/** Something that was erased and is kept out. Its name is not kept. */
export const Erasure = Schema.Struct({
  kind: Kind,
  /** A salted hash of the name. */
  hash: Schema.String,
  /** When, in ISO 8601. */
  forgottenAt: Schema.String
})
export interface Erasure extends Schema.Schema.Type<typeof Erasure> {}

/** How to erase. */
export interface EraseOptions {
  /** Only counts what would be erased, and writes nothing. Default false. */
  readonly dryRun?: boolean | undefined
}

/** What `archive.erasures` does. */
export interface Erasures {
  /**
   * Erases a conversation from every table and free page, and keeps it out of later syncs, even if the archive does not
   * know it.
   */
  readonly forgetConversation: (name: Named, options?: EraseOptions) => Effect.Effect<Erased, ArchiveError>
  /**
   * Erases a user's messages, and every conversation that is listed as that user's, in the same way. Conversations that
   * keep messages of others lose the personal fields of their list.
   */
  readonly forgetUser: (name: Named, options?: EraseOptions) => Effect.Effect<Erased, ArchiveError>
  /** Whether a conversation is kept out: it was erased, or the vendor's list gives it as an erased user's. */
  readonly keepsOut: (conversation: Conversation) => Effect.Effect<boolean, ArchiveError>
  /** What was erased and is kept out, oldest first. */
  readonly list: Stream.Stream<Erasure, ArchiveError>
  /** Undoes an erasure: the next sync may read the conversation again. False if it was not kept out. */
  readonly undoConversation: (name: Named) => Effect.Effect<boolean, ArchiveError>
  /** Undoes an erasure: the next sync reads in full the conversations that the user was left out of. */
  readonly undoUser: (name: Named) => Effect.Effect<boolean, ArchiveError>
}
