/**
 * The sources that read Chatling's emulation, and the rows that each must give.
 */
import { type Emulation, Rows } from "@colloquy/engine"
import { Chatling } from "../Chatling.ts"
import * as Codecs from "../Codecs.ts"
import type { ChatlingCorpus } from "./corpus.ts"

export const readers = (corpus: ChatlingCorpus): ReadonlyArray<Emulation.Reader> => {
  const reader = (name: string, sort: "date_asc" | "date_desc"): Emulation.Reader => ({
    name,
    // The server chooses the size of pages.
    source: (options) =>
      Chatling.source({ ...options, pageSize: undefined, sort, chatbotId: corpus.chatbotId }),
    conversations: corpus.conversations,
    messages: (conversationId) => {
      const rows = corpus.messages(conversationId)
      return rows === undefined || sort === "date_asc" ? rows : Rows.reverse(rows)
    },
    conversationRow: Codecs.conversations.encode,
    messageRow: Codecs.messages.encode,
    decoder: Chatling.decoder,
    spoils: { conversation: "id", message: "role" }
  })
  return [reader("Chatling", "date_asc"), reader("Chatling, newest first", "date_desc")]
}
