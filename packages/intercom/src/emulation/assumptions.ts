/**
 * What Intercom's documents leave open.
 */
import { Assumption } from "@colloquy/engine"

export const intercomPartsCount = Assumption.make(
  "intercomPartsCount",
  "What `total_count` of a conversation's parts counts: all, or only those that come.",
  ["all", "served"]
)

export const assumptions = [intercomPartsCount, Assumption.overMaximum] as const
