/**
 * One reading of one conversation into the archive: where it starts, and how each page is committed.
 *
 * A page's rows and the checkpoint behind them are one transaction, which goes through only if no other writer has
 * moved the conversation meanwhile. `Sync` decides what is read; use this to drive a reading yourself.
 */
import { type Checkpoint, type Conversation, type Message, Page, type Pagination } from "@colloquy/core"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { type ArchiveError, Conflict } from "./ArchiveError.ts"
import * as Checkpoints from "./internal/checkpoints.ts"
import { type Database, fail, now, transaction } from "./internal/database.ts"
import * as Finish from "./internal/finish.ts"
import { type Forgotten, namesInRecord } from "./internal/forgotten.ts"
import * as Messages from "./internal/messages.ts"
import * as Personal from "./internal/personal.ts"
import * as Quarantine from "./internal/quarantine.ts"
import { storableId } from "./internal/rows.ts"
import type { Run } from "./internal/runs.ts"
import * as Withheld from "./internal/withheld.ts"

/** What is wanted of a conversation: what is `new`, or all of it (`whole`). */
export type Want = "new" | "whole"

/** What a reading is for. */
export interface Plan {
  readonly want: Want
  /**
   * The run that it belongs to. A whole reading that was begun in a run before it, and before those that it continues, does
   * not go on, but begins again. Default: none, and all go on.
   */
  readonly run?: Run | undefined
  /** How the messages run, where the vendor documents it. Default `unknown`: it is learned from their times. */
  readonly order?: Pagination.Order | undefined
  /** How long messages have to have been missing before they are called gone. Default an hour. */
  readonly goneAfter?: Duration.Input | undefined
}

/** What committing a page did. */
export interface Written {
  readonly added: number
  readonly undecodable: number
  /** Messages left out because their user was forgotten. */
  readonly withheld: number
  /** How the reading ended, if this was its end; no further page is wanted then. */
  readonly end: Finish.End | null
}

/** A reading, ready to be fed with pages. */
export interface Reading {
  readonly kind: Checkpoints.Kind
  /** Where the walk must start. */
  readonly from: Checkpoint | undefined
  /** Commits a page; fails with `ArchiveError`, as `Conflict` if another writer was there first, and has no effect then. */
  readonly write: (page: Page.Page<Message>) => Effect.Effect<Written, ArchiveError>
}

/** A conversation in the archive. */
export interface Place {
  readonly database: Database
  readonly forgotten: Forgotten
  readonly conversation: Conversation
  /** The archive's own key. */
  readonly key: number
}

interface Target extends Place, Finish.Target {
  /** How the vendor documents that the messages run. */
  readonly order: Pagination.Order
}

/** Plans a reading from where the conversation stands. */
export const make = (place: Place, stored: Checkpoints.State, plan: Plan, begunAt: string): Reading => {
  let state = stored
  let working = planned(stored, plan, begunAt)
  const { checkpoint, kind } = working
  const { goneAfter = "1 hour", order = "unknown", run } = plan
  let target: Target = { ...place, run, goneAfter, order, resumed: checkpoint !== null }
  const commit = Effect.fnUntraced(function* (
    page: Page.Page<Message>
  ): Effect.fn.Return<readonly [Written, Checkpoints.State], ArchiveError | SqlError> {
    const { database, key } = target
    if (!(yield* Checkpoints.take(database, key, state))) {
      return yield* fail("Archive.write", new Conflict({ conversationId: target.conversation.id }))
    }
    const [written, next] = yield* take(target, working, page, yield* now)
    return [written, yield* Checkpoints.move(database, key, state, next)]
  })
  const write = Effect.fn("Archive.write")(function* (
    page: Page.Page<Message>
  ): Effect.fn.Return<Written, ArchiveError> {
    if (page.restarted !== null) target = { ...target, resumed: false }
    const [written, moved] = yield* transaction(target.database, "Archive.write", commit(page))
    if (run !== undefined) run.met.rows += page.items.length
    state = moved
    working = moved
    return written
  })
  return { kind, from: checkpoint ?? undefined, write }
}

/** An unfinished reading goes on, unless it covers less than is wanted, or began too early. */
const planned = (
  state: Checkpoints.State,
  { order = "unknown", run, want }: Plan,
  now: string
): Checkpoints.State => {
  const { begun_run, end_checkpoint, finished, kind, reading } = state
  const listing_order = order === "unknown" ? state.listing_order : order
  const isWhole = kind === "whole" || kind === "verified"
  const covers = want === "new" || (isWhole && (run === undefined || (begun_run ?? 0) >= run.from))
  if (finished === 0 && covers) {
    // Both of its readings have to be of the listing as it is now.
    return { ...state, listing_order, checkpoint: kind === "verified" ? null : state.checkpoint }
  }
  const next = {
    ...state,
    listing_order,
    begun_at: now,
    begun_run: run?.key ?? begun_run,
    finished: 0,
    reading: reading + 1
  } as const
  if (want === "whole" || state.finished_reading === 0) return { ...next, kind: "whole", checkpoint: null }
  return listing_order === "newestFirst"
    ? { ...next, kind: "head", checkpoint: null }
    : { ...next, kind: "tail", checkpoint: end_checkpoint }
}

/** Takes in a page: what it did, and the state after it. */
const take = Effect.fnUntraced(function* (
  target: Target,
  before: Checkpoints.State,
  page: Page.Page<Message>,
  storedAt: string
): Effect.fn.Return<readonly [Written, Checkpoints.State], SqlError> {
  const { database, key } = target
  // What an earlier attempt at this reading has met may be gone by now.
  const state: Checkpoints.State =
    page.restarted === null
      ? before
      : {
          ...before,
          kind: "whole",
          reading: before.reading + 1,
          begun_at: storedAt,
          begun_run: target.run?.key ?? before.begun_run
        }
  const listing_order =
    target.order === "unknown" ? orderOf(state.listing_order, page.items) : state.listing_order
  const where = { conversation: key, reading: state.reading, storedAt }
  const { messages, records, users, withheld } = parted(target, page, { ...state, listing_order })
  const met = state.kind === "head" && (yield* meetsKnown(target, state, messages))
  const { added, again, revived } = yield* Messages.write(database, where, messages)
  yield* Quarantine.put(database, where, records)
  yield* Withheld.put(
    database,
    withheld.map((hash) => ({ conversation: key, hash, reading: state.reading }))
  )
  for (const user of users) yield* Personal.redact(database, target.conversation, [key], user)
  const next: Checkpoints.State = {
    ...state,
    checkpoint: stirred(page, before, again),
    listing_order,
    stored: state.stored + added + revived,
    withheld: withheld.length === 0 ? state.withheld : yield* Withheld.count(database, key)
  }
  const written = { added, undecodable: records.length, withheld: withheld.length }
  if (page.completion === null && !met) return [{ ...written, end: null }, next]
  const [end, finished] = yield* Finish.finish(target, next, page, storedAt)
  return [{ ...written, end }, finished]
})

/**
 * The checkpoint of a page. A walk remembers its last rows only when it goes on: that others came again, and the listing was
 * therefore stirred, the archive knows.
 */
const stirred = (
  { checkpoint, restarted }: Page.Page<Message>,
  before: Checkpoints.State,
  again: number
): Checkpoint => {
  const wasStirred = restarted === null && before.checkpoint?.stirred === true
  return again > 0 || wasStirred ? { ...checkpoint, stirred: true } : checkpoint
}

interface Parted {
  readonly messages: ReadonlyArray<Messages.Placed>
  readonly records: ReadonlyArray<Quarantine.Row>
  /** Hashes of what is left out. */
  readonly withheld: ReadonlyArray<string>
  /** Hashes of the users for whom it is left out. */
  readonly users: ReadonlyArray<string>
}

/** What of a page is stored as messages and as records that could not be decoded, and what is left out. */
const parted = (
  { conversation, database, forgotten, key }: Target,
  page: Page.Page<Message>,
  { kind, listing_order, reading }: Checkpoints.State
): Parted => {
  const before = kind === "head" ? reading * Messages.headRoom : 0
  const placed = Page.map(page, (message, index) => ({ message, place: index - before })).items
  const rows = page.undecodable.map((record) =>
    Quarantine.rowOf(
      { vendor: conversation.vendor, account: conversation.account, conversation: key, list: null },
      { ...record, index: record.index - before },
      // Where a listing runs newest first, a record's index is another each time.
      listing_order !== "newestFirst"
    )
  )
  const messages = placed.filter(({ message }) => !forgotten.message(message))
  const records = rows.filter((row) => !forgotten.record(row))
  if (messages.length === placed.length && records.length === rows.length)
    return { messages, records, withheld: [], users: [] }
  const ids = [
    ...placed.flatMap(({ message }) => (forgotten.message(message) ? [storableId(message.id)] : [])),
    ...rows.flatMap((row) => (forgotten.record(row) ? [row.id] : []))
  ]
  const names = [
    ...placed.flatMap(({ message: { userId } }) => (userId === null ? [] : [userId])),
    ...rows.flatMap(({ json }) => namesInRecord(json))
  ]
  return {
    messages,
    records,
    withheld: ids.map((id) => Withheld.hash(database, conversation, id)),
    users: forgotten.usersOf(conversation, names)
  }
}

/** Whether a page of a head reading has come to what was known before, and to nothing else from there. */
const meetsKnown = Effect.fnUntraced(function* (
  { database, key }: Target,
  state: Checkpoints.State,
  messages: ReadonlyArray<Messages.Placed>
): Effect.fn.Return<boolean, SqlError> {
  const ids = messages.map(({ message }) => storableId(message.id))
  const known = yield* Messages.known(database, key, ids, state.finished_reading)
  const first = ids.findIndex((id) => known.has(id))
  return first >= 0 && ids.slice(first).every((id) => known.has(id))
})

/** How the listing runs, these rows considered. */
const orderOf = (order: Checkpoints.Order, messages: ReadonlyArray<Message>): Checkpoints.Order => {
  let found = order
  let before: string | null = null
  for (const { createdAt } of messages) {
    if (createdAt !== null && before !== null && createdAt !== before) {
      const runs = isLater(createdAt, before) ? "oldestFirst" : "newestFirst"
      found = found === "unknown" || found === runs ? runs : "mixed"
    }
    before = createdAt ?? before
  }
  return found
}

/** Times that differ in their fraction's length do not sort with their Z. */
const isLater = (time: string, than: string): boolean =>
  time.length === than.length ? time > than : time.slice(0, -1) > than.slice(0, -1)
