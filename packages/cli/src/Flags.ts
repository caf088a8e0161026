/**
 * The flags that more than one command has.
 */
import * as Flag from "effect/cli/Flag"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import { UsageError } from "./Failure.ts"

/** Where, how and as whom to read. Every command that asks a vendor has these. */
export const reading = {
  baseUrl: Flag.String("base-url").pipe(
    Flag.withMetavar("URL"),
    Flag.withDescription(
      "Read from here instead of the vendor's own API: scheme, host, port, optional path prefix"
    ),
    Flag.optional
  ),
  pageSize: Flag.Int("page-size").pipe(
    Flag.withMetavar("N"),
    Flag.withDescription(
      "Rows to ask for in each request (default: the vendor's documented maximum, or default)"
    ),
    Flag.optional
  ),
  concurrency: Flag.Int("concurrency").pipe(
    Flag.withMetavar("N"),
    Flag.withDescription("Pages of one listing to fetch at once, 1 to 64 (default: 1)"),
    Flag.withDefault(1)
  ),
  account: Flag.String("account").pipe(
    Flag.withMetavar("NAME"),
    Flag.withDescription(
      "Name of the credential; NAME reads its token from the variable with _NAME behind it (default: default)"
    ),
    Flag.withDefault("default")
  ),
  maxPages: Flag.Int("max-pages").pipe(
    Flag.withMetavar("N"),
    Flag.withDescription("Pages of one listing to read at most; one that goes on fails (default: no bound)"),
    Flag.optional
  )
}

/** What is chosen by `reading`. */
export interface Reading {
  readonly baseUrl: Option.Option<string>
  readonly pageSize: Option.Option<number>
  readonly concurrency: number
  readonly account: string
  readonly maxPages: Option.Option<number>
}

/** How to read, and where to write NDJSON. */
export const common = {
  ...reading,
  verify: Flag.Boolean("verify").pipe(
    Flag.withDescription("Read every listing again until two readings agree; at least twice the requests"),
    Flag.withDefault(false)
  ),
  out: Flag.String("out").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("Write NDJSON to FILE, which appears only when it is whole (default: stdout)"),
    Flag.optional
  ),
  json: Flag.Boolean("json").pipe(
    Flag.withDescription("Print the closing summary on stderr as one line of JSON"),
    Flag.withDefault(false)
  )
}

/** What is chosen by `common`. */
export interface Common extends Reading {
  readonly verify: boolean
  readonly out: Option.Option<string>
  readonly json: boolean
}

/** One conversation, or all that the vendor lists. */
export const which = {
  conversation: Flag.String("conversation").pipe(
    Flag.withMetavar("ID"),
    Flag.withDescription("The conversation to read"),
    Flag.optional
  ),
  all: Flag.Boolean("all").pipe(
    Flag.withDescription("Read every conversation that the vendor lists"),
    Flag.withDefault(false)
  )
}

/** What is chosen by `which`. */
export interface Which {
  readonly conversation: Option.Option<string>
  readonly all: boolean
}

/** The id of the one conversation, or undefined for all; anything else is a usage error. */
export const conversationOf = ({
  all,
  conversation
}: Which): Effect.Effect<string | undefined, UsageError> => {
  if (all === Option.isSome(conversation)) {
    return Effect.fail(new UsageError({ problem: "give either --conversation ID or --all" }))
  }
  return Effect.succeed(Option.getOrUndefined(conversation))
}

/** What stands around a value and is no part of it, such as quotes that an env file kept; and what to do. */
export const wrapped = (value: string): string | undefined => {
  if (value.trim() !== value) return "begins or ends with a space or a line break; remove it"
  return /^["'`]|["'`]$/.test(value) ? "is in quotes; remove them" : undefined
}

/** A time, as ISO 8601 or in epoch milliseconds; epoch milliseconds either way. */
const Time = Schema.String.pipe(
  Schema.decodeTo(Schema.Finite, {
    decode: SchemaGetter.transform((text: string) =>
      /^\d+$/.test(text)
        ? Number(text)
        : Option.getOrElse(Option.map(DateTime.make(text), DateTime.toEpochMillis), () => Number.NaN)
    ),
    encode: SchemaGetter.transform((millis: number) => String(millis))
  })
)

/** A flag for a time. */
export const time = (name: string, metavar: string): Flag.Flag<number> =>
  Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withSchema(Time))
