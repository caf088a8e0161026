/**
 * Reading an archive: in pages by key, so that nothing is held open while a page is worked on.
 */
import type { Conversation, Message } from "@colloquy/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Fragment } from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import type { ArchiveError } from "../ArchiveError.ts"
import { counted, type Database, run } from "./database.ts"
import * as Rows from "./rows.ts"
import type { Run } from "./runs.ts"

/** What to read; what is left out does not restrict. */
export interface Filter {
  readonly vendor?: string | undefined
  readonly account?: string | undefined
  readonly conversationId?: string | undefined
}

/** What to read of messages. */
export interface MessageFilter extends Filter {
  /** Messages that are gone at the vendor, too. Default false. */
  readonly gone?: boolean | undefined
}

const pageSize = 1000

/** The restriction to some vendor, account and conversation. */
export const matching = (
  { sql }: Database,
  { account, conversationId, vendor }: Filter,
  table: "c" | "q" = "c"
): ReadonlyArray<Fragment> => [
  ...(vendor === undefined ? [] : [sql`${sql(table)}.vendor = ${vendor}`]),
  ...(account === undefined ? [] : [sql`${sql(table)}.account = ${account}`]),
  ...(conversationId === undefined ? [] : [sql`c.id = ${Rows.storableId(conversationId)}`])
]

interface Keyed {
  readonly key: number | bigint | string
}

/** How many conversations match. */
export const count = (database: Database, filter: Filter) => {
  const { sql } = database
  const where = sql.and([sql`1 = 1`, ...matching(database, filter)])
  return counted(
    sql<{ n: number }>`SELECT CAST(count(*) AS INTEGER) AS n FROM conversations c WHERE ${where}`
  )
}

/** Conversations, in the order in which they were first met. */
export const conversations = (
  database: Database,
  filter: Filter
): Stream.Stream<Conversation, ArchiveError> =>
  Stream.flatMap(stored(database, filter), (rows) => Stream.fromArray(Rows.toConversations(rows)))

/** Messages: conversation by conversation, each in the order of its listing. */
export const messages = (database: Database, filter: MessageFilter): Stream.Stream<Message, ArchiveError> =>
  stored(database, filter).pipe(
    Stream.flatMap(Stream.fromArray),
    Stream.flatMap(({ key }) => messagesOf(database, Number(key), filter.gone ?? false))
  )

/** A conversation that a run has to look at again, and what for. */
export interface Unsettled {
  readonly conversation: Conversation
  readonly want: "new" | "whole"
}

/** What a run has to look at again once it has been through its list. */
export const unsettled = (database: Database, run: Run): Stream.Stream<Unsettled, ArchiveError> => {
  const found = (want: Unsettled["want"], condition: Fragment) =>
    Stream.flatMap(rowsOf(database, [condition]), (rows) =>
      Stream.fromArray(Rows.toConversations(rows).map((conversation) => ({ conversation, want })))
    )
  return Stream.concat(
    run.from === run.key ? Stream.empty : found("new", passedOver(database, run)),
    Stream.suspend(() => (run.met.rows === 0 ? Stream.empty : found("whole", silent(database, run))))
  )
}

/** A run before this one read it, which this one continues; and the list tells nothing of what came since. */
const passedOver = (
  { sql }: Database,
  { from, key, list }: Run
) => sql`c.message_count IS NULL AND c.updated_at IS NULL
  AND EXISTS (SELECT 1 FROM listed l WHERE l.conversation = c.key AND l.list = ${list} AND l.run = ${key})
  AND EXISTS (SELECT 1 FROM checkpoints p WHERE p.conversation = c.key AND p.read_run >= ${from} AND p.read_run < ${key})`

/** Nothing of it came in this run, maybe before anything else did: whether the vendor was silent altogether shows now. */
const silent = ({ sql }: Database, { key }: Run) => sql`EXISTS (
  SELECT 1 FROM checkpoints p WHERE p.conversation = c.key AND p.whole_run = ${key} AND p.suspected > 0
  AND p.suspected = p.stored)
  AND EXISTS (SELECT 1 FROM messages m WHERE m.conversation = c.key AND m.missing_at IS NOT NULL
    AND (m.missing_run IS NULL OR m.missing_run < ${key}))`

/** Rows of conversations that match, in pages by key. */
const stored = (database: Database, filter: Filter): Stream.Stream<ReadonlyArray<Keyed>, ArchiveError> =>
  rowsOf(database, matching(database, filter))

const rowsOf = (
  database: Database,
  conditions: ReadonlyArray<Fragment>
): Stream.Stream<ReadonlyArray<Keyed>, ArchiveError> =>
  Stream.paginate<number, ReadonlyArray<Keyed>, ArchiveError>(0, (after) => {
    const { sql } = database
    const where = sql.and([sql`c.key > ${after}`, ...conditions])
    const page = sql<Keyed>`SELECT c.* FROM conversations c WHERE ${where} ORDER BY c.key LIMIT ${pageSize}`
    return Effect.map(run(database, "Archive.conversations", page), (rows) => {
      const last = rows.at(-1)
      const next =
        rows.length < pageSize || last === undefined ? Option.none() : Option.some(Number(last.key))
      return [[rows], next]
    })
  })

interface Placed extends Keyed {
  readonly place: number | bigint | string
}

const messagesOf = (
  database: Database,
  conversation: number,
  gone: boolean
): Stream.Stream<Message, ArchiveError> => {
  const { sql } = database
  const live = gone ? sql`1 = 1` : sql`m.gone_at IS NULL`
  const page = (after: { readonly place: number; readonly key: number } | undefined) =>
    run(
      database,
      "Archive.messages",
      sql<Placed>`SELECT c.vendor, c.account, c.id AS conversation_id, m.key, m.place, m.id, m.id_origin, m.position,
  m.role, m.text, m.created_at, m.parent_id, m.user_id, m.kind, m.citations, m.attachments, m.feedback, m.extra, m.exact
FROM messages m JOIN conversations c ON c.key = m.conversation
WHERE m.conversation = ${conversation} AND ${live} AND ${
        after === undefined ? sql`1 = 1` : sql`(m.place, m.key) > (${after.place}, ${after.key})`
      } ORDER BY m.place, m.key LIMIT ${pageSize}`
    )
  return Stream.paginate<{ place: number; key: number } | undefined, Message, ArchiveError>(
    undefined,
    (after) =>
      Effect.map(page(after), (rows) => {
        const last = rows.at(-1)
        const next = last && { place: Number(last.place), key: Number(last.key) }
        return [Rows.toMessages(rows), rows.length < pageSize ? Option.none() : Option.fromUndefinedOr(next)]
      })
  )
}
