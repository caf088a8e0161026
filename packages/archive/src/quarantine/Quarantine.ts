/**
 * The quarantine: records that could not be decoded, kept as the vendor sent them.
 */
import { type Decoder, Page } from "@colloquy/core"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type { ArchiveError } from "../ArchiveError.ts"
import type { Filter } from "../store/filter.ts"

/** A record in quarantine. */
export const Record = Schema.Struct({
  /** The archive's own id of the record. */
  id: Schema.String,
  vendor: Schema.String,
  account: Schema.String,
  /** Null for a record of the list of conversations. */
  conversationId: Schema.NullOr(Schema.String),
  /** Its place in the listing, from 0; negative if the listing has grown in front of it. */
  place: Schema.Int,
  /** In words: why it could not be decoded. */
  problem: Schema.String,
  foundAt: Schema.String,
  /** Where it stood; null if an earlier version stored it. */
  origin: Schema.NullOr(Page.Origin),
  /** The record as it came. */
  json: Schema.Json
})
export interface Record extends Schema.Schema.Type<typeof Record> {}

/** What `archive.quarantine` does. */
export interface Quarantine {
  /** The matching records, oldest first. */
  readonly records: (filter?: Filter) => Stream.Stream<Record, ArchiveError>
  /** How many records match. */
  readonly count: (filter?: Filter) => Effect.Effect<number, ArchiveError>
  /** A record by its id; fails with `Missing` if there is none. */
  readonly record: (id: string) => Effect.Effect<Record, ArchiveError>
  /**
   * Decodes a record again, for when the schema that it did not fit is mended; true if it has become a message or
   * conversation of the archive, and left quarantine. Vendors' packages have the decoder, such as `Botuj.decoder`. Fails
   * with `Conflict` if another writer moves its conversation meanwhile.
   */
  readonly replay: (record: Record, decoder: Decoder) => Effect.Effect<boolean, ArchiveError>
  /** Deletes a record. It comes back only if its place is read again at the vendor. */
  readonly discard: (id: string) => Effect.Effect<void, ArchiveError>
}
