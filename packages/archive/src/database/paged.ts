/**
 * Reads a table in pages by key, so that no cursor stays open while a page is processed.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import type { ArchiveError } from "../ArchiveError.ts"
import { type Database, run } from "./database.ts"

/** A query that is read in pages. */
export interface Paged<Row, Key, A> {
  /** Such as `Archive.messages`. */
  readonly operation: string
  /** Rows of a page; one with fewer is the last. */
  readonly size: number
  /** The page behind a key, in the order of keys; the first for undefined. */
  readonly page: (after: Key | undefined) => Effect.Effect<ReadonlyArray<Row>, SqlError>
  readonly keyOf: (row: Row) => Key
  readonly decode: (rows: ReadonlyArray<Row>) => ReadonlyArray<A>
}

/** Every row, decoded page by page. */
export const paged = <Row, Key, A>(
  database: Database,
  { decode, keyOf, operation, page, size }: Paged<Row, Key, A>
): Stream.Stream<A, ArchiveError> =>
  Stream.paginate<Key | undefined, A, ArchiveError>(undefined, (after) =>
    Effect.map(run(database, operation, page(after)), (rows) => {
      const last = rows.at(-1)
      const next = rows.length < size || last === undefined ? Option.none() : Option.some(keyOf(last))
      return [decode(rows), next]
    })
  )
