/**
 * `colloquy sync`: brings an archive up to what one vendor has, or to what all sources of the configuration have.
 */
import type { Vendor } from "@colloquy/core/vendor"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Archives from "../Archives.ts"
import * as Flags from "../Flags.ts"
import * as Opening from "../Opening.ts"
import * as Repeating from "../Repeating.ts"
import * as Syncing from "../Syncing.ts"
import * as SyncingAll from "../SyncingAll.ts"
import * as Vendors from "../Vendors.ts"

/** The flags of every sync. */
export const common = {
  ...Archives.flag,
  parallel: Flags.ranged(Flag.Int("parallel"), 1, 64).pipe(
    Flag.withMetavar("N"),
    Flag.withDescription("Conversations of a source to read at once, 1 to 64 (default: 4)"),
    Flag.optional
  ),
  full: Flag.Boolean("full").pipe(
    Flag.withDescription(
      "Read every conversation in full, to find edits, feedback and removals in old messages"
    ),
    Flag.withDefault(false)
  ),
  lookback: Flags.duration("lookback").pipe(
    Flag.withDescription(
      "Read conversations in full if they were active within this time: 7d, 12h, 30 days (default: none)"
    ),
    Flag.optional
  ),
  dryRun: Flag.Boolean("dry-run").pipe(
    Flag.withDescription("Show what would be read and why: reads only the list, and writes nothing"),
    Flag.withDefault(false)
  ),
  quarantineRows: Flags.ranged(Flag.Int("quarantine-rows"), 0).pipe(
    Flag.withMetavar("N"),
    Flag.withDescription("Stop if more than N records cannot be decoded (default: 100)"),
    Flag.optional
  ),
  quarantineShare: Flags.ranged(Flag.Finite("quarantine-share"), 0, 1).pipe(
    Flag.withMetavar("X"),
    Flag.withDescription(
      "Stop if more than this share of the records cannot be decoded, once 100 were read (default: 0.1)"
    ),
    Flag.optional
  ),
  json: Flag.Boolean("json").pipe(
    Flag.withDescription(
      "Print on stdout one line of JSON for each source, in a dry run for each conversation"
    ),
    Flag.withDefault(false)
  ),
  ...Repeating.flags
}

/** The flags of `sync` without a vendor: of the sources of the configuration. */
const configured = {
  source: Flags.nonEmpty(Flag.String("source")).pipe(
    Flag.withMetavar("NAME"),
    Flag.withDescription("Only this source of the configuration; may be repeated (default: all)"),
    Flag.atLeast(0)
  ),
  ...common
}

/** The flags of a vendor's sync. */
const own = {
  ...common,
  conversation: Flags.nonEmpty(Flag.String("conversation")).pipe(
    Flag.withMetavar("ID"),
    Flag.withDescription("Sync only this conversation; may be repeated (default: all that the vendor lists)"),
    Flag.atLeast(0)
  ),
  ...Flags.readOptions
}

const of = (vendor: Vendor.Any) =>
  Command.make(
    vendor.definition.name,
    { chosen: Vendors.flagsOf(vendor, "sync"), ...own },
    Effect.fnUntraced(function* ({ chosen, ...flags }) {
      yield* Vendors.checkList(vendor, chosen, "at least one")
      if (flags.conversation.length > 0) yield* Vendors.checkMessages(vendor, chosen)
      const once = Effect.flatMap(Opening.unopened(vendor, chosen, flags), (unopened) =>
        Syncing.run(unopened, flags)
      )
      yield* Repeating.run(flags, once)
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

export const sync = (vendors: Vendors.Registry) =>
  Command.make("sync", configured, (flags) => Repeating.run(flags, SyncingAll.run(flags))).pipe(
    Command.withDescription(
      [
        "Bring an archive up to what the vendors have.",
        "",
        "Without a vendor, it syncs every source of the configuration: see colloquy init.",
        "",
        "The first run reads everything, later runs read what is new. If a run is stopped, everything committed stays, and the next run resumes. A conversation that fails does not stop the others. Use --lookback or --full to find edits and feedback on old messages."
      ].join("\n  ")
    ),
    Command.withShortDescription("Bring an archive (SQLite or Postgres) up to what the vendors have"),
    Command.withExamples([
      { command: "colloquy sync", description: "Every source of the configuration" },
      { command: "colloquy sync --source support --full", description: "One source of it, in full" },
      {
        command: "colloquy sync --every 15m --health-file /run/colloquy/health.json",
        description: "Again and again until it is stopped, for a service"
      },
      {
        command: `colloquy sync ${Vendors.exampleOf(vendors[0])} --archive history.db`,
        description: "A vendor without a configuration"
      }
    ]),
    Command.withSubcommands(vendors.map(of))
  )
