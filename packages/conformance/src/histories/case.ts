/**
 * One history of an archive as a value: a vendor, the changes to its conversations, and a series of syncs.
 */
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

/** How a listing is served. */
const Listing = Schema.Struct({
  paging: Schema.Literals(["page", "page", "offset", "token", "link"]),
  serves: Schema.Literals([3, 5, 10, 25, 100]),
  tokens: Schema.Literals(["place", "row"]),
  total: Schema.Literals(["none", "each", "first"]),
  lastPage: Schema.Literals([false, false, true]),
  pastEnd: Schema.Literals(["empty", "documented", "refused"])
})

export const Vendor = Schema.Struct({
  messages: Listing,
  conversations: Listing,
  /** Requested page size; null if the server chooses. */
  size: Schema.Union([Schema.Null, between(2, 9), Schema.Literals([20, 25])]),
  newestFirst: Schema.Boolean,
  orderKnown: Schema.Boolean,
  ids: Schema.Boolean,
  times: Schema.Boolean,
  list: Schema.Literals(["count", "activity", "both", "nothing"])
})
export type Vendor = typeof Vendor.Type

/** A change to a conversation. */
export const Change = Schema.Struct({
  kind: Schema.Literals([
    "append",
    "append",
    "append",
    "appendSameSecond",
    "insert",
    "remove",
    "edit",
    "restore",
    "drop",
    "back"
  ]),
  /** Which conversation. An append to a missing one creates it. */
  conversation: between(0, 2),
  /** Where in it, in hundredths. */
  at: between(0, 99),
  rows: Schema.Literals([1, 1, 1, 2, 3, 7, 12])
})
export type Change = typeof Change.Type

/** A fault of a request or of a whole run. */
export const Fault = Schema.Struct({
  kind: Schema.Literals([
    "unavailable",
    "notFound",
    "unauthorized",
    "reset",
    "truncate",
    "empty",
    "emptyList",
    "malformed",
    "dies",
    "interrupted"
  ]),
  /** The request at which it begins; if the process dies, the statement. */
  from: between(1, 30),
  /** How many requests it affects. */
  times: Schema.Literals([1, 1, 2, 1000])
})
export type Fault = typeof Fault.Type

export const Sync = Schema.Struct({
  full: Schema.Literals([false, false, false, true]),
  /** Which of the account's two lists is read. Both have every conversation. */
  list: Schema.Literals(["one", "one", "one", "other"]),
  lookback: Schema.Literals([false, false, false, true]),
  /** Only this conversation; null for all. */
  only: Schema.Union([Schema.Null, Schema.Null, between(0, 2)]),
  parallel: Schema.Literals([1, 3]),
  concurrency: Schema.Literals([1, 1, 3]),
  faults: Schema.Array(Fault).check(Schema.isMaxLength(2)),
  /** Changes while it runs, before its nth request. */
  during: Schema.Array(Schema.Struct({ before: between(1, 12), change: Change })).check(
    Schema.isMaxLength(2)
  ),
  /** Whether another sync runs at the same time. */
  twice: Schema.Literals([false, false, false, false, true])
})
export type Sync = typeof Sync.Type

export const Step = Schema.Union([
  Schema.Struct({ step: Schema.Literal("change"), change: Change }),
  Schema.Struct({ step: Schema.Literal("change"), change: Change }),
  Schema.Struct({ step: Schema.Literal("sync"), sync: Sync }),
  /** The most frequent case: no fault. */
  Schema.Struct({ step: Schema.Literal("plain") }),
  Schema.Struct({ step: Schema.Literal("plain") }),
  /** Sets the wall clock by so many minutes. */
  Schema.Struct({
    step: Schema.Literal("clock"),
    minutes: Schema.Literals([-3000, -600, -70, -10, 10, 70, 600])
  })
])
export type Step = typeof Step.Type

export const Case = Schema.Struct({
  vendor: Vendor,
  /** Rows of each conversation at the start. */
  start: Schema.Array(Schema.Union([Schema.Literals([0, 1, 2, 3]), between(0, 30)])).check(
    Schema.isMinLength(1),
    Schema.isMaxLength(3)
  ),
  steps: Schema.Array(Step).check(Schema.isMinLength(2), Schema.isMaxLength(10))
})
export type Case = typeof Case.Type

export const cases: Arbitrary.Arbitrary<Case> = Arbitrary.schema(Case)
