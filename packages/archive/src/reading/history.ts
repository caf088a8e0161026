/**
 * Reads an archive's conversations and messages.
 */
import type { Conversation, Message } from "@colloquy/core"
import { identity } from "effect/Function"
import type { Fragment } from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import type { ArchiveError } from "../ArchiveError.ts"
import { counted, type Database } from "../database/database.ts"
import { paged } from "../database/paged.ts"
import { type Filter, matching, type MessageFilter } from "../store/filter.ts"
import * as Rows from "../store/rows.ts"

const pageSize = 1000

/** How many conversations match. */
export const count = (database: Database, filter: Filter) => {
  const { sql } = database
  const where = sql.and([sql`1 = 1`, ...matching(database, filter)])
  return counted(
    sql<{ n: number }>`SELECT CAST(count(*) AS INTEGER) AS n FROM conversations c WHERE ${where}`
  )
}

/** The accounts of which something is known. */
export const accounts = ({ sql }: Database) =>
  sql<{ vendor: string; account: string }>`SELECT vendor, account FROM accounts
UNION SELECT vendor, account FROM quarantine
UNION SELECT vendor, account FROM runs WHERE outcome = 'complete'
ORDER BY vendor, account`

/** Conversations, in the order in which they were first stored. */
export const conversations = (
  database: Database,
  filter: Filter
): Stream.Stream<Conversation, ArchiveError> => conversationsWhere(database, matching(database, filter))

/** Messages: conversation by conversation, each in the order of its listing. */
export const messages = (database: Database, filter: MessageFilter): Stream.Stream<Message, ArchiveError> =>
  Stream.flatMap(stored(database, matching(database, filter), identity), ({ key }) =>
    messagesOf(database, Number(key), filter.gone ?? false)
  )

/** The conversations, `c`, for which all conditions hold. */
export const conversationsWhere = (
  database: Database,
  conditions: ReadonlyArray<Fragment>
): Stream.Stream<Conversation, ArchiveError> => stored(database, conditions, Rows.toConversations)

interface Keyed {
  readonly key: number | bigint | string
}

const stored = <A>(
  database: Database,
  conditions: ReadonlyArray<Fragment>,
  decode: (rows: ReadonlyArray<Keyed>) => ReadonlyArray<A>
): Stream.Stream<A, ArchiveError> => {
  const { sql } = database
  return paged(database, {
    operation: "Archive.conversations",
    size: pageSize,
    page: (after: number = 0) => {
      const where = sql.and([sql`c.key > ${after}`, ...conditions])
      return sql<Keyed>`SELECT c.* FROM conversations c WHERE ${where} ORDER BY c.key LIMIT ${pageSize}`
    },
    keyOf: ({ key }) => Number(key),
    decode
  })
}

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
  const behind = (after: { readonly place: number; readonly key: number } | undefined) =>
    after === undefined ? sql`1 = 1` : sql`(m.place, m.key) > (${after.place}, ${after.key})`
  return paged(database, {
    operation: "Archive.messages",
    size: pageSize,
    page: (after: { readonly place: number; readonly key: number } | undefined) =>
      sql<Placed>`SELECT c.vendor, c.account, c.id AS conversation_id, m.key, m.place, m.id, m.id_origin, m.position,
  m.role, m.text, m.created_at, m.parent_id, m.user_id, m.kind, m.citations, m.attachments, m.feedback, m.extra, m.exact
FROM messages m JOIN conversations c ON c.key = m.conversation
WHERE m.conversation = ${conversation} AND ${live} AND ${behind(after)} ORDER BY m.place, m.key LIMIT ${pageSize}`,
    keyOf: ({ key, place }) => ({ place: Number(place), key: Number(key) }),
    decode: Rows.toMessages
  })
}
