/**
 * The sources that read GPTBots' emulation, and the rows that each must give.
 */
import type { Emulation } from "@colloquy/engine"
import { Gptbots } from "../Gptbots.ts"
import * as Codecs from "../Codecs.ts"
import type { GptbotsCorpus } from "./corpus.ts"

export const readers = (corpus: GptbotsCorpus): ReadonlyArray<Emulation.Reader> => {
  const { conversations } = corpus
  const common = {
    conversations,
    decoder: Gptbots.decoder,
    conversationRow: Codecs.conversations.encode,
    spoils: { conversation: "conversation_id", message: "message_id" }
  }
  return [
    {
      ...common,
      name: "GPTBots, v1",
      source: (options) => Gptbots.source({ ...options, api: "v1" }),
      messages: corpus.messages,
      messageRow: Codecs.messages.encode
    },
    {
      ...common,
      name: "GPTBots, v2",
      source: (options) => Gptbots.source({ ...options, api: "v2" }),
      messages: corpus.messagesV2,
      messageRow: Codecs.messagesV2.encode
    }
  ]
}
