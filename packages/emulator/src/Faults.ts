/**
 * The faults of the emulator: the engine's faults, at the emulated vendors.
 *
 * **Example** (Every fifth answer of Chatling is a 429, and all answers are delayed)
 *
 * ```ts
 * import { Faults } from "@colloquy/emulator"
 *
 * export const faults = Faults.parse("429=1@every:5/chatling,latency=20")
 * ```
 */
import { Faults } from "@colloquy/engine"
import type * as Effect from "effect/Effect"
import { Vendor } from "./Corpus.ts"

export * from "@colloquy/engine/Faults"

/** Parses the shorthand; see the engine's `parse`. `also` names the vendors that an emulator serves beside its own. */
export const parse = (
  text: string,
  also: ReadonlyArray<string> = []
): Effect.Effect<ReadonlyArray<Faults.Fault>, Faults.FaultsError> =>
  Faults.parse(text, [...Vendor.literals, ...also])
