/**
 * The sources that read OpenCopilot's emulation, and the rows that each must give.
 */
import type { Emulation } from "@colloquy/engine"
import * as Codecs from "../Codecs.ts"
import { OpenCopilot } from "../OpenCopilot.ts"
import type { OpenCopilotCorpus } from "./corpus.ts"

export const readers = (corpus: OpenCopilotCorpus): ReadonlyArray<Emulation.Reader> => {
  const { botId, messages, organizationId } = corpus
  const common = { messages, messageRow: Codecs.messages.encode, decoder: OpenCopilot.decoder }
  return [
    {
      ...common,
      name: "OpenCopilot, an organization",
      source: (options) => OpenCopilot.source({ ...options, botId, organizationId }),
      conversations: corpus.organizationConversations,
      conversationRow: Codecs.organizationConversations.encode,
      spoils: { conversation: "id", message: "from" }
    },
    {
      ...common,
      name: "OpenCopilot, a bot",
      source: (options) => OpenCopilot.source({ ...options, botId }),
      conversations: corpus.conversations,
      conversationRow: Codecs.conversations.encode,
      spoils: { conversation: "conversation_id", message: "from" }
    }
  ]
}
