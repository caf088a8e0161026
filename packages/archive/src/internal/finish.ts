/**
 * The end of a reading: what is gone, whether the counts agree, and whether the conversation must be read again.
 */
import type { Checkpoint, Conversation, Page } from "@colloquy/core"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SqlError } from "effect/sql/SqlError"
import type * as Checkpoints from "./checkpoints.ts"
import type { Database } from "./database.ts"
import * as Messages from "./messages.ts"
import * as Need from "./need.ts"
import * as Quarantine from "./quarantine.ts"
import type { Run } from "./runs.ts"
import * as Withheld from "./withheld.ts"

/** How a reading ended. */
export interface End {
  /** Messages whose content it replaced. */
  readonly changed: number
  /** Messages that it marked as gone. */
  readonly gone: number
  /** Stored messages that did not come, and are not called gone yet. */
  readonly suspected: number
  /** In words: why the conversation must be read again; null if all agrees. */
  readonly again: string | null
}

/** What a reading is of, and what it belongs to. */
export interface Target {
  readonly database: Database
  readonly conversation: Conversation
  readonly key: number
  /** The run that it belongs to; without one nothing is called gone but what the vendor's count leaves out. */
  readonly run: Run | undefined
  /** How long a message has to have been missing before it is called gone. */
  readonly goneAfter: Duration.Input
  /** Whether the walk goes on from where an earlier one stood. */
  readonly resumed: boolean
}

/** Ends a reading with its last page: on the completion, or, for a listing's head, where it has met what was known. */
export const finish = Effect.fnUntraced(function* (
  target: Target,
  state: Checkpoints.State,
  page: Pick<Page.Page<unknown>, "completion" | "total">,
  storedAt: string
): Effect.fn.Return<readonly [End, Checkpoints.State], SqlError> {
  const { conversation, database, key, run } = target
  const { completion } = page
  const where = { conversation: key, reading: state.reading, storedAt }
  const whole = completion !== null && state.kind !== "tail"
  if (whole) yield* settle(database, where)
  const withheld = whole && state.withheld > 0 ? yield* Withheld.count(database, key) : state.withheld
  const aside = withheld + (yield* Quarantine.count(database, key))
  const total = totalOf(page)
  const missing = yield* missingAfter(database, where, state, whole)
  const met = state.stored + aside - missing
  const agrees = met > 0 && countsAgree(conversation, total, met)
  const unclear = whole && missing > 0 && agrees && isBlind(state)
  const gone = whole && missing > 0 ? yield* markGone(target, where, { met, agrees: agrees && !unclear }) : 0
  const counted = state.stored + aside - gone
  const ended: Checkpoints.State = {
    ...state,
    finished: 1,
    stored: state.stored - gone,
    withheld,
    counted,
    suspected: missing - gone,
    finished_reading: state.reading,
    read_at: storedAt,
    read_run: run?.key ?? state.read_run,
    whole_at: whole ? storedAt : state.whole_at,
    whole_run: whole ? (run?.key ?? state.whole_run) : state.whole_run,
    // A head ends where it meets what is known: the end of the listing is where it was.
    end_checkpoint: completion === null ? state.end_checkpoint : settled(state.checkpoint),
    completion: completion ?? state.completion,
    claimed: total ?? conversation.messageCount,
    listed_count: conversation.messageCount,
    listed_active: conversation.updatedAt,
    short_runs: shortRuns(state, conversation, { whole, counted, run }),
    failure: null,
    failed_at: null
  }
  const follows = followUp(target, state, { whole, total, met: whole ? met : counted, counted, unclear })
  const end = {
    changed: yield* Messages.replaced(database, where),
    gone,
    suspected: missing - gone,
    again: follows?.why ?? null
  }
  return [end, follows === null ? ended : reread(ended, follows.kind, storedAt)]
})

/** A tail goes on from here, and tells of what it met itself. */
const settled = (checkpoint: Checkpoint | null): Checkpoint | null =>
  checkpoint?.stirred === true ? { ...checkpoint, stirred: false } : checkpoint

/** Stored messages that the last whole reading did not meet, and that have not come since. */
const missingAfter = (
  database: Database,
  where: Messages.Target,
  { suspected }: Checkpoints.State,
  whole: boolean
): Effect.Effect<number, SqlError> => {
  if (whole) return Messages.missing(database, where)
  return suspected === 0 ? Effect.succeed(0) : Messages.suspected(database, where.conversation)
}

/** What a whole reading did not meet again of records and of rows left out is gone, or was read well. */
const settle = (database: Database, { conversation, reading }: Messages.Target) =>
  Effect.andThen(
    Quarantine.settle(database, conversation, reading),
    Withheld.settle(database, conversation, reading)
  )

/** A total counts where the walk ended on it, or in its middle; at another end it may count something else. */
const totalOf = ({ completion, total }: Pick<Page.Page<unknown>, "completion" | "total">): number | null =>
  completion === null || completion.proof === "total" ? total : null

// ---------------------------------------------------------------------------------------------------------------
// What did not come
// ---------------------------------------------------------------------------------------------------------------

interface Counts {
  /** Rows that came in this reading. */
  readonly met: number
  /** Whether the vendor counts just what came, and nothing can have moved unseen. */
  readonly agrees: boolean
}

/** Whether the vendor gives counts, and all are of just as many rows. */
const countsAgree = ({ messageCount }: Conversation, total: number | null, met: number): boolean => {
  const claims = [total, messageCount].filter((claim) => claim !== null)
  return claims.length > 0 && claims.every((claim) => claim === met)
}

/**
 * Whether something may have moved unseen: a row that was removed and one that came leave counts as they were. Two readings
 * that agree see it.
 */
const isBlind = ({ checkpoint, kind }: Checkpoints.State): boolean =>
  kind !== "verified" && checkpoint?.blind === true

/**
 * Calls gone what did not come, on what a passing fault cannot give: the vendor counts just what came, and that is
 * something; or it did not come in an earlier run either, long enough ago, and other rows of the account did in both. What
 * is not called gone is suspected. How many are gone.
 */
const markGone = Effect.fnUntraced(function* (
  { conversation, database, goneAfter, run }: Target,
  where: Messages.Target,
  { agrees, met }: Counts
): Effect.fn.Return<number, SqlError> {
  if (agrees) {
    return yield* Messages.markGone(database, where, "the vendor counts just what came", undefined)
  }
  // A vendor that gives nothing at all may have a fault: silence is no evidence, unless its list says so, too.
  const isHeard = run !== undefined && (met > 0 || run.met.rows > 0 || conversation.messageCount === 0)
  yield* Messages.suspect(database, where, isHeard ? run.key : null)
  if (!isHeard) return 0
  const since = DateTime.make((yield* Clock.currentTimeMillis) - Duration.toMillis(goneAfter))
  if (Option.isNone(since)) return 0
  const at = DateTime.formatIso(since.value)
  return yield* Messages.markGone(database, where, "missing in two runs", { at, run: run.key })
})

// ---------------------------------------------------------------------------------------------------------------
// What must follow
// ---------------------------------------------------------------------------------------------------------------

/** A reading that must follow, and in words, why. */
interface FollowUp {
  readonly kind: Checkpoints.Kind
  readonly why: string
}

interface Facts {
  /** Whether counts agree, and stored messages did not come, though they may be there. */
  readonly unclear: boolean
  /** Whether the listing was read from its start to its end. */
  readonly whole: boolean
  readonly total: number | null
  /** Rows that came, or that are known where only a part was read. */
  readonly met: number
  /** Rows known, whether stored, in quarantine or left out. */
  readonly counted: number
}

/** What must be read before this reading can be trusted; null if nothing. */
const followUp = (target: Target, state: Checkpoints.State, facts: Facts): FollowUp | null => {
  const { checkpoint, end_checkpoint, kind, listing_order } = state
  const { whole } = facts
  const before = kind === "tail" ? (end_checkpoint?.shift ?? 0) : 0
  const moved = (checkpoint?.shift ?? 0) - before
  if (moved > 0 && listing_order === "newestFirst") {
    return { kind: "head", why: `${moved} rows came in front while it was read` }
  }
  if (target.resumed && hidesItsHead(state)) {
    return { kind: "head", why: "rows may have come in front of where this reading went on" }
  }
  if (whole && kind === "verified") return null
  const again = whole ? "verified" : "whole"
  if (moved !== 0) return { kind: again, why: `the listing has moved by ${moved} rows` }
  if (facts.unclear) return { kind: again, why: "stored messages did not come, and may have moved unseen" }
  if (state.checkpoint?.stirred === true) return { kind: again, why: "rows came again, or in between" }
  const why = disagreement(target.conversation, state, facts)
  return why === undefined ? null : { kind: again, why }
}

/** A token tells nothing of what came before it; only in a listing that is known to run oldest first nothing does. */
const hidesItsHead = ({ checkpoint, listing_order }: Checkpoints.State): boolean =>
  checkpoint !== null &&
  checkpoint.page === null &&
  checkpoint.offset === null &&
  listing_order !== "oldestFirst"

/** How the vendor's counts and what came disagree, in words; undefined where they do not. */
const disagreement = (
  { messageCount }: Conversation,
  { counted: before, listed_count, short_runs }: Checkpoints.State,
  { counted, met, total, whole }: Facts
): string | undefined => {
  if (total !== null && total !== met) return `the vendor counts ${total} messages, ${met} are known`
  if (messageCount === null || messageCount === counted) return undefined
  const why = `the vendor's list counts ${messageCount} messages, ${counted} are known`
  // Messages may have come since the list was read, but none that it counts may be missing.
  if (messageCount > counted) return whole && short_runs > 0 ? undefined : why
  const agreed = listed_count !== null && listed_count === before
  return !whole && agreed ? why : undefined
}

/** Runs in a row in which the conversation was read whole, and had less than the list says. */
const shortRuns = (
  state: Checkpoints.State,
  conversation: Conversation,
  {
    counted,
    run,
    whole
  }: { readonly whole: boolean; readonly counted: number; readonly run: Run | undefined }
): number => {
  const { counted: before, short_runs, whole_run } = state
  if (Need.leastOf(conversation) <= counted) return 0
  if (!whole) return short_runs
  if (!Need.isAsListed(conversation, state) || counted !== before) return 1
  return run === undefined || run.key === whole_run ? Math.max(1, short_runs) : short_runs + 1
}

/** The reading that must follow; it is owed until it is done. */
const reread = (state: Checkpoints.State, kind: Checkpoints.Kind, begun_at: string): Checkpoints.State => ({
  ...state,
  kind,
  begun_at,
  begun_run: state.read_run,
  finished: 0,
  reading: state.reading + 1,
  checkpoint: null
})
