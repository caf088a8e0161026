/**
 * GPTBots' emulation, by its documents, over rows from a seed or of a test.
 */
import { Emulation } from "@colloquy/engine"
import { make as api } from "./emulation/api.ts"
import { assumptions } from "./emulation/assumptions.ts"
import { make as corpus } from "./emulation/corpus.ts"
import { make as fixtures } from "./emulation/fixtures.ts"
import { readers } from "./emulation/readers.ts"
import { Gptbots } from "./Gptbots.ts"

export type { GptbotsCorpus } from "./emulation/corpus.ts"

/** GPTBots' emulation. */
export const emulation = Emulation.make({
  vendor: "gptbots",
  assumptions,
  owns: ([first, second]) =>
    (first === "v1" && (second === "bot" || second === "messages")) ||
    (first === "v2" && second === "messages"),
  corpus,
  fixtures,
  api,
  truth: (corpus, conversationId, query) =>
    query.get("api") === "v2" ? corpus.messagesV2(conversationId) : corpus.messages(conversationId),
  readers,
  usage: { variable: Gptbots.tokenVariable, flags: [] }
})
