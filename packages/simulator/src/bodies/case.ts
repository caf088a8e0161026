/**
 * A vendor with damaged answers, as a value: which rows and which bodies are damaged, and how.
 */
import { emulations } from "@colloquy/emulator"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

/** The names of all readers of emulated vendors. */
const sources = Object.values(emulations).flatMap(({ start }) => start().readers.map(({ name }) => name))

/** How a row is damaged. Some damaged rows still match the vendor's documents, and must be read. */
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

/** How a whole answer is damaged. */
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
  /** The damage to rows whose number in their page leaves this remainder. */
  rows: Schema.Array(
    Schema.Struct({ what: Spoiling, field: between(0, 20), every: between(1, 9), from: between(0, 8) })
  ).check(Schema.isMaxLength(3)),
  /** The damage to the nth answer, and to so many after it. */
  bodies: Schema.Array(
    Schema.Struct({ what: Damage, nth: between(1, 8), times: Schema.Literals([1, 1, 2, 1000]) })
  ).check(Schema.isMaxLength(1)),
  /** Whether it is read like `pull`, or into an archive like `sync`. */
  into: Schema.Literals(["pull", "sync"])
})
export type Case = typeof Case.Type

export const cases: Arbitrary.Arbitrary<Case> = Arbitrary.schema(Case)
