/**
 * `colloquy conversations <vendor>`: the list of conversations as NDJSON.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { UsageError } from "../Failure.ts"
import * as Flags from "../Flags.ts"
import * as Read from "../Read.ts"
import * as Sources from "../Sources.ts"

const opencopilot = Command.make(
  "opencopilot",
  {
    organization: Flag.String("organization").pipe(
      Flag.withMetavar("ID"),
      Flag.withDescription("List the conversations of this organization (v2)"),
      Flag.optional
    ),
    bot: Flag.String("bot").pipe(
      Flag.withMetavar("ID"),
      Flag.withDescription("List the conversations of this bot (v1)"),
      Flag.optional
    ),
    ...Flags.common
  },
  Effect.fnUntraced(function* (flags) {
    if (Option.isSome(flags.organization) === Option.isSome(flags.bot)) {
      return yield* new UsageError({ problem: "give either --organization ID or --bot ID" })
    }
    yield* Read.conversations(yield* Sources.opencopilot(flags), flags)
  })
).pipe(
  Command.withDescription("Conversations from OpenCopilot (OPENCOPILOT_TOKEN)"),
  Command.withExamples([
    {
      command: "colloquy conversations opencopilot --organization 4ef0737b",
      description: "Of an organization"
    },
    { command: "colloquy conversations opencopilot --bot 4ef0737b", description: "Of a bot, by the v1 list" }
  ])
)

const chatling = Command.make(
  "chatling",
  {
    ...Flags.chatling,
    ...Flags.common
  },
  (flags) => Effect.flatMap(Sources.chatling(flags), (source) => Read.conversations(source, flags))
).pipe(
  Command.withDescription("Conversations from Chatling (CHATLING_API_KEY)"),
  Command.withExamples([
    { command: "colloquy conversations chatling --chatbot 123", description: "Of a chatbot" }
  ])
)

const botuj = Command.make("botuj", Flags.common, (flags) =>
  Effect.flatMap(Sources.botuj(flags), (source) => Read.conversations(source, flags))
).pipe(
  Command.withDescription("Conversations from Botuj (BOTUJ_API_KEY)"),
  Command.withExamples([{ command: "colloquy conversations botuj", description: "Of the account" }])
)

const gptbots = Command.make("gptbots", { ...Flags.gptbots, ...Flags.common }, (flags) =>
  Effect.flatMap(Sources.gptbots(flags), (source) => Read.conversations(source, flags))
).pipe(
  Command.withDescription("Conversations from GPTBots (GPTBOTS_API_KEY)"),
  Command.withExamples([
    {
      command: "colloquy conversations gptbots --type API --since 2024-06-01 --until 2024-07-01",
      description: "Of one channel and one month"
    }
  ])
)

export const conversations = Command.make("conversations").pipe(
  Command.withDescription("Read the list of conversations as NDJSON"),
  Command.withSubcommands([opencopilot, chatling, botuj, gptbots])
)
