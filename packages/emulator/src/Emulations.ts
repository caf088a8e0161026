/**
 * The vendors that are emulated. A new vendor is added here, and nowhere else in this package.
 */
import { emulation as botuj } from "@colloquy/botuj/emulation"
import { emulation as chatling } from "@colloquy/chatling/emulation"
import { emulation as gptbots } from "@colloquy/gptbots/emulation"
import { emulation as opencopilot } from "@colloquy/opencopilot/emulation"
import type { Assumption } from "@colloquy/engine"

/** Their emulations by name, in the order in which they are shown. */
export const emulations = { opencopilot, chatling, botuj, gptbots }

/** What all of them assume, by name. */
export type Assumptions = Assumption.Choices<
  (typeof emulations)[keyof typeof emulations]["assumptions"][number]
>
