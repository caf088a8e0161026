/**
 * The quarantine: records of a vendor that could not be decoded, kept as they came.
 */
import { type Decoder, Page } from "@colloquy/core"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type { ArchiveError } from "../ArchiveError.ts"
import type { Filter } from "../store/filter.ts"

/** A record in quarantine. */
export const Record = Schema.Struct({
  /** The archive's own id of it. */
  id: Schema.String,
  vendor: Schema.String,
  account: Schema.String,
  /** Null for a record of the list of conversations. */
  conversationId: Schema.NullOr(Schema.String),
  /** Its place in the listing, from 0; negative where the listing has grown in front. */
  place: Schema.Int,
  /** In words: why it could not be decoded. */
  problem: Schema.String,
  foundAt: Schema.String,
  /** Where it stood; null in archives that did not keep that. */
  origin: Schema.NullOr(Page.Origin),
  /** The record as it came. */
  json: Schema.Json
})
export interface Record extends Schema.Schema.Type<typeof Record> {}

/** What `archive.quarantine` does. */
export interface Quarantine {
  /** Records that match, oldest first. */
  readonly records: (filter?: Filter) => Stream.Stream<Record, ArchiveError>
  /** One of them, by its id; fails with `Missing` if there is none. */
  readonly record: (id: string) => Effect.Effect<Record, ArchiveError>
  /**
   * Decodes a record again, for when the schema that it did not fit is mended; true if it has become a message or
   * conversation of the archive, and left quarantine. Vendors' packages have the decoder, such as `Botuj.decoder`.
   */
  readonly replay: (record: Record, decoder: Decoder) => Effect.Effect<boolean, ArchiveError>
  /** Drops a record for good; it comes back only if the vendor is read again where it stands. */
  readonly discard: (id: string) => Effect.Effect<void, ArchiveError>
}
