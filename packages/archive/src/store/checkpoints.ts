/**
 * How far each conversation was read: one row each, which every page's transaction updates by compare-and-set.
 */
import { Checkpoint, type Conversation, Page } from "@colloquy/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import type { Database } from "../database/database.ts"

/**
 * What a read covers: the `whole` conversation; the same `verified`, read until two passes agree; its `tail`, from
 * where the last read ended; or its `head`, from the start as far as what is known, where a listing runs newest
 * first.
 */
export const Kind = Schema.Literals(["whole", "verified", "tail", "head"])
export type Kind = typeof Kind.Type

/** How a listing runs, as far as its rows' times have shown. */
export const Order = Schema.Literals(["unknown", "oldestFirst", "newestFirst", "mixed"])
export type Order = typeof Order.Type

const nullable = Schema.NullOr

/** How far a conversation was read; times in ISO 8601. */
export interface ReadState {
  /** Counts every change of this state. */
  readonly revision: number
  /** The number of the current or last read of the conversation, from 1; 0 if there was none. */
  readonly reading: number
  readonly kind: Kind
  /** When that read began, from the listing's start or, for a tail, from where it stood; and in which run. */
  readonly begunAt: string | null
  readonly begunRun: number | null
  /** Whether that read has come to its end, and no follow-up read is due. */
  readonly finished: boolean
  readonly checkpoint: Checkpoint | null
  readonly listingOrder: Order
  /** Messages stored and not gone. */
  readonly stored: number
  /** Messages left out because their user was erased. */
  readonly suppressed: number
  /** Rows known at the last end of a read: stored, suppressed or in quarantine. */
  readonly counted: number
  /** The number of the last read that came to its end; 0 for none. */
  readonly finishedReading: number
  /** When a read last came to its end, and to the end of the whole. */
  readonly readAt: string | null
  readonly wholeAt: string | null
  /** The runs in which that was; null for none that had a number. */
  readonly readRun: number | null
  readonly wholeRun: number | null
  /** Where the listing ended when a read last came to its end: tails start there. */
  readonly endCheckpoint: Checkpoint | null
  /** Stored messages that did not come in the last full read, and are not called gone yet. */
  readonly suspected: number
  /**
   * Whether another run must read it whole: a record that could not be decoded may come well then, or a suspected message
   * again.
   */
  readonly doubted: boolean
  /** Runs in a row in which a full read had fewer messages than the vendor's list counts. */
  readonly shortRuns: number
  readonly completion: Page.Completion | null
  /** Why the last read that ended has not all messages, because the vendor gives no more of them; null if it gives all. */
  readonly capped: string | null
  /** Messages that the vendor claimed at the last end of a read. */
  readonly claimed: number | null
  /** What the vendor's list said of the conversation then. */
  readonly listedCount: number | null
  readonly listedActive: string | null
  /** Why a read failed since then, and when. */
  readonly failure: string | null
  readonly failedAt: string | null
}

/** A conversation's row, as it is stored. */
const Row = Schema.Struct({
  revision: Schema.Int,
  reading: Schema.Int,
  kind: Kind,
  begunAt: nullable(Schema.String),
  begunRun: nullable(Schema.Int),
  finished: Schema.BooleanFromBit,
  checkpoint: nullable(Schema.fromJsonString(Checkpoint)),
  listingOrder: Order,
  stored: Schema.Int,
  suppressed: Schema.Int,
  counted: Schema.Int,
  finishedReading: Schema.Int,
  readAt: nullable(Schema.String),
  wholeAt: nullable(Schema.String),
  readRun: nullable(Schema.Int),
  wholeRun: nullable(Schema.Int),
  endCheckpoint: nullable(Schema.fromJsonString(Checkpoint)),
  suspected: Schema.Int,
  doubted: Schema.BooleanFromBit,
  shortRuns: Schema.Int,
  completion: nullable(Schema.fromJsonString(Page.Completion)),
  capped: nullable(Schema.String),
  claimed: nullable(Schema.Int),
  listedCount: nullable(Schema.Int),
  listedActive: nullable(Schema.String),
  failure: nullable(Schema.String),
  failedAt: nullable(Schema.String)
}).pipe(
  Schema.encodeKeys({
    begunAt: "begun_at",
    begunRun: "begun_run",
    listingOrder: "listing_order",
    suppressed: "withheld",
    finishedReading: "finished_reading",
    readAt: "read_at",
    wholeAt: "whole_at",
    readRun: "read_run",
    wholeRun: "whole_run",
    endCheckpoint: "end_checkpoint",
    shortRuns: "short_runs",
    listedCount: "listed_count",
    listedActive: "listed_active",
    failedAt: "failed_at"
  })
)

const decode: (rows: unknown) => ReadonlyArray<ReadState> = Schema.decodeUnknownSync(Schema.Array(Row))

/** Encodes a state by hand, for speed: every page does it. */
const encode = (state: ReadState) => ({
  revision: state.revision,
  reading: state.reading,
  kind: state.kind,
  begun_at: state.begunAt,
  begun_run: state.begunRun,
  finished: state.finished ? 1 : 0,
  checkpoint: jsonOf(state.checkpoint),
  listing_order: state.listingOrder,
  stored: state.stored,
  withheld: state.suppressed,
  counted: state.counted,
  finished_reading: state.finishedReading,
  read_at: state.readAt,
  whole_at: state.wholeAt,
  read_run: state.readRun,
  whole_run: state.wholeRun,
  end_checkpoint: jsonOf(state.endCheckpoint),
  suspected: state.suspected,
  doubted: state.doubted ? 1 : 0,
  short_runs: state.shortRuns,
  completion: jsonOf(state.completion),
  capped: state.capped,
  claimed: state.claimed,
  listed_count: state.listedCount,
  listed_active: state.listedActive,
  failure: state.failure,
  failed_at: state.failedAt
})

const jsonOf = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))

/** Nothing was read yet. */
export const initial: ReadState = {
  revision: 1,
  reading: 0,
  kind: "whole",
  begunAt: null,
  begunRun: null,
  finished: true,
  checkpoint: null,
  listingOrder: "unknown",
  stored: 0,
  suppressed: 0,
  counted: 0,
  finishedReading: 0,
  readAt: null,
  wholeAt: null,
  readRun: null,
  wholeRun: null,
  endCheckpoint: null,
  suspected: 0,
  doubted: false,
  shortRuns: 0,
  completion: null,
  capped: null,
  claimed: null,
  listedCount: null,
  listedActive: null,
  failure: null,
  failedAt: null
}

const columns = Object.keys(encode(initial))

/** A conversation's state; undefined if there is none. */
export const find = (
  { sql }: Database,
  conversation: number
): Effect.Effect<ReadState | undefined, SqlError> =>
  Effect.map(
    sql`SELECT ${sql.csv(columns)} FROM checkpoints WHERE conversation = ${conversation}`,
    (rows) => decode(rows)[0]
  )

/** A conversation's state; created if there is none. */
export const load = Effect.fnUntraced(function* (
  database: Database,
  conversation: number
): Effect.fn.Return<ReadState, SqlError> {
  const { sql } = database
  const found = yield* find(database, conversation)
  if (found !== undefined) return found
  const row = { conversation, ...encode(initial) }
  yield* sql`INSERT INTO checkpoints ${sql.insert(row)} ON CONFLICT DO NOTHING`
  return (yield* find(database, conversation)) ?? initial
})

/**
 * Locks a conversation for the rest of the transaction, if its state has not changed; false if another writer
 * changed it. Call it first in a transaction, so that two writers cannot deadlock.
 */
export const take = ({ dialect, sql }: Database, conversation: number, { revision }: ReadState) =>
  Effect.map(
    sql`UPDATE checkpoints SET revision = ${revision + 1}
WHERE conversation = ${conversation} AND revision = ${revision}`.raw,
    (taken) => dialect.affected(taken) === 1
  )

/** Writes the next state of a locked conversation. */
export const move = Effect.fnUntraced(function* (
  { sql }: Database,
  conversation: number,
  from: ReadState,
  to: ReadState
): Effect.fn.Return<ReadState, SqlError> {
  const next = { ...to, revision: from.revision + 1 }
  yield* sql`UPDATE checkpoints SET ${sql.update(encode(next))} WHERE conversation = ${conversation}`
  return next
})

/** Notes why a read failed. The checkpoint does not change. */
export const noteFailure = ({ sql }: Database, conversation: number, failure: string, at: string) =>
  sql`UPDATE checkpoints SET failure = ${failure}, failed_at = ${at} WHERE conversation = ${conversation}`

/** Has another run read a conversation whole if it has suspected messages. */
export const doubtSuspected = ({ sql }: Database, conversation: number) =>
  sql`UPDATE checkpoints SET doubted = 1, revision = revision + 1 WHERE conversation = ${conversation} AND suspected > 0`

/** How many messages the vendor's list implies at least: an active conversation has one. */
export const leastOf = ({ messageCount, updatedAt }: Conversation): number =>
  messageCount ?? (updatedAt === null ? 0 : 1)

/** Whether the list still says the same as when the conversation was last read. */
export const isAsListed = (
  { messageCount, updatedAt }: Conversation,
  { listedActive, listedCount }: ReadState
): boolean => messageCount === listedCount && updatedAt === listedActive
