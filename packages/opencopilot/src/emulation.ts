/**
 * OpenCopilot's emulation, by its documents, over rows from a seed or of a test.
 */
import { Emulation } from "@colloquy/engine"
import { make as api } from "./emulation/api.ts"
import { assumptions } from "./emulation/assumptions.ts"
import { botId, make as corpus, organizationId } from "./emulation/corpus.ts"
import { make as fixtures } from "./emulation/fixtures.ts"
import { readers } from "./emulation/readers.ts"
import { OpenCopilot } from "./OpenCopilot.ts"

export type { OpenCopilotCorpus } from "./emulation/corpus.ts"

/** OpenCopilot's emulation. */
export const emulation = Emulation.make({
  vendor: "opencopilot",
  assumptions,
  owns: ([first]) => first === "backend",
  corpus,
  fixtures,
  api,
  owner: { botId },
  readers,
  usage: { variable: OpenCopilot.tokenVariable, flags: ["--organization", organizationId] }
})
