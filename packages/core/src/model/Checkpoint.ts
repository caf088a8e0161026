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
  /** Number of the next page to ask for; null for other listings, and where pages overlap. */
  page: Schema.NullOr(Schema.Int),
  /** Place of the next row to ask for; null where the server chooses the size of its pages. */
  offset: Schema.NullOr(Schema.Int),
  /** The cursor or link of the last page that had rows; null for other listings, and of the first page. */
  cursor: Schema.NullOr(Schema.String),
  /** Rows to ask for in each request; null where the vendor's server chooses. */
  size: Schema.NullOr(Schema.Int),
  /** Distinct rows received so far. */
  received: Schema.Int,
  /** How far the listing is known to have moved: by so many places, towards its end where it is positive. */
  shift: Schema.Int,
  /** Rows of the last page that had any: where its last row is looked for when it is read again. */
  inPage: Schema.Int,
  /** Keys of the last rows, in order: what a later walk aligns itself by. */
  recent: Schema.Array(Schema.String),
  /** Whether rows were read that overlapped none before them, so that what moved in between was not seen. */
  blind: Schema.optionalKey(Schema.Boolean),
  /** Whether rows came again or in between that were behind the walk: what else came there may not have been read. */
  stirred: Schema.optionalKey(Schema.Boolean),
  /** What the vendor's package needs to go on deriving ids; null where the vendor gives ids. */
  identity: Schema.NullOr(Schema.Json)
}).annotate({ identifier: "Checkpoint" })
export interface Checkpoint extends Schema.Schema.Type<typeof Checkpoint> {}
