/**
 * How far each conversation was read: the row that every page's transaction moves on by compare-and-set.
 */
import { Checkpoint, Page } from "@colloquy/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import type { Database } from "./database.ts"

/**
 * What a reading covers: the `whole` conversation; the same `verified`, read until two readings agree; its `tail`, from
 * where the last reading ended; or its `head`, from the start as far as what is known, where a listing runs newest
 * first.
 */
export const Kind = Schema.Literals(["whole", "verified", "tail", "head"])
export type Kind = typeof Kind.Type

/** How a listing runs, as far as its rows' times have shown. */
export const Order = Schema.Literals(["unknown", "oldestFirst", "newestFirst", "mixed"])
export type Order = typeof Order.Type

const nullable = Schema.NullOr

/** A conversation's row, as it is stored. */
export const State = Schema.Struct({
  revision: Schema.Int,
  reading: Schema.Int,
  kind: Kind,
  /** When the reading began, from the listing's start or, for a tail, from where it stood; and in which run. */
  begun_at: nullable(Schema.String),
  begun_run: nullable(Schema.Int),
  finished: Schema.Literals([0, 1]),
  checkpoint: nullable(Schema.fromJsonString(Checkpoint)),
  listing_order: Order,
  stored: Schema.Int,
  withheld: Schema.Int,
  counted: Schema.Int,
  finished_reading: Schema.Int,
  read_at: nullable(Schema.String),
  whole_at: nullable(Schema.String),
  /** The runs in which a reading last came to its end, and to the end of the whole; null for none that had a number. */
  read_run: nullable(Schema.Int),
  whole_run: nullable(Schema.Int),
  /** Where the listing's end was when a reading last came to it: tails go on from there. */
  end_checkpoint: nullable(Schema.fromJsonString(Checkpoint)),
  /** Stored messages that did not come when the conversation was last read whole, and are not called gone yet. */
  suspected: Schema.Int,
  /** Runs in a row in which it was read whole and came short of what the vendor's list counts. */
  short_runs: Schema.Int,
  completion: nullable(Schema.fromJsonString(Page.Completion)),
  claimed: nullable(Schema.Int),
  listed_count: nullable(Schema.Int),
  listed_active: nullable(Schema.String),
  failure: nullable(Schema.String),
  failed_at: nullable(Schema.String)
})
export interface State extends Schema.Schema.Type<typeof State> {}

const decode = Schema.decodeUnknownSync(Schema.Array(State))

/** What `State` encodes to, by hand: it is done for every page. */
const encode = (state: State) => ({
  ...state,
  checkpoint: jsonOf(state.checkpoint),
  end_checkpoint: jsonOf(state.end_checkpoint),
  completion: jsonOf(state.completion)
})

const jsonOf = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))

/** Nothing was read yet. */
export const initial: State = {
  revision: 1,
  reading: 0,
  kind: "whole",
  begun_at: null,
  begun_run: null,
  finished: 1,
  checkpoint: null,
  listing_order: "unknown",
  stored: 0,
  withheld: 0,
  counted: 0,
  finished_reading: 0,
  read_at: null,
  whole_at: null,
  read_run: null,
  whole_run: null,
  end_checkpoint: null,
  suspected: 0,
  short_runs: 0,
  completion: null,
  claimed: null,
  listed_count: null,
  listed_active: null,
  failure: null,
  failed_at: null
}

const columns = Object.keys(initial)

/** A conversation's state; undefined where there is none. */
export const find = ({ sql }: Database, conversation: number): Effect.Effect<State | undefined, SqlError> =>
  Effect.map(
    sql`SELECT ${sql.csv(columns)} FROM checkpoints WHERE conversation = ${conversation}`,
    (rows) => decode(rows)[0]
  )

/** A conversation's state; made where there is none. */
export const load = Effect.fnUntraced(function* (
  database: Database,
  conversation: number
): Effect.fn.Return<State, SqlError> {
  const { sql } = database
  const found = yield* find(database, conversation)
  if (found !== undefined) return found
  yield* sql`INSERT INTO checkpoints ${sql.insert({ conversation, ...initial })} ON CONFLICT DO NOTHING`
  return (yield* find(database, conversation)) ?? initial
})

/**
 * Takes a conversation for the rest of the transaction, if it is still in the state that it was thought to be in; false
 * if another writer has moved it. To come first: then no two writers wait for each other.
 */
export const take = ({ dialect, sql }: Database, conversation: number, { revision }: State) =>
  Effect.map(
    sql`UPDATE checkpoints SET revision = ${revision + 1}
WHERE conversation = ${conversation} AND revision = ${revision}`.raw,
    (taken) => dialect.affected(taken) === 1
  )

/** Moves a conversation that was taken on to its next state. */
export const move = Effect.fnUntraced(function* (
  { sql }: Database,
  conversation: number,
  from: State,
  to: State
): Effect.fn.Return<State, SqlError> {
  const next = { ...to, revision: from.revision + 1 }
  yield* sql`UPDATE checkpoints SET ${sql.update(encode(next))} WHERE conversation = ${conversation}`
  return next
})

/** Notes why a reading failed; where it stands is not touched. */
export const noteFailure = ({ sql }: Database, conversation: number, failure: string, at: string) =>
  sql`UPDATE checkpoints SET failure = ${failure}, failed_at = ${at} WHERE conversation = ${conversation}`
