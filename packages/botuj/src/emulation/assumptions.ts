/**
 * What Botuj's documents leave open.
 */
import { Assumption } from "@colloquy/engine"

export const botujEnvelope = Assumption.make(
  "botujEnvelope",
  "How Botuj wraps a list: a bare array, or an object with the list under this key.",
  ["array", "messages", "data"]
)

export const assumptions = [botujEnvelope, Assumption.pastTheEnd, Assumption.overMaximum] as const
