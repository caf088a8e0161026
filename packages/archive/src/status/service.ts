/**
 * Computes what is stored of each conversation, compared with what the vendor claims.
 */
import { Page } from "@colloquy/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type { ArchiveError } from "../ArchiveError.ts"
import { type Database, now, run, transaction } from "../database/database.ts"
import { paged } from "../database/paged.ts"
import { type Filter, matching } from "../store/filter.ts"
import * as Lists from "../store/lists.ts"
import type { ConversationStatus, Status, SyncState } from "./Status.ts"

const nullable = Schema.NullOr

const Stored = Schema.Struct({
  vendor: Schema.String,
  account: Schema.String,
  id: Schema.String,
  listed_at: nullable(Schema.String),
  stored: nullable(Schema.Int),
  withheld: nullable(Schema.Int),
  finished: nullable(Schema.Int),
  reading: nullable(Schema.Int),
  claimed: nullable(Schema.Int),
  completion: nullable(Schema.fromJsonString(Page.Completion)),
  capped: nullable(Schema.String),
  read_at: nullable(Schema.String),
  whole_at: nullable(Schema.String),
  failure: nullable(Schema.String),
  failed_at: nullable(Schema.String),
  suspected: nullable(Schema.Int),
  vanished_at: nullable(Schema.String),
  listed_count: nullable(Schema.Int),
  listed_active: nullable(Schema.String),
  gone: Schema.Int,
  quarantined: Schema.Int
})

const decode = Schema.decodeUnknownSync(Schema.Array(Stored))

const pageSize = 1000

/** The status of conversations. */
export const make = (database: Database): Status => ({
  conversations: (filter = {}) => conversations(database, filter),
  unfinishedLists: (filter = {}) => run(database, "Archive.status", Lists.unfinished(database, filter)),
  acceptVanished: (filter = {}) =>
    transaction(
      database,
      "Archive.acceptVanished",
      Effect.flatMap(now, (at) => Lists.accept(database, filter, at))
    )
})

interface Keyed {
  readonly vendor: string
  readonly account: string
  readonly key: number | bigint | string
}

const conversations = (
  database: Database,
  filter: Filter
): Stream.Stream<ConversationStatus, ArchiveError> => {
  const { sql } = database
  return paged(database, {
    operation: "Archive.status",
    size: pageSize,
    page: (after: Keyed | undefined) => {
      const behind =
        after === undefined
          ? sql`1 = 1`
          : sql`(c.vendor, c.account, c.key) > (${after.vendor}, ${after.account}, ${Number(after.key)})`
      return sql<Keyed>`SELECT c.key, c.vendor, c.account, c.id, c.listed_at, p.stored, p.withheld, p.finished, p.reading,
  p.claimed, p.completion, p.capped, p.read_at, p.whole_at, p.failure, p.failed_at, p.suspected, p.listed_count, p.listed_active,
  CASE WHEN ${Lists.isVanished(database)} THEN
    (SELECT max(l.vanished_at) FROM listed l WHERE l.conversation = c.key AND l.accepted_at IS NULL) END AS vanished_at,
  CAST((SELECT count(*) FROM messages m WHERE m.conversation = c.key AND m.gone_at IS NOT NULL) AS INTEGER) AS gone,
  CAST((SELECT count(*) FROM quarantine q WHERE q.conversation = c.key) AS INTEGER) AS quarantined
FROM conversations c LEFT JOIN checkpoints p ON p.conversation = c.key
WHERE ${sql.and([behind, ...matching(database, filter)])}
ORDER BY c.vendor, c.account, c.key LIMIT ${pageSize}`
    },
    keyOf: (row) => row,
    decode: (rows) => decode(rows).map(toStatus)
  })
}

const toStatus = (row: typeof Stored.Type): ConversationStatus => ({
  vendor: row.vendor,
  account: row.account,
  conversationId: row.id,
  standing: syncStateOf(row),
  stored: row.stored ?? 0,
  gone: row.gone,
  suspected: row.suspected ?? 0,
  withheld: row.withheld ?? 0,
  quarantined: row.quarantined,
  claimed: row.claimed,
  proof: row.completion?.proof ?? null,
  unverified: unverifiedOf(row),
  notes: row.completion?.notes ?? [],
  readAt: row.read_at,
  wholeAt: row.whole_at,
  listedAt: row.listed_at,
  vanishedAt: row.vanished_at,
  failure: row.failure,
  failedAt: row.failed_at
})

/** What the last read could not verify, and what the vendor's list does not show. */
const unverifiedOf = ({
  capped,
  completion,
  listed_active,
  listed_count
}: typeof Stored.Type): ReadonlyArray<string> => [
  ...(completion?.unverified ?? []),
  ...(capped === null ? [] : [`the vendor gives no more of it: ${capped}`]),
  ...(listed_count !== null && listed_active === null ? [countHides] : [])
]

const countHides =
  "the list tells only a count: where a message is removed and another comes, it stays as it was, and both show only when the conversation is read whole"

const syncStateOf = (row: typeof Stored.Type): SyncState => {
  if (row.failure !== null) return "failed"
  if (row.reading === null || row.reading === 0) return row.finished === 0 ? "partial" : "unread"
  if (row.finished === 0) return "partial"
  const known = (row.stored ?? 0) + (row.withheld ?? 0) + row.quarantined
  if (row.capped !== null && (row.claimed === null || row.claimed < known)) return "short"
  if (row.claimed === null || row.claimed === known) return "complete"
  return row.claimed > known ? "short" : "over"
}
