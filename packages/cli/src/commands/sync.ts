/**
 * `colloquy sync <vendor>`: brings an archive up to what the vendor has.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Archives from "../Archives.ts"
import { UsageError } from "../Failure.ts"
import * as Flags from "../Flags.ts"
import * as Sources from "../Sources.ts"
import * as Syncing from "../Syncing.ts"

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

const opencopilot = Command.make(
  "opencopilot",
  { ...Flags.opencopilot, ...common },
  Effect.fnUntraced(function* (flags) {
    if (Option.isNone(flags.bot) && Option.isNone(flags.organization)) {
      return yield* new UsageError({ problem: "give --bot ID or --organization ID" })
    }
    if (Option.isNone(flags.bot) && flags.conversation.length > 0) {
      return yield* new UsageError({ problem: "--conversation needs --bot ID: messages are read by bot" })
    }
    yield* Syncing.run(yield* Sources.opencopilot(flags), flags)
  })
).pipe(
  Command.withDescription("Sync from OpenCopilot (OPENCOPILOT_TOKEN)"),
  Command.withExamples([
    {
      command: "colloquy sync opencopilot --organization 4ef0737b --archive history.db",
      description: "Every conversation of an organization"
    },
    {
      command:
        "colloquy sync opencopilot --bot 4ef0737b --conversation 'web|1710711935' --archive history.db",
      description: "One conversation of a bot"
    }
  ])
)

const chatling = Command.make("chatling", { ...Flags.chatling, ...common }, (flags) =>
  Effect.flatMap(Sources.chatling(flags), (source) => Syncing.run(source, flags))
).pipe(
  Command.withDescription("Sync from Chatling (CHATLING_API_KEY)"),
  Command.withExamples([
    {
      command: "colloquy sync chatling --chatbot 123 --archive history.db",
      description: "Every conversation of a chatbot; the first time all of it, then what is new"
    },
    {
      command: "colloquy sync chatling --chatbot 123 --archive history.db --lookback 7d",
      description: "The last week's conversations whole, so that edits and feedback show"
    }
  ])
)

const botuj = Command.make("botuj", common, (flags) =>
  Effect.flatMap(Sources.botuj(flags), (source) => Syncing.run(source, flags))
).pipe(
  Command.withDescription("Sync from Botuj (BOTUJ_API_KEY)"),
  Command.withExamples([
    {
      command: "colloquy sync botuj --archive history.db --parallel 8",
      description: "Every conversation of the account"
    },
    {
      command: "colloquy sync botuj --archive history.db --dry-run",
      description: "What a sync would read, and why"
    }
  ])
)

const gptbots = Command.make("gptbots", { ...Flags.gptbots, ...Flags.gptbotsApi, ...common }, (flags) =>
  Effect.flatMap(Sources.gptbots(flags), (source) => Syncing.run(source, flags))
).pipe(
  Command.withDescription("Sync from GPTBots (GPTBOTS_API_KEY)"),
  Command.withExamples([
    {
      command: "colloquy sync gptbots --archive history.db --type WIDGET --since 2024-06-01",
      description: "Every conversation of a channel since June 2024"
    },
    {
      command: `${Archives.variable}=postgres://… colloquy sync gptbots --json`,
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
  Command.withSubcommands([opencopilot, chatling, botuj, gptbots])
)
