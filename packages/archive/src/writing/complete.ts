/**
 * The end of a read: which messages are gone, whether the counts agree, and whether a follow-up read is due.
 */
import type { Checkpoint, Conversation, Page } from "@colloquy/core"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SqlError } from "effect/sql/SqlError"
import * as Checkpoints from "../store/checkpoints.ts"
import type { Database } from "../database/database.ts"
import * as Messages from "../store/messages.ts"
import * as Records from "../store/records.ts"
import type { End } from "./ReadSession.ts"
import type { Run } from "./Runs.ts"
import * as SuppressedRows from "../erasing/suppressedRows.ts"

/** The conversation and the run of a read. */
export interface Target {
  readonly database: Database
  readonly conversation: Conversation
  readonly key: number
  /** The run that it belongs to. Without one, only the vendor's count can make messages gone. */
  readonly run: Run | undefined
  /** How long a message must be missing before it is called gone. */
  readonly goneAfter: Duration.Input
  /** Whether the walk resumes an earlier one. */
  readonly resumed: boolean
}

/** Ends a read with its last page: the end of the listing, or, for a head, the page that reached what was known. */
export const complete = Effect.fnUntraced(function* (
  target: Target,
  state: Checkpoints.ReadState,
  page: Pick<Page.Page<unknown>, "completion" | "total">,
  storedAt: string
): Effect.fn.Return<readonly [End, Checkpoints.ReadState], SqlError> {
  const { conversation, database, key, run } = target
  const { completion } = page
  const where = { conversation: key, reading: state.reading, storedAt }
  const whole = completion !== null && state.kind !== "tail"
  if (whole) yield* settle(database, where)
  const suppressed =
    whole && state.suppressed > 0 ? yield* SuppressedRows.count(database, key) : state.suppressed
  const aside = suppressed + (yield* Records.count(database, key))
  const total = totalOf(page)
  const missing = yield* missingAfter(database, where, state, whole)
  const met = state.stored + aside - missing
  const agrees = met > 0 && countsAgree(conversation, total, met)
  const unclear = whole && missing > 0 && agrees && isBlind(state)
  const since = yield* sinceOf(target)
  const gone =
    whole && missing > 0 ? yield* markGone(target, where, { met, agrees: agrees && !unclear, since }) : 0
  const isFresh = (yield* Records.fresh(database, where, since)) > 0
  const isUnexplained = missing > gone && (yield* Messages.unexplained(database, key)) > 0
  const counted = state.stored + aside - gone
  const ended: Checkpoints.ReadState = {
    ...state,
    finished: true,
    stored: state.stored - gone,
    suppressed,
    counted,
    suspected: missing - gone,
    doubted: isFresh || isUnexplained || (!whole && state.doubted),
    finishedReading: state.reading,
    readAt: storedAt,
    readRun: run?.key ?? state.readRun,
    wholeAt: whole ? storedAt : state.wholeAt,
    wholeRun: whole ? (run?.key ?? state.wholeRun) : state.wholeRun,
    // A head stops early, so it does not change where the listing ends.
    endCheckpoint: completion === null ? state.endCheckpoint : settled(state.checkpoint),
    completion: completion ?? state.completion,
    capped: null,
    claimed: total ?? conversation.messageCount,
    listedCount: conversation.messageCount,
    listedActive: conversation.updatedAt,
    shortRuns: shortRunsAfter(state, conversation, { whole, counted, run }),
    failure: null,
    failedAt: null
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

/** What a listing that the vendor gives only in part says of itself. */
export interface Capped {
  /** Why there is no more, in words. */
  readonly evidence: string
  /** The vendor's count of rows; null if it gives none. */
  readonly total: number | null
}

/**
 * Ends a read of which the vendor gives no more. What came is kept, and nothing is called gone. Until the list says
 * something else, another read would bring the same.
 */
export const cap = Effect.fnUntraced(function* (
  { conversation, database, key, run }: Target,
  state: Checkpoints.ReadState,
  { evidence, total }: Capped,
  storedAt: string
): Effect.fn.Return<Checkpoints.ReadState, SqlError> {
  const { kind, listingOrder, reading } = state
  if (kind === "whole" || kind === "verified") {
    const where = { conversation: key, reading, storedAt }
    yield* Messages.moveAside(database, where, listingOrder === "newestFirst")
  }
  const aside = state.suppressed + (yield* Records.count(database, key))
  return {
    ...state,
    finished: true,
    counted: state.stored + aside,
    suspected: 0,
    doubted: false,
    readAt: storedAt,
    readRun: run?.key ?? state.readRun,
    wholeRun: run?.key ?? state.wholeRun,
    completion: null,
    capped: evidence,
    claimed: total ?? conversation.messageCount,
    listedCount: conversation.messageCount,
    listedActive: conversation.updatedAt,
    failure: null,
    failedAt: null
  }
})

/** The next tail starts here, and must detect only changes that it meets itself. */
const settled = (checkpoint: Checkpoint | null): Checkpoint | null =>
  checkpoint?.stirred === true ? { ...checkpoint, stirred: false } : checkpoint

/** Counts stored messages that the last full read did not meet, and that have not come since. */
const missingAfter = (
  database: Database,
  where: Messages.Target,
  { suspected }: Checkpoints.ReadState,
  whole: boolean
): Effect.Effect<number, SqlError> => {
  if (whole) return Messages.missing(database, where)
  return suspected === 0 ? Effect.succeed(0) : Messages.suspected(database, where.conversation)
}

/** Deletes records and suppressed rows that a full read did not meet again. */
const settle = (database: Database, { conversation, reading }: Messages.Target) =>
  Effect.andThen(
    Records.settle(database, conversation, reading),
    SuppressedRows.settle(database, conversation, reading)
  )

/**
 * A total is trusted if the walk ended on it or on one answer that has as many rows, or has not ended; otherwise it may
 * count something else.
 */
const totalOf = ({ completion, total }: Pick<Page.Page<unknown>, "completion" | "total">): number | null =>
  completion === null || completion.proof === "total" || completion.proof === "oneAnswer" ? total : null

// ---------------------------------------------------------------------------------------------------------------
// Missing messages
// ---------------------------------------------------------------------------------------------------------------

interface Counts {
  /** Rows that came in this read. */
  readonly met: number
  /** Whether the vendor's count equals what came, and every change would have shown. */
  readonly agrees: boolean
  /** What two runs prove; undefined for nothing. */
  readonly since: Records.Since | undefined
}

/** What was so in an earlier run, and is so in this one, long enough after, has no passing reason. */
const sinceOf = ({ goneAfter, run }: Target): Effect.Effect<Records.Since | undefined> =>
  Effect.map(Clock.currentTimeMillis, (now) =>
    run === undefined
      ? undefined
      : Option.match(DateTime.make(now - Duration.toMillis(goneAfter)), {
          onNone: () => undefined,
          onSome: (at) => ({ run: run.key, at: DateTime.formatIso(at) })
        })
  )

/** Whether the vendor gives counts, and all of them equal this number of rows. */
const countsAgree = ({ messageCount }: Conversation, total: number | null, met: number): boolean => {
  const claims = [total, messageCount].filter((claim) => claim !== null)
  return claims.length > 0 && claims.every((claim) => claim === met)
}

/**
 * Whether a change may not have shown: if one row is removed and another comes, counts stay the same. Only two equal
 * passes rule it out.
 */
const isBlind = ({ checkpoint, kind }: Checkpoints.ReadState): boolean =>
  kind !== "verified" && checkpoint?.blind === true

/**
 * Marks messages that did not come as gone, on evidence that a temporary fault cannot produce: either the vendor's count
 * equals what came, and something came; or they did not come in an earlier run either, long enough ago, and other rows of
 * the account came in both runs. All others are suspected, and so is each that may be a record which could not be decoded.
 * Returns how many are gone.
 */
const markGone = Effect.fnUntraced(function* (
  { conversation, database, run }: Target,
  where: Messages.Target,
  { agrees, met, since }: Counts
): Effect.fn.Return<number, SqlError> {
  // A vendor that sends nothing at all may have a fault: that is no evidence, unless its list counts 0, too.
  const isHeard = run !== undefined && (met > 0 || run.met.rows > 0 || conversation.messageCount === 0)
  yield* Messages.suspect(database, where, isHeard ? run.key : null)
  if (agrees) {
    return yield* Messages.markGone(database, where, "the vendor counts just what came", undefined)
  }
  if (!isHeard || since === undefined) return 0
  return yield* Messages.markGone(database, where, "missing in two runs", since)
})

// ---------------------------------------------------------------------------------------------------------------
// Follow-up reads
// ---------------------------------------------------------------------------------------------------------------

/** A follow-up read, and in words, why it is due. */
interface FollowUp {
  readonly kind: Checkpoints.Kind
  readonly why: string
}

interface Facts {
  /** Whether counts agree although stored messages did not come. */
  readonly unclear: boolean
  /** Whether the listing was read from its start to its end. */
  readonly whole: boolean
  readonly total: number | null
  /** Rows that came or, if only a part was read, that are known. */
  readonly met: number
  /** Rows known, whether stored, in quarantine or left out. */
  readonly counted: number
}

/** The follow-up read that is due before this one can be trusted; null if none. */
const followUp = (target: Target, state: Checkpoints.ReadState, facts: Facts): FollowUp | null => {
  const { checkpoint, endCheckpoint, kind, listingOrder } = state
  const { whole } = facts
  const before = kind === "tail" ? (endCheckpoint?.shift ?? 0) : 0
  const moved = (checkpoint?.shift ?? 0) - before
  if (moved > 0 && listingOrder === "newestFirst") {
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

/** Whether new rows may be in front of the checkpoint: a token does not show them, unless the listing runs oldest first. */
const hidesItsHead = ({ checkpoint, listingOrder }: Checkpoints.ReadState): boolean =>
  checkpoint !== null &&
  checkpoint.page === null &&
  checkpoint.offset === null &&
  listingOrder !== "oldestFirst"

/** How the vendor's counts and what came disagree, in words; undefined if they agree. */
const disagreement = (
  { messageCount }: Conversation,
  { counted: before, listedCount, shortRuns }: Checkpoints.ReadState,
  { counted, met, total, whole }: Facts
): string | undefined => {
  if (total !== null && total !== met) return `the vendor counts ${total} messages, ${met} are known`
  if (messageCount === null || messageCount === counted) return undefined
  const why = `the vendor's list counts ${messageCount} messages, ${counted} are known`
  // Messages may have come since the list was read, but none that it counts may be missing.
  if (messageCount > counted) return whole && shortRuns > 0 ? undefined : why
  const agreed = listedCount !== null && listedCount === before
  return !whole && agreed ? why : undefined
}

/** Runs in a row in which the conversation was read whole and had fewer messages than the list counts. */
const shortRunsAfter = (
  state: Checkpoints.ReadState,
  conversation: Conversation,
  {
    counted,
    run,
    whole
  }: { readonly whole: boolean; readonly counted: number; readonly run: Run | undefined }
): number => {
  const { counted: before, shortRuns, wholeRun } = state
  if (Checkpoints.leastOf(conversation) <= counted) return 0
  if (!whole) return shortRuns
  if (!Checkpoints.isAsListed(conversation, state) || counted !== before) return 1
  return run === undefined || run.key === wholeRun ? Math.max(1, shortRuns) : shortRuns + 1
}

/** The follow-up read; it stays due until it is done. */
const reread = (
  state: Checkpoints.ReadState,
  kind: Checkpoints.Kind,
  begunAt: string
): Checkpoints.ReadState => ({
  ...state,
  kind,
  begunAt,
  begunRun: state.readRun,
  finished: false,
  reading: state.reading + 1,
  checkpoint: null
})
