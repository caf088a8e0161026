/**
 * The end of a reading: what is gone, whether the counts agree, and whether the conversation must be read again.
 */
import type { Conversation, Page } from "@colloquy/core"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type * as Checkpoints from "./checkpoints.ts"
import type { Database } from "./database.ts"
import * as Messages from "./messages.ts"
import * as Quarantine from "./quarantine.ts"
import * as Withheld from "./withheld.ts"

/** How a reading ended. */
export interface End {
  /** Messages whose content it replaced. */
  readonly changed: number
  /** Messages that it marked as gone. */
  readonly gone: number
  /** In words: why the conversation must be read again; null if all agrees. */
  readonly again: string | null
}

interface Target {
  readonly database: Database
  readonly conversation: Conversation
  readonly key: number
}

/** Ends a reading with its last page: on the completion, or, for a listing's head, where it has met what was known. */
export const finish = Effect.fnUntraced(function* (
  { conversation, database, key }: Target,
  state: Checkpoints.State,
  page: Pick<Page.Page<unknown>, "completion" | "total">,
  storedAt: string
): Effect.fn.Return<readonly [End, Checkpoints.State], SqlError> {
  const { completion } = page
  const target = { conversation: key, reading: state.reading, storedAt }
  const whole = completion !== null && state.kind !== "tail"
  if (whole) yield* settle(database, target)
  const missing = whole ? yield* Messages.missing(database, target) : 0
  const gone = missing > 0 && completion?.verified === true ? missing : 0
  if (gone > 0) yield* Messages.markGone(database, target, `${completion?.proof}, read twice`)
  const withheld = whole && state.withheld > 0 ? yield* Withheld.count(database, key) : state.withheld
  const counted = state.stored - gone + withheld + (yield* Quarantine.count(database, key))
  const total = totalOf(page)
  const owed = owes(state, conversation, { whole, missing: missing - gone, total, counted })
  const finished: Checkpoints.State = {
    ...state,
    finished: 1,
    stored: state.stored - gone,
    withheld,
    counted,
    finished_reading: state.reading,
    read_at: storedAt,
    whole_at: whole ? storedAt : state.whole_at,
    completion: completion ?? state.completion,
    claimed: total ?? conversation.messageCount,
    listed_count: conversation.messageCount,
    listed_active: conversation.updatedAt,
    failure: null,
    failed_at: null
  }
  const end = { changed: yield* Messages.replaced(database, target), gone, again: owed?.why ?? null }
  return [end, owed === null ? finished : reread(finished, owed.kind, storedAt)]
})

/** What a whole reading did not meet again of records and of rows left out is gone, or was read well. */
const settle = (database: Database, { conversation, reading }: Messages.Target) =>
  Effect.andThen(
    Quarantine.settle(database, conversation, reading),
    Withheld.settle(database, conversation, reading)
  )

/** A total counts where the walk ended on it, or in its middle; at another end it may count something else. */
const totalOf = ({ completion, total }: Pick<Page.Page<unknown>, "completion" | "total">): number | null =>
  completion === null || completion.proof === "total" ? total : null

/** A reading that must follow, and in words, why. */
interface Owed {
  readonly kind: Checkpoints.Kind
  readonly why: string
}

interface Facts {
  /** Whether the listing was read from its start to its end. */
  readonly whole: boolean
  /** Stored messages that did not come. */
  readonly missing: number
  readonly total: number | null
  /** Rows known, whether stored, in quarantine or left out. */
  readonly counted: number
}

/** What must be read before this reading can be trusted; null if nothing. */
const owes = (
  { checkpoint, counted: before, kind, listed_count, listing_order }: Checkpoints.State,
  { messageCount }: Conversation,
  { counted, missing, total, whole }: Facts
): Owed | null => {
  const moved = checkpoint?.shift ?? 0
  if (missing > 0) {
    const why = `${missing} stored messages did not come; reading again before they are called gone`
    return { kind: "verified", why }
  }
  if (moved > 0 && listing_order === "newestFirst") {
    return { kind: "head", why: `${moved} rows came in front while it was read` }
  }
  if (whole && kind === "verified") return null
  const again = whole ? "verified" : "whole"
  if (moved !== 0) return { kind: again, why: `the listing has moved by ${moved} rows` }
  if (total !== null && total !== counted) {
    return { kind: again, why: `the vendor counts ${total} messages, ${counted} are known` }
  }
  const agreed = listed_count !== null && listed_count === before
  if (whole || !agreed || messageCount === null || messageCount === counted) return null
  return { kind: again, why: `the vendor's list counts ${messageCount} messages, ${counted} are known` }
}

/** The reading that must follow; it is owed until it is done. */
const reread = (state: Checkpoints.State, kind: Checkpoints.Kind, begun_at: string): Checkpoints.State => ({
  ...state,
  kind,
  begun_at,
  finished: 0,
  reading: state.reading + 1,
  checkpoint: null
})
