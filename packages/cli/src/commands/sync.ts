/**
 * `colloquy sync <vendor>`: brings an archive up to what the vendor has.
 */
import type { Vendor } from "@colloquy/core/vendor"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Archives from "../Archives.ts"
import * as Flags from "../Flags.ts"
import * as Syncing from "../Syncing.ts"
import * as Vendors from "../Vendors.ts"

const units: Readonly<Record<string, Duration.Unit>> = {
  s: "seconds",
  m: "minutes",
  h: "hours",
  d: "days",
  w: "weeks"
}

/** `7d`, `12h`, `90min`, `30 days`. */
const durationOf = (text: string): Option.Option<Duration.Duration> => {
  const form =
    /^\s*(\d+(?:\.\d+)?)\s*(?:(s)(?:ec(?:ond)?s?)?|(m)(?:in(?:ute)?s?)?|(h)(?:ours?)?|(d)(?:ays?)?|(w)(?:eeks?)?)\s*$/i
  const [, amount, ...letters] = form.exec(text) ?? []
  const unit = units[letters.find((letter) => letter !== undefined)?.toLowerCase() ?? ""]
  return amount === undefined || unit === undefined
    ? Option.none()
    : Duration.fromInput(`${Number(amount)} ${unit}`)
}

const ranged = (flag: Flag.Flag<number>, least: number, most: number) =>
  Flag.filter(
    flag,
    (value) => value >= least && value <= most,
    () =>
      most === Number.MAX_SAFE_INTEGER ? `a number from ${least} on` : `a number from ${least} to ${most}`
  )

/** The flags that `sync` has for every vendor. */
const common = {
  ...Archives.flag,
  conversation: Flag.String("conversation").pipe(
    Flag.withMetavar("ID"),
    Flag.withDescription(
      "Only this conversation; may be given more than once (default: all that the vendor lists)"
    ),
    Flag.atLeast(0)
  ),
  parallel: ranged(Flag.Int("parallel"), 1, 64).pipe(
    Flag.withMetavar("N"),
    Flag.withDescription("Conversations to read at once, 1 to 64 (default: 4)"),
    Flag.withDefault(4)
  ),
  full: Flag.Boolean("full").pipe(
    Flag.withDescription(
      "Read every conversation whole: shows edits, feedback and removals wherever they are"
    ),
    Flag.withDefault(false)
  ),
  lookback: Flag.String("lookback").pipe(
    Flag.withMetavar("DURATION"),
    Flag.withDescription(
      "Read conversations whole that were active within it: 7d, 12h, 30 days (default: none)"
    ),
    Flag.filterMap(durationOf, () => 'a duration such as 7d, 12h, 90min or "30 days"'),
    Flag.optional
  ),
  dryRun: Flag.Boolean("dry-run").pipe(
    Flag.withDescription("Tell what would be read and why: asks for the list only, and writes nothing"),
    Flag.withDefault(false)
  ),
  quarantineRows: ranged(Flag.Int("quarantine-rows"), 0, Number.MAX_SAFE_INTEGER).pipe(
    Flag.withMetavar("N"),
    Flag.withDescription("Stop when more records than this cannot be decoded (default: 100)"),
    Flag.withDefault(100)
  ),
  quarantineShare: ranged(Flag.Finite("quarantine-share"), 0, 1).pipe(
    Flag.withMetavar("X"),
    Flag.withDescription(
      "Stop when more than this share of 100 or more records cannot be decoded (default: 0.1)"
    ),
    Flag.withDefault(0.1)
  ),
  json: Flag.Boolean("json").pipe(
    Flag.withDescription(
      "Print the report on stdout as one line of JSON; with --dry-run a line for each conversation"
    ),
    Flag.withDefault(false)
  ),
  ...Flags.reading
}

const of = (vendor: Vendor.Any) =>
  Command.make(
    vendor.definition.name,
    { chosen: Vendors.flagsOf(vendor, "sync"), ...common },
    Effect.fnUntraced(function* ({ chosen, ...flags }) {
      yield* Vendors.checkList(vendor, chosen, "at least one")
      if (flags.conversation.length > 0) yield* Vendors.checkMessages(vendor, chosen)
      yield* Syncing.run(yield* Vendors.open(vendor, chosen, flags), flags)
    })
  ).pipe(
    Command.withDescription(`Sync from ${vendor.definition.title} (${vendor.definition.tokenVariable})`),
    Command.withExamples([
      {
        command: `colloquy sync ${Vendors.exampleOf(vendor)} --archive history.db`,
        description: "Every conversation: the first time all of it, then what is new"
      },
      {
        command: `colloquy sync ${Vendors.exampleOf(vendor)} --archive history.db --lookback 7d`,
        description: "The last week's conversations whole, so that edits and feedback show"
      },
      {
        command: `${Archives.variable}=postgres://… colloquy sync ${Vendors.exampleOf(vendor)} --json`,
        description: "Into Postgres, with the report as JSON"
      }
    ])
  )

export const sync = Command.make("sync").pipe(
  Command.withDescription(
    [
      "Bring an archive up to what a vendor has.",
      "",
      "The first time it reads everything, then what is new. Whatever stops it, what was committed stays, and the",
      "next run goes on from there. A conversation that fails does not stop the others. Edits and feedback on old",
      "messages show with --lookback or --full."
    ].join("\n  ")
  ),
  Command.withShortDescription("Bring an archive (SQLite or Postgres) up to what a vendor has"),
  Command.withSubcommands(Vendors.vendors.map(of))
)
