/**
 * A checkpoint: a small, serialisable value from which a later walk resumes. Every page carries one.
 */
import * as Schema from "effect/Schema"

/**
 * Where a walk stands after a page.
 *
 * Store it in the same transaction as the page's rows. Pass it as `from` to resume, in this process or
 * another. `fingerprint` binds it to its listing, filter and page size. A walk that gets a checkpoint of
 * another listing starts again, and its first page says so in `restarted`.
 */
export const Checkpoint = Schema.Struct({
  version: Schema.Literal(2),
  /** Identifies the listing, its filter and its page size. */
  fingerprint: Schema.String,
  /** The number of the next page; null for offsets and cursors, and for pages that overlap. */
  page: Schema.NullOr(Schema.Int),
  /** The number of rows before the next row; null where the server chooses the page size. */
  offset: Schema.NullOr(Schema.Int),
  /**
   * The cursor or link of the last page with rows; null for the first page, and for page numbers and offsets.
   */
  cursor: Schema.NullOr(Schema.String),
  /** Rows to request per page; null where the server chooses. */
  size: Schema.NullOr(Schema.Int),
  /** Distinct rows received so far. */
  received: Schema.Int,
  /** By how many rows the listing is known to have shifted; positive towards its end. */
  shift: Schema.Int,
  /** Rows in the last page with rows: the index of its last row when it is read again. */
  inPage: Schema.Int,
  /** Keys of the last rows, in order. A later walk finds its place by them. */
  recent: Schema.Array(Schema.String),
  /**
   * Whether rows were read without an overlap with earlier rows, so that a shift between the requests was not
   * visible.
   */
  blind: Schema.optionalKey(Schema.Boolean),
  /**
   * Whether rows that the walk had passed were repeated or inserted. Other insertions there may have been
   * missed.
   */
  stirred: Schema.optionalKey(Schema.Boolean),
  /** State for deriving further ids; null where the vendor gives ids. */
  identity: Schema.NullOr(Schema.Json)
}).annotate({ identifier: "Checkpoint" })
export interface Checkpoint extends Schema.Schema.Type<typeof Checkpoint> {}
