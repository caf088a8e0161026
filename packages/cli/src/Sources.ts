/**
 * From flags to a vendor's source, for every command that reads.
 */
import type { QuarantinedRecord } from "@colloquy/archive"
import { Botuj, tokenVariable as botujToken } from "@colloquy/botuj"
import { Chatling, tokenVariable as chatlingToken } from "@colloquy/chatling"
import { Source, type SourceError, type SourceService } from "@colloquy/core"
import { Gptbots, tokenVariable as gptbotsToken } from "@colloquy/gptbots"
import { OpenCopilot, tokenVariable as opencopilotToken } from "@colloquy/opencopilot"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { UsageError } from "./Failure.ts"
import type { Reading } from "./Flags.ts"
import type { SourceLayer } from "./Read.ts"
import { credential } from "./Token.ts"

/** What every command that reads has; those that read whole listings at once have `verify`, too. */
interface Common extends Reading {
  readonly verify?: boolean
}

/** What every source takes: the credential, and how to read. */
const common = (variable: string, flags: Common) =>
  Effect.map(credential(variable, flags), (credential) => ({
    ...credential,
    concurrency: flags.concurrency,
    verify: flags.verify,
    maxPages: Option.getOrUndefined(flags.maxPages)
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

// ---------------------------------------------------------------------------------------------------------------
// Offline
// ---------------------------------------------------------------------------------------------------------------

const noNetwork = Layer.succeed(
  HttpClient.HttpClient,
  HttpClient.make(() => Effect.die(new Error("a request was made offline")))
)

type OfflineSource = (record: QuarantinedRecord) => SourceLayer

const token = Redacted.make("offline")

const offlineSources: Readonly<Record<string, OfflineSource>> = {
  // Archives of earlier versions do not tell where a record stood: only the list of a bot has this field.
  opencopilot: ({ account, json }) =>
    Predicate.hasProperty(json, "conversation_id")
      ? OpenCopilot.layerSource({ token, account, botId: "offline" })
      : OpenCopilot.layerSource({ token, account, organizationId: "offline" }),
  chatling: ({ account }) => Chatling.layerSource({ token, account, chatbotId: "offline" }),
  botuj: ({ account }) => Botuj.layerSource({ token, account }),
  gptbots: ({ account }) => Gptbots.layerSource({ token, account })
}

/** A source that decodes this record as its vendor's, and cannot ask for anything. */
export const offline = (
  record: QuarantinedRecord
): Effect.Effect<SourceService, SourceError | Config.ConfigError | UsageError, Scope.Scope> => {
  const make = offlineSources[record.vendor]
  if (make === undefined) {
    const names = Object.keys(offlineSources).join(", ")
    return Effect.fail(
      new UsageError({ problem: `records of ${record.vendor} cannot be decoded here, those of ${names} can` })
    )
  }
  const layer = Layer.provide(make(record), noNetwork)
  return Effect.map(Layer.build(layer), (context) => Context.get(context, Source))
}
