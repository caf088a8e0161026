/**
 * Intercom's emulation, by its documents, over rows from a seed or of a test.
 */
import { Emulation } from "@colloquy/engine"
import { make as api } from "./emulation/api.ts"
import { assumptions } from "./emulation/assumptions.ts"
import { make as corpus } from "./emulation/corpus.ts"
import { make as fixtures } from "./emulation/fixtures.ts"
import { readers } from "./emulation/readers.ts"
import { Intercom } from "./Intercom.ts"

export type { IntercomCorpus } from "./emulation/corpus.ts"

/** Intercom's emulation. */
export const emulation = Emulation.make({
  vendor: "intercom",
  assumptions,
  owns: ([first]) => first === "conversations",
  corpus,
  fixtures,
  api,
  readers,
  usage: { variable: Intercom.tokenVariable, flags: [] }
})
