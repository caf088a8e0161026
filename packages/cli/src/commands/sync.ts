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

/** The flags that every `sync` has. */
const common = {
  ...Archives.flag,
  conversation: Flags.nonEmpty(Flag.String("conversation")).pipe(
    Flag.withMetavar("ID"),
    Flag.withDescription("Sync only this conversation; may be repeated (default: all that the vendor lists)"),
    Flag.atLeast(0)
  ),
  parallel: Flags.ranged(Flag.Int("parallel"), 1, 64).pipe(
    Flag.withMetavar("N"),
    Flag.withDescription("Conversations to read at once, 1 to 64 (default: 4)"),
    Flag.withDefault(4)
  ),
  full: Flag.Boolean("full").pipe(
    Flag.withDescription(
      "Read every conversation in full, to find edits, feedback and removals in old messages"
    ),
    Flag.withDefault(false)
  ),
  lookback: Flag.String("lookback").pipe(
    Flag.withMetavar("DURATION"),
    Flag.withDescription(
      "Read conversations in full if they were active within this time: 7d, 12h, 30 days (default: none)"
    ),
    Flag.filterMap(durationOf, () => 'a duration such as 7d, 12h, 90min or "30 days"'),
    Flag.optional
  ),
  dryRun: Flag.Boolean("dry-run").pipe(
    Flag.withDescription("Show what would be read and why: reads only the list, and writes nothing"),
    Flag.withDefault(false)
  ),
  quarantineRows: Flags.ranged(Flag.Int("quarantine-rows"), 0).pipe(
    Flag.withMetavar("N"),
    Flag.withDescription("Stop if more than N records cannot be decoded (default: 100)"),
    Flag.withDefault(100)
  ),
  quarantineShare: Flags.ranged(Flag.Finite("quarantine-share"), 0, 1).pipe(
    Flag.withMetavar("X"),
    Flag.withDescription(
      "Stop if more than this share of the records cannot be decoded, once 100 were read (default: 0.1)"
    ),
    Flag.withDefault(0.1)
  ),
  json: Flag.Boolean("json").pipe(
    Flag.withDescription(
      "Print the report on stdout as one line of JSON; with --dry-run, one line for each conversation"
    ),
    Flag.withDefault(false)
  ),
  ...Flags.readOptions
}

const of = (vendor: Vendor.Any) =>
  Command.make(
    vendor.definition.name,
    { chosen: Vendors.flagsOf(vendor, "sync"), ...common },
    Effect.fnUntraced(function* ({ chosen, ...flags }) {
      yield* Vendors.checkList(vendor, chosen, "at least one")
      if (flags.conversation.length > 0) yield* Vendors.checkMessages(vendor, chosen)
      yield* Syncing.run(yield* Vendors.unopened(vendor, chosen, flags), flags)
    })
  ).pipe(
    Command.withDescription(`Sync from ${vendor.definition.title} (${vendor.definition.tokenVariable})`),
    Command.withExamples([
      {
        command: `colloquy sync ${Vendors.exampleOf(vendor)} --archive history.db`,
        description: "Every conversation: everything the first time, then what is new"
      },
      {
        command: `colloquy sync ${Vendors.exampleOf(vendor)} --archive history.db --lookback 7d`,
        description: "Also read last week's conversations in full, to find edits and feedback"
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
      "The first run reads everything, later runs read what is new. If a run is stopped, everything committed stays,",
      "and the next run resumes. A conversation that fails does not stop the others. Use --lookback or --full to find",
      "edits and feedback on old messages."
    ].join("\n  ")
  ),
  Command.withShortDescription("Bring an archive (SQLite or Postgres) up to what a vendor has"),
  Command.withSubcommands(Vendors.vendors.map(of))
)
