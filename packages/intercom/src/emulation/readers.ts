/**
 * The sources that read Intercom's emulation, and the rows that each must give.
 */
import type { Emulation } from "@colloquy/engine"
import { Intercom } from "../Intercom.ts"
import * as Codecs from "../Codecs.ts"
import type { IntercomCorpus } from "./corpus.ts"

export const readers = (corpus: IntercomCorpus): ReadonlyArray<Emulation.Reader> => [
  {
    name: "Intercom",
    source: Intercom.source,
    conversations: corpus.conversations,
    messages: corpus.messages,
    conversationRow: Codecs.conversations.encode,
    messageRow: Codecs.messages.encode,
    decoder: Intercom.decoder,
    spoils: { conversation: "id", message: "id" }
  }
]
