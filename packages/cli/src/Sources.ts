/**
 * From flags to a vendor's source, for every command that reads.
 */
import { Botuj, tokenVariable as botujToken } from "@colloquy/botuj"
import { Chatling, tokenVariable as chatlingToken } from "@colloquy/chatling"
import { Gptbots, tokenVariable as gptbotsToken } from "@colloquy/gptbots"
import { OpenCopilot, tokenVariable as opencopilotToken } from "@colloquy/opencopilot"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { UsageError } from "./Failure.ts"
import type { Common } from "./Flags.ts"
import { credential } from "./Token.ts"

/** What every source takes: the credential, and how to read. */
const common = (variable: string, flags: Common) =>
  Effect.map(credential(variable, flags), (credential) => ({
    ...credential,
    concurrency: flags.concurrency,
    verify: flags.verify
  }))

/** OpenCopilot, by bot or by organization. */
export const opencopilot = Effect.fnUntraced(function* (
  flags: Common & { readonly bot: Option.Option<string>; readonly organization: Option.Option<string> }
) {
  return OpenCopilot.layerSource({
    ...(yield* common(opencopilotToken, flags)),
    botId: Option.getOrUndefined(flags.bot),
    organizationId: Option.getOrUndefined(flags.organization),
    pageSize: Option.getOrUndefined(flags.pageSize)
  })
})

/** Chatling. Its server chooses the page size: asking for one is a mistake worth telling. */
export const chatling = Effect.fnUntraced(function* (
  flags: Common & { readonly chatbot: string; readonly sort?: "date_asc" | "date_desc" }
) {
  if (Option.isSome(flags.pageSize)) {
    return yield* new UsageError({
      problem: "Chatling's server chooses the page size; leave --page-size out"
    })
  }
  return Chatling.layerSource({
    ...(yield* common(chatlingToken, flags)),
    chatbotId: flags.chatbot,
    sort: flags.sort
  })
})

/** Botuj. */
export const botuj = Effect.fnUntraced(function* (flags: Common) {
  return Botuj.layerSource({
    ...(yield* common(botujToken, flags)),
    pageSize: Option.getOrUndefined(flags.pageSize)
  })
})

/** GPTBots, in one region, one span of time, one channel. */
export const gptbots = Effect.fnUntraced(function* (
  flags: Common & {
    readonly endpoint: string
    readonly api?: "v1" | "v2"
    readonly user: Option.Option<string>
    readonly type: string
    readonly since: Option.Option<number>
    readonly until: Option.Option<number>
  }
) {
  return Gptbots.layerSource({
    ...(yield* common(gptbotsToken, flags)),
    endpoint: flags.endpoint,
    api: flags.api,
    userId: Option.getOrUndefined(flags.user),
    type: flags.type,
    since: Option.getOrUndefined(flags.since),
    until: Option.getOrUndefined(flags.until),
    pageSize: Option.getOrUndefined(flags.pageSize)
  })
})
