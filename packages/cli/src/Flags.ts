/**
 * Flags that several commands share.
 */
import * as Flag from "effect/cli/Flag"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { UsageError } from "./Failure.ts"

/** Refuses an empty value. */
export const nonEmpty = (flag: Flag.Flag<string>): Flag.Flag<string> =>
  Flag.filter(
    flag,
    (value) => value !== "",
    () => "a value that is not empty"
  )

/** Refuses a number out of a range; without `most` it is open above. */
export const ranged = (flag: Flag.Flag<number>, least: number, most = Infinity): Flag.Flag<number> =>
  Flag.filter(
    flag,
    (value) => value >= least && value <= most,
    () => (most === Infinity ? `a number, ${least} or more` : `a number from ${least} to ${most}`)
  )

/** The account and the read options, in every command that asks a vendor. */
export const readOptions = {
  baseUrl: nonEmpty(Flag.String("base-url")).pipe(
    Flag.withMetavar("URL"),
    Flag.withDescription("Base URL instead of the vendor's own: scheme, host, port, optional path prefix"),
    Flag.optional
  ),
  pageSize: Flag.Int("page-size").pipe(
    Flag.withMetavar("N"),
    Flag.withDescription(
      "Rows to ask for in each request (default: the vendor's documented maximum, else its default)"
    ),
    Flag.optional
  ),
  concurrency: ranged(Flag.Int("concurrency"), 1, 64).pipe(
    Flag.withMetavar("N"),
    Flag.withDescription("Pages of one listing to fetch at once, 1 to 64 (default: 1)"),
    Flag.withDefault(1)
  ),
  account: nonEmpty(Flag.String("account")).pipe(
    Flag.withMetavar("NAME"),
    Flag.withDescription(
      "Name of the credential: the token is then read from the variable with the suffix _NAME (default: default)"
    ),
    Flag.withDefault("default")
  ),
  maxPages: ranged(Flag.Int("max-pages"), 1).pipe(
    Flag.withMetavar("N"),
    Flag.withDescription("Most pages to read of one listing; a longer listing fails (default: no limit)"),
    Flag.optional
  )
}

/** The values of `readOptions`. */
export interface ReadOptions {
  readonly baseUrl: Option.Option<string>
  readonly pageSize: Option.Option<number>
  readonly concurrency: number
  readonly account: string
  readonly maxPages: Option.Option<number>
}

/** Read options, and where NDJSON and the summary go: `pull` and `conversations`. */
export const ndjson = {
  ...readOptions,
  verify: Flag.Boolean("verify").pipe(
    Flag.withDescription("Read every listing until two passes agree; needs at least twice the requests"),
    Flag.withDefault(false)
  ),
  out: nonEmpty(Flag.String("out")).pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("Write NDJSON to FILE, which appears only when it is complete (default: stdout)"),
    Flag.optional
  ),
  json: Flag.Boolean("json").pipe(
    Flag.withDescription("Print the summary on stderr as one line of JSON"),
    Flag.withDefault(false)
  )
}

/** The values of `ndjson`. */
export interface Ndjson extends ReadOptions {
  readonly verify: boolean
  readonly out: Option.Option<string>
  readonly json: boolean
}

/** One conversation, or all that the vendor lists. */
export const which = {
  conversation: nonEmpty(Flag.String("conversation")).pipe(
    Flag.withMetavar("ID"),
    Flag.withDescription("The conversation to read"),
    Flag.optional
  ),
  all: Flag.Boolean("all").pipe(
    Flag.withDescription("Read every conversation that the vendor lists"),
    Flag.withDefault(false)
  )
}

/** The values of `which`. */
export interface Which {
  readonly conversation: Option.Option<string>
  readonly all: boolean
}

/** The chosen conversation's id; undefined for all. Fails unless exactly one of the two flags is given. */
export const conversationOf = ({
  all,
  conversation
}: Which): Effect.Effect<string | undefined, UsageError> => {
  if (all === Option.isSome(conversation)) {
    return Effect.fail(new UsageError({ problem: "give either --conversation ID or --all" }))
  }
  return Effect.succeed(Option.getOrUndefined(conversation))
}

/** What is wrong around a value, such as quotes that an env file kept, and what to do; undefined if nothing is. */
export const wrapped = (value: string): string | undefined => {
  if (value.trim() !== value) return "begins or ends with a space or a line break; remove it"
  return /^["'`]|["'`]$/.test(value) ? "is in quotes; remove them" : undefined
}

/** Epoch milliseconds of a time that is given as ISO 8601 or in epoch milliseconds. */
export const timeOf = (text: string): Option.Option<number> => {
  if (/^\d+$/.test(text)) return Option.map(DateTime.make(Number(text)), DateTime.toEpochMillis)
  const [day] = /^\d{4}-\d\d-\d\d/.exec(text) ?? []
  if (day === undefined || !isDay(day)) return Option.none()
  return Option.map(DateTime.make(text), DateTime.toEpochMillis)
}

/** Whether the month has that day. JavaScript takes February 30 for March 1. */
const isDay = (day: string): boolean =>
  Option.exists(DateTime.make(day), (time) => DateTime.formatIsoDateUtc(time) === day)

/** A flag for a time; its value is in epoch milliseconds. */
export const time = (name: string, metavar: string): Flag.Flag<number> =>
  Flag.String(name).pipe(
    Flag.withMetavar(metavar),
    Flag.filterMap(timeOf, () => "a time such as 2024-06-01, 2024-06-01T12:00Z or epoch milliseconds")
  )

const units: Readonly<Record<string, Duration.Unit>> = {
  s: "seconds",
  m: "minutes",
  h: "hours",
  d: "days",
  w: "weeks"
}

/** `7d`, `12h`, `90min`, `30 days`. */
export const durationOf = (text: string): Option.Option<Duration.Duration> => {
  const form =
    /^\s*(\d+(?:\.\d+)?)\s*(?:(s)(?:ec(?:ond)?s?)?|(m)(?:in(?:ute)?s?)?|(h)(?:ours?)?|(d)(?:ays?)?|(w)(?:eeks?)?)\s*$/i
  const [, amount, ...letters] = form.exec(text) ?? []
  const unit = units[letters.find((letter) => letter !== undefined)?.toLowerCase() ?? ""]
  return amount === undefined || unit === undefined
    ? Option.none()
    : Duration.fromInput(`${Number(amount)} ${unit}`)
}

/** The duration of a text that was checked before. */
export const durationIn = (text: string): Duration.Duration =>
  Option.getOrElse(durationOf(text), () => Duration.zero)

/** A flag for a duration. */
export const duration = (name: string): Flag.Flag<Duration.Duration> =>
  Flag.String(name).pipe(
    Flag.withMetavar("DURATION"),
    Flag.filterMap(durationOf, () => 'a duration such as 7d, 12h, 90min or "30 days"')
  )
