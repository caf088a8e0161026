/**
 * The registry of emulated vendors. A new vendor is added here, and nowhere else in this package.
 */
import { emulation as botpress } from "@colloquy/botpress/emulation"
import { emulation as botuj } from "@colloquy/botuj/emulation"
import { emulation as chatling } from "@colloquy/chatling/emulation"
import { emulation as flowise } from "@colloquy/flowise/emulation"
import { emulation as gptbots } from "@colloquy/gptbots/emulation"
import { emulation as intercom } from "@colloquy/intercom/emulation"
import { emulation as langgraph } from "@colloquy/langgraph/emulation"
import { emulation as mastra } from "@colloquy/mastra/emulation"
import { emulation as matrix } from "@colloquy/matrix/emulation"
import { emulation as opencopilot } from "@colloquy/opencopilot/emulation"
import type { Assumption } from "@colloquy/engine"

/** Their emulations by name, in display order. */
export const emulations = {
  opencopilot,
  chatling,
  botuj,
  gptbots,
  mastra,
  langgraph,
  matrix,
  flowise,
  botpress,
  intercom
}

/** The values of all their assumptions, by name. */
export type Assumptions = Assumption.Choices<
  (typeof emulations)[keyof typeof emulations]["assumptions"][number]
>
