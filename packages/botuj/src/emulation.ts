/**
 * Botuj's emulation, by its documents, over rows from a seed or of a test.
 */
import { Emulation } from "@colloquy/engine"
import { make as api } from "./emulation/api.ts"
import { assumptions } from "./emulation/assumptions.ts"
import { make as corpus } from "./emulation/corpus.ts"
import { make as fixtures } from "./emulation/fixtures.ts"
import { readers } from "./emulation/readers.ts"
import { Botuj } from "./Botuj.ts"

export type { BotujCorpus } from "./emulation/corpus.ts"

/** Botuj's emulation. */
export const emulation = Emulation.make({
  vendor: "botuj",
  assumptions,
  owns: ([first, second]) => first === "v1" && second === "api",
  corpus,
  fixtures,
  api,
  readers,
  usage: { variable: Botuj.tokenVariable, flags: [] }
})
