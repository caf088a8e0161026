/**
 * How far a walk came: a small, serialisable value that every page carries, from which a later walk goes on.
 */
import * as Schema from "effect/Schema"

/**
 * Where a walk stands after a page.
 *
 * Commit it together with the page's rows; give it as `from` to go on, in this process or another. It is bound to
 * its listing, filter and page size by `fingerprint`: one that does not fit starts the walk again, and the first
 * page says so.
 */
export const Checkpoint = Schema.Struct({
  version: Schema.Literal(2),
  /** Which listing it belongs to, page size included. */
  fingerprint: Schema.String,
  /** Number of the next page to ask for; null for other listings. */
  page: Schema.NullOr(Schema.Int),
  /** Place of the next row to ask for; null for other listings. */
  offset: Schema.NullOr(Schema.Int),
  /** The next cursor or link; null for other listings, at the start and at the end. */
  cursor: Schema.NullOr(Schema.String),
  /** Rows to ask for in each request; null where the vendor's server chooses. */
  size: Schema.NullOr(Schema.Int),
  /** Distinct rows received so far. */
  received: Schema.Int,
  /** How far the listing is known to have moved: the place of the next row is `received + shift`. */
  shift: Schema.Int,
  /** Rows of the last page that had any: where its last row is looked for when it is read again. */
  inPage: Schema.Int,
  /** Keys of the last rows, in order: what a later walk aligns itself by. */
  recent: Schema.Array(Schema.String),
  /** What the vendor's package needs to go on deriving ids; null where the vendor gives ids. */
  identity: Schema.NullOr(Schema.Json)
}).annotate({ identifier: "Checkpoint" })
export interface Checkpoint extends Schema.Schema.Type<typeof Checkpoint> {}
