/**
 * A vendor whose answers are damaged, as a value: which rows are spoiled and how, and what becomes of whole bodies.
 */
import { emulations } from "@colloquy/emulator"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

/** The names of all ways to read a vendor that is emulated. */
const sources = Object.values(emulations).flatMap(({ start }) => start().readers.map(({ name }) => name))

/** What a row becomes. Some are still what the vendor documents, and must arrive. */
export const Spoiling = Schema.Literals([
  "wrongType",
  "nothing",
  "null",
  "scalar",
  "otherObject",
  "unsafeInteger",
  "infinite",
  "deep",
  "veryDeep",
  "proto",
  "surrogate",
  "nul",
  "bidi",
  "extra",
  "twiceNamed",
  "emptyId",
  "long"
])
export type Spoiling = typeof Spoiling.Type

/** What a whole answer becomes. */
export const Damage = Schema.Literals([
  "cut",
  "empty",
  "html",
  "mark",
  "utf16",
  "trailing",
  "wrapped",
  "list",
  "null",
  "notANumber",
  "deep",
  "manyRows",
  "noRows",
  "oddRows",
  "oddClaims",
  "teapot",
  "noContent",
  "oddRetryAfter",
  "plainText"
])
export type Damage = typeof Damage.Type

export const Case = Schema.Struct({
  source: Schema.Literals(sources),
  conversations: between(1, 3),
  messages: between(0, 25),
  pageSize: Schema.Literals([3, 10, 25]),
  concurrency: Schema.Literals([1, 3]),
  /** What becomes of the row whose number in its page leaves this remainder. */
  rows: Schema.Array(
    Schema.Struct({ what: Spoiling, field: between(0, 20), every: between(1, 9), from: between(0, 8) })
  ).check(Schema.isMaxLength(3)),
  /** What becomes of the nth answer, and of so many behind it. */
  bodies: Schema.Array(
    Schema.Struct({ what: Damage, nth: between(1, 8), times: Schema.Literals([1, 1, 2, 1000]) })
  ).check(Schema.isMaxLength(1)),
  /** Whether it is read as `pull` does, or into an archive as `sync` does. */
  into: Schema.Literals(["pull", "sync"])
})
export type Case = typeof Case.Type

export const cases: Arbitrary.Arbitrary<Case> = Arbitrary.schema(Case)
