/**
 * One walk as a value: a list and how it is served, how it changes meanwhile, and how it is read.
 */
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

/** A change of the list, made before the `before`th request is answered. */
export const Change = Schema.Struct({
  before: between(2, 12),
  kind: Schema.Literals(["append", "append", "insert", "remove", "restore"]),
  /** Where in the list, in hundredths. An append is at the newest end. */
  at: between(0, 99),
  /** How many rows at once. */
  rows: Schema.Literals([1, 1, 1, 2, 3, 5, 9, 14])
})
export type Change = typeof Change.Type

/** How the list is served. */
export const Server = Schema.Struct({
  paging: Schema.Literals(["page", "page", "offset", "token"]),
  /** Most rows of a page. */
  serves: between(1, 25),
  sizes: Schema.Literals(["any", "any", "any", "tens", "own"]),
  begins: Schema.Literals(["served", "asked"]),
  tokens: Schema.Literals(["place", "row"]),
  total: Schema.Literals(["none", "none", "each", "first"]),
  lastPage: Schema.Literals([false, false, true]),
  pastEnd: Schema.Literals(["empty", "documented", "refused"])
})
export type Server = typeof Server.Type

export const Case = Schema.Struct({
  /** Rows at the start. */
  count: Schema.Union([Schema.Literals([0, 1, 2, 3]), between(0, 40), between(20, 75)]),
  /** Requested page size; null if the server chooses. */
  size: Schema.Union([Schema.Null, between(1, 12), between(20, 25), between(19, 25)]),
  newestFirst: Schema.Boolean,
  ids: Schema.Boolean,
  server: Server,
  changes: Schema.Array(Change).check(Schema.isMaxLength(5)),
  /** Requests that are refused once each, without a documented reason. */
  refused: Schema.Array(between(2, 10)).check(Schema.isMaxLength(1)),
  /** After how many pages each the walk stops, to resume from its checkpoint. */
  stops: Schema.Array(between(1, 4)).check(Schema.isMaxLength(3)),
  /** Whether all changes are counted by request, or some happen between two parts of the walk. */
  concurrency: Schema.Literals([1, 1, 1, 2, 5]),
  verify: Schema.Literals([false, false, false, false, true]),
  /** How long an answer takes, in turns of the scheduler, by the number of its request. */
  delays: Schema.Array(between(0, 5)).check(Schema.isMaxLength(3))
})
export type Case = typeof Case.Type

export const cases: Arbitrary.Arbitrary<Case> = Arbitrary.schema(Case)
