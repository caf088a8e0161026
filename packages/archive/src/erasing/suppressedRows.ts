/**
 * Rows that were left out because their user was erased: salted hashes of their ids, so that counts still agree.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { counted, type Database, hashOf, type Named } from "../database/database.ts"

/** A row that is left out. */
export type Row = {
  readonly conversation: number
  readonly hash: string
  readonly reading: number
}

/** The hash of a message, or of a record that could not be decoded, by its id in the archive. */
export const hash = (database: Database, { account, vendor }: Omit<Named, "id">, id: string): string =>
  hashOf(database, "row", { vendor, account, id })

/** Notes rows. A row that comes again is noted once. */
export const put = Effect.fnUntraced(function* (
  { sql }: Database,
  rows: ReadonlyArray<Row>
): Effect.fn.Return<void, SqlError> {
  const unique = new Map(rows.map((row) => [`${row.conversation} ${row.hash}`, row]))
  for (const some of Arr.chunksOf(unique.values(), 1000)) {
    yield* sql`INSERT INTO withheld ${sql.insert(some)}
ON CONFLICT (conversation, hash) DO UPDATE SET reading = excluded.reading`
  }
})

/** How many there are of a conversation. */
export const count = ({ sql }: Database, conversation: number) =>
  counted(
    sql<{ n: number }>`SELECT CAST(count(*) AS INTEGER) AS n FROM withheld
WHERE conversation = ${conversation}`
  )

/** Deletes those that a full read did not meet again: they are gone at the vendor. */
export const settle = ({ sql }: Database, conversation: number, reading: number) =>
  sql`DELETE FROM withheld WHERE conversation = ${conversation} AND reading < ${reading}`
