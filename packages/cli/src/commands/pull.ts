/**
 * `colloquy pull <vendor>`: messages as NDJSON.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Flags from "../Flags.ts"
import * as Read from "../Read.ts"
import * as Sources from "../Sources.ts"

const opencopilot = Command.make(
  "opencopilot",
  {
    bot: Flags.opencopilot.bot,
    organization: Flags.opencopilot.organization.pipe(
      Flag.withDescription("With --all: read the conversations of this organization instead of a bot's")
    ),
    ...Flags.which,
    ...Flags.common
  },
  (flags) => Effect.flatMap(Sources.opencopilot(flags), (source) => Read.pull(source, flags))
).pipe(
  Command.withDescription("Messages from OpenCopilot (OPENCOPILOT_TOKEN)"),
  Command.withExamples([
    {
      command: "colloquy pull opencopilot --bot 4ef0737b --conversation 'web|1710711935'",
      description: "One conversation to stdout"
    },
    {
      command: "colloquy pull opencopilot --organization 4ef0737b --all --out messages.ndjson",
      description: "Every conversation of an organization to a file"
    }
  ])
)

const chatling = Command.make(
  "chatling",
  {
    ...Flags.chatling,
    sort: Flag.Literals("sort", ["date_asc", "date_desc"]).pipe(
      Flag.withDescription("Oldest or newest message first (default: date_asc)"),
      Flag.withDefault("date_asc")
    ),
    ...Flags.which,
    ...Flags.common
  },
  (flags) => Effect.flatMap(Sources.chatling(flags), (source) => Read.pull(source, flags))
).pipe(
  Command.withDescription("Messages from Chatling (CHATLING_API_KEY)"),
  Command.withExamples([
    {
      command: "colloquy pull chatling --chatbot 123 --conversation 42",
      description: "One conversation, oldest first"
    },
    {
      command: "colloquy pull chatling --chatbot 123 --all --out messages.ndjson",
      description: "Every conversation of a chatbot to a file"
    }
  ])
)

const botuj = Command.make("botuj", { ...Flags.which, ...Flags.common }, (flags) =>
  Effect.flatMap(Sources.botuj(flags), (source) => Read.pull(source, flags))
).pipe(
  Command.withDescription("Messages from Botuj (BOTUJ_API_KEY)"),
  Command.withExamples([
    { command: "colloquy pull botuj --conversation 1234", description: "One conversation to stdout" },
    {
      command: "colloquy pull botuj --all --page-size 50 | wc -l",
      description: "Count every message of the account"
    }
  ])
)

const gptbots = Command.make(
  "gptbots",
  {
    endpoint: Flags.gptbots.endpoint,
    user: Flags.gptbots.user,
    ...Flags.gptbotsApi,
    type: Flags.gptbots.type,
    since: Flags.gptbots.since,
    until: Flags.gptbots.until,
    ...Flags.which,
    ...Flags.common
  },
  (flags) => Effect.flatMap(Sources.gptbots(flags), (source) => Read.pull(source, flags))
).pipe(
  Command.withDescription("Messages from GPTBots (GPTBOTS_API_KEY)"),
  Command.withExamples([
    {
      command: "colloquy pull gptbots --conversation 6455f1b8 --endpoint th",
      description: "One conversation from the data centre in Thailand"
    },
    {
      command: "colloquy pull gptbots --all --type WIDGET --since 2024-06-01 --api v2",
      description: "Every conversation of a channel since June 2024, with files and feedback"
    }
  ])
)

export const pull = Command.make("pull").pipe(
  Command.withDescription("Read messages as NDJSON: one conversation, or with --all every one"),
  Command.withSubcommands([opencopilot, chatling, botuj, gptbots])
)
