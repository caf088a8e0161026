/**
 * Faults: how a served API misbehaves on request.
 *
 * **Example** (Every fifth answer of Chatling is a 429, and all answers are delayed)
 *
 * ```ts
 * import { Faults } from "@colloquy/engine"
 *
 * export const faults = Faults.parse("429=1@every:5/chatling,latency=20", ["chatling"])
 * ```
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

// ---------------------------------------------------------------------------------------------------------------
// Faults
// ---------------------------------------------------------------------------------------------------------------

/** The kinds of faults; {@link table} describes each. */
export const Kind = Schema.Literals([
  "latency",
  "429",
  "429-date",
  "429-reset",
  "500",
  "502",
  "503",
  "reset",
  "cut",
  "truncate",
  "html",
  "error-in-200",
  "echo-token",
  "redirect",
  "gzip",
  "gzip-unlabelled",
  "slow",
  "clamp",
  "ignore-page",
  "cycle",
  "clamp-page",
  "wrong-total",
  "offset-total",
  "empty-page",
  "no-next",
  "limit-first",
  "malformed-record",
  "insert",
  "append",
  "remove",
  "expire"
])
export type Kind = typeof Kind.Type

/** The requests that a fault affects. Each fault counts its matching requests from 1. */
export const Which = Schema.TaggedUnion({
  All: {},
  First: { count: Schema.Finite },
  Every: { nth: Schema.Finite },
  Nth: { nth: Schema.Finite },
  Chance: { probability: Schema.Finite }
})
export type Which = typeof Which.Type

/** A fault: what goes wrong, and when. */
export const Fault = Schema.TaggedStruct("Fault", {
  kind: Kind,
  value: Schema.optionalKey(Schema.Finite),
  which: Which,
  /** Only at this vendor. Default: at all vendors. */
  vendor: Schema.optionalKey(Schema.String)
})
export interface Fault extends Schema.Schema.Type<typeof Fault> {}

/** A text that is not a list of faults. */
export class FaultsError extends Schema.TaggedError<FaultsError>()("FaultsError", {
  /** What is wrong, and what is allowed. */
  problem: Schema.String
}) {
  override get message(): string {
    return this.problem
  }
}

/** Every kind and its meaning, for help texts. */
export const table: ReadonlyArray<{ readonly kind: Kind; readonly meaning: string }> = [
  { kind: "latency", meaning: "=MS: the answer comes that many milliseconds later" },
  { kind: "429", meaning: "[=SECONDS]: too many requests, with Retry-After if seconds are given" },
  {
    kind: "429-date",
    meaning: "[=SECONDS]: the same with Retry-After as an HTTP date (default 1 second ahead)"
  },
  {
    kind: "429-reset",
    meaning: "[=SECONDS]: the same with RateLimit-Reset and X-RateLimit-Reset instead (default 1 second)"
  },
  { kind: "500", meaning: "an internal error in the vendor's own shape" },
  { kind: "502", meaning: "a gateway's HTML page with status 502" },
  { kind: "503", meaning: "unavailable, in the vendor's own shape" },
  { kind: "reset", meaning: "the connection is closed before the first byte" },
  { kind: "cut", meaning: "the body breaks off in the middle, short of its announced length" },
  { kind: "truncate", meaning: "half of the JSON, with an honest length" },
  { kind: "html", meaning: "an HTML page with status 200" },
  { kind: "error-in-200", meaning: "the vendor's own rate-limit error with status 200" },
  { kind: "echo-token", meaning: "status 401 with a message that repeats the token" },
  { kind: "redirect", meaning: "status 302 to another origin" },
  { kind: "gzip", meaning: "the body is packed and says so" },
  { kind: "gzip-unlabelled", meaning: "the body is packed and does not say so" },
  { kind: "slow", meaning: "=MS: the body comes in pieces with that pause between them" },
  { kind: "clamp", meaning: "=N: at most N rows a page, whatever is asked" },
  { kind: "ignore-page", meaning: "always the first page" },
  { kind: "cycle", meaning: "=N: the first N pages again and again" },
  { kind: "clamp-page", meaning: "a page past the end is the last page again" },
  { kind: "wrong-total", meaning: "=N: the total is N more than there are rows (N may be negative)" },
  { kind: "offset-total", meaning: "the total is more by the rows before the page" },
  { kind: "empty-page", meaning: "[=PAGE]: that page comes empty although rows follow (default 2)" },
  { kind: "no-next", meaning: "the token or link for the next page is missing" },
  {
    kind: "limit-first",
    meaning: "rows are cut to a page's size before the offset is applied: later pages are empty"
  },
  {
    kind: "malformed-record",
    meaning: "[=INDEX]: that row of each page is not what is documented (default 0)"
  },
  {
    kind: "insert",
    meaning:
      "[=PLACE]: before the answer a new message is put there in every conversation (default 0, the oldest)"
  },
  { kind: "append", meaning: "before the answer a new message is added to every conversation" },
  {
    kind: "remove",
    meaning: "[=PLACE]: before the answer the message there is taken out of every conversation (default 0)"
  },
  { kind: "expire", meaning: "=N: after N requests the token is refused" }
]

// ---------------------------------------------------------------------------------------------------------------
// Shorthand
// ---------------------------------------------------------------------------------------------------------------

const needValue: ReadonlySet<Kind> = new Set(["latency", "slow", "clamp", "cycle", "wrong-total", "expire"])
const mayHaveValue: ReadonlySet<Kind> = new Set([
  ...needValue,
  "429",
  "429-date",
  "429-reset",
  "empty-page",
  "malformed-record",
  "insert",
  "remove"
])
const fromOne: ReadonlySet<Kind> = new Set(["clamp", "cycle", "empty-page"])
const mayBeNegative: ReadonlySet<Kind> = new Set(["wrong-total"])

const isKind = Schema.is(Kind)
const fail = (problem: string) => Effect.fail(new FaultsError({ problem }))

/**
 * Parses the shorthand: `kind[=value][@which][/vendor]`, separated by commas. `which` is `first:2`, `every:5`,
 * `nth:7` or `p:0.1`, and the vendor is one of `vendors`. An empty text means no faults. Fails with `FaultsError`.
 */
export const parse = (
  text: string,
  vendors: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<Fault>, FaultsError> =>
  Effect.forEach(
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
    (part) => parseOne(part, vendors)
  )

const grammar = /^([^=@/]+)(?:=([^@/]*))?(?:@([^/]*))?(?:\/(.*))?$/

const parseOne = Effect.fnUntraced(function* (
  part: string,
  vendors: ReadonlyArray<string>
): Effect.fn.Return<Fault, FaultsError> {
  const match = grammar.exec(part)
  if (match === null) return yield* fail(`"${part}" is not kind[=value][@which][/vendor]`)
  const [, kind = "", value, which, vendor] = match
  if (!isKind(kind)) {
    return yield* fail(`there is no fault "${kind}"; there are ${Kind.literals.join(", ")}`)
  }
  if (vendor !== undefined && !vendors.includes(vendor)) {
    return yield* fail(`there is no vendor "${vendor}"; there are ${vendors.join(", ")}`)
  }
  const number = yield* parseValue(kind, value)
  return {
    _tag: "Fault",
    kind,
    which: yield* parseWhich(which),
    ...(number === undefined ? {} : { value: number }),
    ...(vendor === undefined ? {} : { vendor })
  }
})

const parseValue = (kind: Kind, text: string | undefined): Effect.Effect<number | void, FaultsError> => {
  if (text === undefined) {
    return needValue.has(kind) ? fail(`"${kind}" needs a value, such as ${kind}=2`) : Effect.void
  }
  if (!mayHaveValue.has(kind)) return fail(`"${kind}" takes no value; got "${text}"`)
  const pattern = mayBeNegative.has(kind) ? /^[+-]?\d+$/ : /^\d+$/
  const value = Number(text)
  if (!pattern.test(text) || !Number.isSafeInteger(value) || (fromOne.has(kind) && value < 1)) {
    const range = fromOne.has(kind) ? ", 1 or more" : mayBeNegative.has(kind) ? "" : ", 0 or more"
    return fail(`the value of "${kind}" is a whole number${range}; got "${text}"`)
  }
  return Effect.succeed(value)
}

const parseWhich = (text: string | undefined): Effect.Effect<Which, FaultsError> => {
  if (text === undefined) return Effect.succeed({ _tag: "All" })
  const [word, digits = ""] = text.split(":")
  const count = /^\d+$/.test(digits) && Number(digits) >= 1 ? Option.some(Number(digits)) : Option.none()
  if (word === "first" && Option.isSome(count)) return Effect.succeed({ _tag: "First", count: count.value })
  if (word === "every" && Option.isSome(count)) return Effect.succeed({ _tag: "Every", nth: count.value })
  if (word === "nth" && Option.isSome(count)) return Effect.succeed({ _tag: "Nth", nth: count.value })
  if (word === "p" && /^(0?\.\d+|[01](\.0+)?)$/.test(digits)) {
    return Effect.succeed({ _tag: "Chance", probability: Number(digits) })
  }
  return fail(`"@${text}" is not @first:N, @every:N, @nth:N or @p:0.1, N being 1 or more and p from 0 to 1`)
}

// ---------------------------------------------------------------------------------------------------------------
// Looking at those that strike
// ---------------------------------------------------------------------------------------------------------------

/** The value of the first fault of this kind, `otherwise` if it has no value; undefined without such a fault. */
export const valueOf = (faults: ReadonlyArray<Fault>, kind: Kind, otherwise = 0): number | undefined => {
  const fault = faults.find((fault) => fault.kind === kind)
  return fault === undefined ? undefined : (fault.value ?? otherwise)
}
