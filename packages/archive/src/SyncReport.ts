/**
 * What a sync tells while it goes, and what it reports at its end.
 */
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
  /** Of these: left alone, because nothing has happened there, or because this run had read them before it broke off. */
  unchanged: Schema.Int,
  failed: Schema.Array(Failed),
  /** New messages. */
  added: Schema.Int,
  /** Messages whose content has changed; what was there before is kept. */
  changed: Schema.Int,
  /** Messages that are gone at the vendor. */
  gone: Schema.Int,
  /** Messages that did not come where they came before, and are not called gone yet. */
  suspected: Schema.Int,
  /** Conversations that the vendor's list had the last time, and has no more. */
  vanished: Schema.Int,
  /** In words: what reading the list of conversations could not verify. */
  unverified: Schema.Array(Schema.String),
  /** Records that went to quarantine. */
  quarantined: Schema.Int,
  /** Messages left out because their user was forgotten. */
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
      /** Records that it had. */
      readonly received: number
      /** Messages of it that are new. */
      readonly added: number
    }
  | { readonly _tag: "Unchanged"; readonly conversationId: string }
  /** A reading showed that another must follow, for this reason. */
  | { readonly _tag: "Rereading"; readonly conversationId: string; readonly why: string }
  | {
      readonly _tag: "Read"
      readonly conversationId: string
      readonly added: number
      readonly changed: number
      readonly gone: number
      readonly suspected: number
    }
  | ({ readonly _tag: "Failed" } & Failed)
