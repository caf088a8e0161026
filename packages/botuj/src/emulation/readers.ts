/**
 * The sources that read Botuj's emulation, and the rows that each must give.
 */
import type { Emulation } from "@colloquy/engine"
import { Botuj } from "../Botuj.ts"
import * as Codecs from "../Codecs.ts"
import type { BotujCorpus } from "./corpus.ts"

export const readers = (corpus: BotujCorpus): ReadonlyArray<Emulation.Reader> => [
  {
    name: "Botuj",
    source: Botuj.source,
    conversations: corpus.conversations,
    messages: corpus.messages,
    conversationRow: Codecs.conversations.encode,
    messageRow: Codecs.messages.encode,
    decoder: Botuj.decoder,
    spoils: { conversation: "id", message: "id" }
  }
]
