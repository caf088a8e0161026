/**
 * The events of a sync while it runs, and its report at the end.
 */
import { Note } from "@colloquy/core"
import * as Schema from "effect/Schema"

/** A conversation that could not be read. */
export const Failed = Schema.Struct({
  conversationId: Schema.String,
  /** Such as `IncompleteWalk`. */
  reason: Schema.String,
  message: Schema.String
})
export interface Failed extends Schema.Schema.Type<typeof Failed> {}

/** What a run did. */
export const Report = Schema.Struct({
  vendor: Schema.String,
  account: Schema.String,
  /** Conversations that the vendor listed, or that were asked for. */
  conversations: Schema.Int,
  /** Of these: read to an end. */
  read: Schema.Int,
  /** Of these: skipped, because they have not changed, or were read by the interrupted run that this one continues. */
  unchanged: Schema.Int,
  failed: Schema.Array(Failed),
  /** New messages. */
  added: Schema.Int,
  /** Messages whose content has changed; the old content is kept. */
  changed: Schema.Int,
  /** Messages that are gone at the vendor. */
  gone: Schema.Int,
  /** Messages that did not come again, and are not called gone yet. */
  suspected: Schema.Int,
  /** Conversations that were on the vendor's list the last time, and are not now. */
  vanished: Schema.Int,
  /** In words: what reading the list of conversations could not verify. */
  unverified: Schema.Array(Schema.String),
  /** The notes of reading the list of conversations, typed; `unverified` has some of them in words. */
  notes: Schema.Array(Note.Note),
  /** Records that came and could not be decoded, and are in quarantine. */
  quarantined: Schema.Int,
  /**
   * Records of the account that are in quarantine at the end of the run, whichever run put them there: the archive does not
   * have them as messages or conversations. Null if the run was stopped.
   */
  inQuarantine: Schema.NullOr(Schema.Int),
  /** Messages left out because their user was erased. */
  withheld: Schema.Int,
  /** Pages of messages and of the list that were committed. */
  pages: Schema.Int,
  millis: Schema.Int
})
export interface Report extends Schema.Schema.Type<typeof Report> {}

/** What happens during a sync, conversation by conversation. */
export type Event =
  /** A page was committed. */
  | {
      readonly _tag: "Page"
      readonly conversationId: string
      /** Records in the page. */
      readonly received: number
      /** New messages among them. */
      readonly added: number
    }
  | { readonly _tag: "Unchanged"; readonly conversationId: string }
  /** A follow-up read is due, for this reason. */
  | { readonly _tag: "Rereading"; readonly conversationId: string; readonly why: string }
  | {
      readonly _tag: "Read"
      readonly conversationId: string
      readonly added: number
      readonly changed: number
      readonly gone: number
      readonly suspected: number
    }
  | ({
      readonly _tag: "Failed"
      /** Whether `Read` or `Unchanged` told of it before, in this run. */
      readonly again: boolean
    } & Failed)
