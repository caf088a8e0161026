/**
 * The truth: every conversation and message of all four vendors, as the vendors' own JSON.
 *
 * Each row is a pure function of seed, vendor, conversation and place, so that ten million messages take no memory.
 */
import * as Schema from "effect/Schema"
import * as BotujCorpus from "./internal/botujCorpus.ts"
import * as ChatlingCorpus from "./internal/chatlingCorpus.ts"
import type { CorpusOptions } from "./internal/dialogue.ts"
import * as GptbotsCorpus from "./internal/gptbotsCorpus.ts"
import * as OpenCopilotCorpus from "./internal/opencopilotCorpus.ts"
import * as Readings from "./Readings.ts"
import type { Rows } from "@colloquy/engine/Rows"

/** The vendors that are emulated. */
export const Vendor = Schema.Literals(["opencopilot", "chatling", "botuj", "gptbots"])
export type Vendor = typeof Vendor.Type

/** All vendors' rows. */
export interface Corpus {
  readonly opencopilot: OpenCopilotCorpus.OpenCopilotCorpus
  readonly chatling: ChatlingCorpus.ChatlingCorpus
  readonly botuj: BotujCorpus.BotujCorpus
  readonly gptbots: GptbotsCorpus.GptbotsCorpus
}

export type { CorpusOptions }

/** Makes a corpus. The same options give the same bytes, everywhere and always. */
export const make = (options: CorpusOptions = {}, readings: Partial<Readings.Readings> = {}): Corpus => {
  const read = { ...Readings.defaults, ...readings }
  return {
    opencopilot: OpenCopilotCorpus.make(options, read),
    chatling: ChatlingCorpus.make(options, read),
    botuj: BotujCorpus.make(options),
    gptbots: GptbotsCorpus.make(options, read)
  }
}

/** The same corpus with every conversation's messages seen through `view`, the vendor given. */
export const viewed = (corpus: Corpus, view: <A>(vendor: Vendor, rows: Rows<A>) => Rows<A>): Corpus => {
  const through =
    <A>(vendor: Vendor, messages: (conversationId: string) => Rows<A> | undefined) =>
    (conversationId: string): Rows<A> | undefined => {
      const rows = messages(conversationId)
      return rows === undefined ? undefined : view(vendor, rows)
    }
  return {
    opencopilot: { ...corpus.opencopilot, messages: through("opencopilot", corpus.opencopilot.messages) },
    chatling: { ...corpus.chatling, messages: through("chatling", corpus.chatling.messages) },
    botuj: { ...corpus.botuj, messages: through("botuj", corpus.botuj.messages) },
    gptbots: {
      ...corpus.gptbots,
      messages: through("gptbots", corpus.gptbots.messages),
      messagesV2: through("gptbots", corpus.gptbots.messagesV2)
    }
  }
}

/** A conversation's messages, whichever the vendor; undefined for an unknown id. */
export const messages = (corpus: Corpus, vendor: Vendor, conversationId: string): Rows<unknown> | undefined =>
  corpus[vendor].messages(conversationId)
