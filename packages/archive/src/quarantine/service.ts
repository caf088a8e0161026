/**
 * Finds, replays and discards records in quarantine.
 */
import { Page } from "@colloquy/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import type * as Stream from "effect/Stream"
import { type ArchiveError, Missing } from "../ArchiveError.ts"
import { counted, type Database, fail, run } from "../database/database.ts"
import { paged } from "../database/paged.ts"
import { type Filter, matching } from "../store/filter.ts"
import * as Records from "../store/records.ts"
import { type Quarantine, Record } from "./Quarantine.ts"
import { replay } from "./replay.ts"

/** The quarantine of an archive. */
export const make = (database: Database): Quarantine => ({
  records: (filter = {}) => records(database, filter),
  count: (filter = {}) => run(database, "Archive.quarantined", count(database, filter)),
  record: (id) => run(database, "Archive.quarantined", found(database, id)),
  replay: (record, decoder) => replay(database, record, decoder),
  discard: (id) =>
    run(database, "Archive.discard", Effect.andThen(found(database, id), Records.remove(database, id)))
})

const decode = Schema.decodeUnknownSync(
  Schema.Array(
    Schema.Struct({
      ...Record.fields,
      json: Schema.fromJsonString(Schema.Json),
      origin: Schema.NullOr(Schema.fromJsonString(Page.Origin))
    })
  )
)

/** The sort key of records: when they were found, then where they stood. */
interface Sorted {
  readonly foundAt: string
  readonly vendor: string
  readonly account: string
  readonly conversation: number | bigint | string
  readonly place: number | bigint
  readonly id: string
}

/** Records hold whatever a vendor sent. */
const pageSize = 100

const records = (database: Database, filter: Filter): Stream.Stream<Record, ArchiveError> => {
  const { sql } = database
  const all = matching(database, filter, "q")
  return paged(database, {
    operation: "Archive.quarantined",
    size: pageSize,
    page: (after: Sorted | undefined) =>
      select(
        database,
        after === undefined
          ? all
          : [
              ...all,
              sql`
(q.found_at, q.vendor, q.account, coalesce(q.conversation, 0), q.place, q.id) > (${after.foundAt}, ${after.vendor},
  ${after.account}, ${Number(after.conversation)}, ${Number(after.place)}, ${after.id})`
            ]
      ),
    keyOf: (row) => row,
    decode
  })
}

const count = (database: Database, filter: Filter) => {
  const { sql } = database
  const where = sql.and([sql`1 = 1`, ...matching(database, filter, "q")])
  return counted(
    sql<{ n: number }>`SELECT CAST(count(*) AS INTEGER) AS n
FROM quarantine q LEFT JOIN conversations c ON c.key = q.conversation WHERE ${where}`
  )
}

const found = Effect.fnUntraced(function* (
  database: Database,
  id: string
): Effect.fn.Return<Record, ArchiveError | SqlError> {
  const [record] = decode(yield* select(database, [database.sql`q.id = ${id}`]))
  if (record !== undefined) return record
  return yield* fail("Archive.quarantined", new Missing({ what: `record ${id} in quarantine` }))
})

const select = ({ sql }: Database, where: ReadonlyArray<Fragment>) =>
  sql<Sorted>`SELECT q.id, q.vendor, q.account, c.id AS "conversationId", q.place, q.problem, q.found_at AS "foundAt",
  q.json, q.origin, coalesce(q.conversation, 0) AS conversation
FROM quarantine q LEFT JOIN conversations c ON c.key = q.conversation
WHERE ${sql.and([sql`1 = 1`, ...where])}
ORDER BY q.found_at, q.vendor, q.account, coalesce(q.conversation, 0), q.place, q.id LIMIT ${pageSize}`
