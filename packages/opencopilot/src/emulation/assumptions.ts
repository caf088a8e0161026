/**
 * What OpenCopilot's documents leave open.
 */
import { Assumption } from "@colloquy/engine"

export const opencopilotSpelling = Assumption.make(
  "opencopilotSpelling",
  "How OpenCopilot spells the field that tells whether its knowledge base was asked.",
  ["knowldgebase_called", "knowledgebase_called"]
)

export const assumptions = [opencopilotSpelling, Assumption.pastTheEnd] as const
