/**
 * A read of one conversation: where it starts, and how its pages are committed.
 */
import { type Checkpoint, type Conversation, type Message, Page, type Pagination } from "@colloquy/core"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { type ArchiveError, Conflict } from "../ArchiveError.ts"
import { type Database, fail, now, transaction } from "../database/database.ts"
import * as Personal from "../erasing/personal.ts"
import * as SuppressedRows from "../erasing/suppressedRows.ts"
import { namesInRecord, type Suppression } from "../erasing/suppression.ts"
import * as Checkpoints from "../store/checkpoints.ts"
import * as Messages from "../store/messages.ts"
import * as Records from "../store/records.ts"
import { storableId } from "../store/rows.ts"
import * as Complete from "./complete.ts"
import type { Plan, ReadSession, Written } from "./ReadSession.ts"

/** A conversation in the archive. */
export interface Place {
  readonly database: Database
  readonly suppression: Suppression
  readonly conversation: Conversation
  /** The archive's own key. */
  readonly key: number
}

interface Target extends Place, Complete.Target {
  /** The documented order of the messages. */
  readonly order: Pagination.Order
}

/** Plans a read from the conversation's state. */
export const make = (
  place: Place,
  stored: Checkpoints.ReadState,
  plan: Plan,
  begunAt: string
): ReadSession => {
  let state = stored
  let working = planned(stored, plan, begunAt)
  const { checkpoint, kind } = working
  const { goneAfter = "1 hour", order = "unknown", run } = plan
  let target: Target = { ...place, run, goneAfter, order, resumed: checkpoint !== null }
  /** The vendor's count on the last page. */
  let total: number | null = null
  const locked = Effect.fnUntraced(function* (): Effect.fn.Return<void, ArchiveError | SqlError> {
    if (!(yield* Checkpoints.take(target.database, target.key, state))) {
      return yield* fail("Archive.write", new Conflict({ conversationId: target.conversation.id }))
    }
  })
  const commit = Effect.fnUntraced(function* (
    page: Page.Page<Message>
  ): Effect.fn.Return<readonly [Written, Checkpoints.ReadState], ArchiveError | SqlError> {
    yield* locked()
    const [written, next] = yield* take(target, working, page, yield* now)
    return [written, yield* Checkpoints.move(target.database, target.key, state, next)]
  })
  const write = Effect.fn("Archive.write")(function* (
    page: Page.Page<Message>
  ): Effect.fn.Return<Written, ArchiveError> {
    if (page.restarted !== null) target = { ...target, resumed: false }
    const [written, moved] = yield* transaction(target.database, "Archive.write", commit(page))
    if (run !== undefined) run.met.rows += page.items.length
    state = moved
    working = moved
    total = page.total
    return written
  })
  const commitCap = Effect.fnUntraced(function* (
    evidence: string
  ): Effect.fn.Return<Checkpoints.ReadState, ArchiveError | SqlError> {
    yield* locked()
    const next = yield* Complete.cap(target, working, { evidence, total }, yield* now)
    return yield* Checkpoints.move(target.database, target.key, state, next)
  })
  const cap = Effect.fn("Archive.cap")(function* (evidence: string): Effect.fn.Return<void, ArchiveError> {
    state = yield* transaction(target.database, "Archive.cap", commitCap(evidence))
    working = state
  })
  return { kind, from: checkpoint ?? undefined, write, cap }
}

/** An unfinished read is resumed, unless it covers less than is wanted or began too early. */
const planned = (
  state: Checkpoints.ReadState,
  { order = "unknown", run, want }: Plan,
  now: string
): Checkpoints.ReadState => {
  const { begunRun, endCheckpoint, finished, kind, reading } = state
  const listingOrder = order === "unknown" ? state.listingOrder : order
  const isWhole = kind === "whole" || kind === "verified"
  const covers = want === "incremental" || (isWhole && (run === undefined || (begunRun ?? 0) >= run.from))
  if (!finished && covers) {
    // Both passes must read the listing as it is now.
    return { ...state, listingOrder, checkpoint: kind === "verified" ? null : state.checkpoint }
  }
  const next = {
    ...state,
    listingOrder,
    begunAt: now,
    begunRun: run?.key ?? begunRun,
    finished: false,
    reading: reading + 1
  } as const
  if (want === "full" || state.finishedReading === 0) return { ...next, kind: "whole", checkpoint: null }
  return listingOrder === "newestFirst"
    ? { ...next, kind: "head", checkpoint: null }
    : { ...next, kind: "tail", checkpoint: endCheckpoint }
}

/** Stores a page. Returns what it did, and the next state. */
const take = Effect.fnUntraced(function* (
  target: Target,
  before: Checkpoints.ReadState,
  page: Page.Page<Message>,
  storedAt: string
): Effect.fn.Return<readonly [Written, Checkpoints.ReadState], SqlError> {
  const { database, key } = target
  // Rows that an earlier attempt met may be gone by now.
  const state: Checkpoints.ReadState =
    page.restarted === null
      ? before
      : {
          ...before,
          kind: "whole",
          reading: before.reading + 1,
          begunAt: storedAt,
          begunRun: target.run?.key ?? before.begunRun
        }
  const listingOrder =
    target.order === "unknown" ? orderOf(state.listingOrder, page.items) : state.listingOrder
  const where = { conversation: key, reading: state.reading, storedAt }
  const { messages, records, suppressed, users } = parted(target, page, { ...state, listingOrder })
  const reached = state.kind === "head" ? yield* reachedBy(target, state, messages) : notReached
  const { added, again, revived } = yield* Messages.write(database, where, messages)
  const run = target.run?.key ?? null
  const found = yield* Records.put(database, { ...where, run }, records)
  const replaced = reached.place === null ? 0 : yield* Records.passOver(database, where, reached.place)
  yield* SuppressedRows.put(
    database,
    suppressed.map((hash) => ({ conversation: key, hash, reading: state.reading }))
  )
  for (const user of users) yield* Personal.redact(database, target.conversation, [key], user)
  const next: Checkpoints.ReadState = {
    ...state,
    checkpoint: stirred(page, before, again),
    listingOrder,
    stored: state.stored + added + revived,
    doubted: state.doubted || replaced > 0,
    suppressed: suppressed.length === 0 ? state.suppressed : yield* SuppressedRows.count(database, key)
  }
  const written = { added, undecodable: records.length, found, suppressed: suppressed.length }
  if (page.completion === null && !reached.known) return [{ ...written, end: null }, next]
  const [end, finished] = yield* Complete.complete(target, next, page, storedAt)
  return [{ ...written, end }, finished]
})

/**
 * The checkpoint of a page. A resumed walk remembers its last rows only. The archive knows all of them: if any came again,
 * the listing was stirred.
 */
const stirred = (
  { checkpoint, restarted }: Page.Page<Message>,
  before: Checkpoints.ReadState,
  again: number
): Checkpoint => {
  const wasStirred = restarted === null && before.checkpoint?.stirred === true
  return again > 0 || wasStirred ? { ...checkpoint, stirred: true } : checkpoint
}

interface Parted {
  readonly messages: ReadonlyArray<Messages.Placed>
  readonly records: ReadonlyArray<Records.Row>
  /** Hashes of what is left out. */
  readonly suppressed: ReadonlyArray<string>
  /** Hashes of the users for whom it is left out. */
  readonly users: ReadonlyArray<string>
}

/** Splits a page: messages and undecodable records to store, and what is left out. */
const parted = (
  { conversation, database, key, suppression }: Target,
  page: Page.Page<Message>,
  { kind, listingOrder, reading }: Checkpoints.ReadState
): Parted => {
  const before = kind === "head" ? reading * Messages.headRoom : 0
  const placed = Page.map(page, (message, index) => ({ message, place: index - before })).items
  const rows = page.undecodable.map((record) =>
    Records.rowOf(
      { vendor: conversation.vendor, account: conversation.account, conversation: key, list: null },
      { ...record, index: record.index - before },
      // In a listing that runs newest first, a record's index changes from read to read.
      listingOrder !== "newestFirst"
    )
  )
  const messages = placed.filter(({ message }) => !suppression.message(message))
  const records = rows.filter((row) => !suppression.record(row))
  if (messages.length === placed.length && records.length === rows.length)
    return { messages, records, suppressed: [], users: [] }
  const ids = [
    ...placed.flatMap(({ message }) => (suppression.message(message) ? [storableId(message.id)] : [])),
    ...rows.flatMap((row) => (suppression.record(row) ? [row.id] : []))
  ]
  const names = [
    ...placed.flatMap(({ message: { userId } }) => (userId === null ? [] : [userId])),
    ...rows.flatMap(({ json }) => namesInRecord(json))
  ]
  return {
    messages,
    records,
    suppressed: ids.map((id) => SuppressedRows.hash(database, conversation, id)),
    users: suppression.usersOf(conversation, names)
  }
}

/** How far a page of a head read has come. */
interface Reached {
  /** Whether it has reached messages that were known before, with none that is new behind them. */
  readonly known: boolean
  /** The last place, by the reads before, of those messages; null if it has none of them. */
  readonly place: number | null
}

const notReached: Reached = { known: false, place: null }

const reachedBy = Effect.fnUntraced(function* (
  { database, key }: Target,
  state: Checkpoints.ReadState,
  messages: ReadonlyArray<Messages.Placed>
): Effect.fn.Return<Reached, SqlError> {
  const ids = messages.map(({ message }) => storableId(message.id))
  const known = yield* Messages.known(database, key, ids, state.finishedReading)
  const first = ids.findIndex((id) => known.has(id))
  if (first < 0) return notReached
  return { known: ids.slice(first).every((id) => known.has(id)), place: Math.max(...known.values()) }
})

/** How the listing runs, after these rows. */
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

/** Times with fractions of different lengths sort as text only without their Z. */
const isLater = (time: string, than: string): boolean =>
  time.length === than.length ? time > than : time.slice(0, -1) > than.slice(0, -1)
