/**
 * What is stored of each conversation, against what the vendor claims.
 */
import { Page } from "@colloquy/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import type { Database } from "./database.ts"
import * as Lists from "./lists.ts"
import * as Query from "./query.ts"

const nullable = Schema.NullOr

/**
 * How a conversation stands. `complete`: read to a proven end, and the counts agree as far as the vendor gives any ·
 * `short` and `over`: the vendor claims more, or fewer, than are known · `partial`: a reading has not come to its end ·
 * `failed`: the last reading failed · `unread`: nothing was read yet.
 */
export const Standing = Schema.Literals(["complete", "short", "over", "partial", "failed", "unread"])
export type Standing = typeof Standing.Type

/** A conversation's status; times in ISO 8601. */
export const ConversationStatus = Schema.Struct({
  vendor: Schema.String,
  account: Schema.String,
  conversationId: Schema.String,
  standing: Standing,
  /** Messages stored and not gone. */
  stored: Schema.Int,
  /** Messages stored that are gone at the vendor. */
  gone: Schema.Int,
  /** Messages stored that did not come when it was last read whole, and are not called gone yet. */
  suspected: Schema.Int,
  /** Messages left out because their user was forgotten. */
  withheld: Schema.Int,
  /** Records in quarantine. */
  quarantined: Schema.Int,
  /** Messages that the vendor claimed when it was last read; null where it claims nothing. */
  claimed: nullable(Schema.Int),
  /** The proof on which the last reading that came to an end of its listing ended. */
  proof: nullable(Page.Proof),
  /** In words: what that reading could not verify. */
  unverified: Schema.Array(Schema.String),
  /** When a reading last came to its end. */
  readAt: nullable(Schema.String),
  /** When it was last read whole. */
  wholeAt: nullable(Schema.String),
  /** When the vendor's list last had it. */
  listedAt: nullable(Schema.String),
  /** Since when a list that had it has it no more; null if it is there, or that was accepted. */
  vanishedAt: nullable(Schema.String),
  failure: nullable(Schema.String),
  failedAt: nullable(Schema.String)
})
export interface ConversationStatus extends Schema.Schema.Type<typeof ConversationStatus> {}

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

/** The status of every conversation that matches. */
export const load = Effect.fnUntraced(function* (
  database: Database,
  filter: Query.Filter
): Effect.fn.Return<ReadonlyArray<ConversationStatus>, SqlError> {
  const { sql } = database
  const rows =
    yield* sql`SELECT c.vendor, c.account, c.id, c.listed_at, p.stored, p.withheld, p.finished, p.reading,
  p.claimed, p.completion, p.read_at, p.whole_at, p.failure, p.failed_at, p.suspected, p.listed_count, p.listed_active,
  CASE WHEN ${Lists.isVanished(database)} THEN
    (SELECT max(l.vanished_at) FROM listed l WHERE l.conversation = c.key AND l.accepted_at IS NULL) END AS vanished_at,
  CAST((SELECT count(*) FROM messages m WHERE m.conversation = c.key AND m.gone_at IS NOT NULL) AS INTEGER) AS gone,
  CAST((SELECT count(*) FROM quarantine q WHERE q.conversation = c.key) AS INTEGER) AS quarantined
FROM conversations c LEFT JOIN checkpoints p ON p.conversation = c.key
WHERE ${sql.and([sql`1 = 1`, ...Query.matching(database, filter)])}
ORDER BY c.vendor, c.account, c.key`
  return decode(rows).map(toStatus)
})

const toStatus = (row: typeof Stored.Type): ConversationStatus => ({
  vendor: row.vendor,
  account: row.account,
  conversationId: row.id,
  standing: standingOf(row),
  stored: row.stored ?? 0,
  gone: row.gone,
  suspected: row.suspected ?? 0,
  withheld: row.withheld ?? 0,
  quarantined: row.quarantined,
  claimed: row.claimed,
  proof: row.completion?.proof ?? null,
  unverified: unverifiedOf(row),
  readAt: row.read_at,
  wholeAt: row.whole_at,
  listedAt: row.listed_at,
  vanishedAt: row.vanished_at,
  failure: row.failure,
  failedAt: row.failed_at
})

/** What the last reading could not verify, and what the vendor's list cannot show. */
const unverifiedOf = ({
  completion,
  listed_active,
  listed_count
}: typeof Stored.Type): ReadonlyArray<string> => [
  ...(completion?.unverified ?? []),
  ...(listed_count !== null && listed_active === null ? [countHides] : [])
]

const countHides =
  "the list tells only a count: where a message is removed and another comes, it stays as it was, and both show only when the conversation is read whole"

const standingOf = (row: typeof Stored.Type): Standing => {
  if (row.failure !== null) return "failed"
  if (row.reading === null || row.reading === 0) return row.finished === 0 ? "partial" : "unread"
  if (row.finished === 0) return "partial"
  const known = (row.stored ?? 0) + (row.withheld ?? 0) + row.quarantined
  if (row.claimed === null || row.claimed === known) return "complete"
  return row.claimed > known ? "short" : "over"
}
