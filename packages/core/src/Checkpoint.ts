/**
 * How far a walk came: a small, serialisable value that every page carries.
 */
import * as Schema from "effect/Schema"

/** The next request of a walk and what was received before it. */
export const Checkpoint = Schema.Struct({
  version: Schema.Literal(1),
  /** Number of the next page to ask for; null for offset listings. */
  page: Schema.NullOr(Schema.Int),
  /** Offset of the next row to ask for; null for page-number listings. */
  offset: Schema.NullOr(Schema.Int),
  /** Rows to ask for in each request; null where the vendor's server chooses. */
  size: Schema.NullOr(Schema.Int),
  /** Distinct rows received so far. */
  received: Schema.Int
}).annotate({ identifier: "Checkpoint" })
export interface Checkpoint extends Schema.Schema.Type<typeof Checkpoint> {}
