/**
 * Chatling's emulation, by its documents, over rows from a seed or of a test.
 */
import { Emulation } from "@colloquy/engine"
import { make as api } from "./emulation/api.ts"
import { assumptions } from "./emulation/assumptions.ts"
import { chatbotId, make as corpus } from "./emulation/corpus.ts"
import { make as fixtures } from "./emulation/fixtures.ts"
import { readers } from "./emulation/readers.ts"
import { Chatling } from "./Chatling.ts"

export type { ChatlingCorpus } from "./emulation/corpus.ts"

/** Chatling's emulation. */
export const emulation = Emulation.make({
  vendor: "chatling",
  assumptions,
  owns: ([first, second]) => first === "v2" && second === "chatbots",
  corpus,
  fixtures,
  api,
  requestsPerMinute: 300,
  owner: { chatbotId },
  readers,
  usage: { variable: Chatling.tokenVariable, flags: ["--chatbot", chatbotId] }
})
