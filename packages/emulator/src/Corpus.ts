/**
 * The truth: every conversation and message of all vendors, as the vendors' own JSON.
 *
 * Each row is a pure function of seed, vendor, conversation and index, so that ten million messages take no memory.
 */
import type { Dialogue, Emulation, Fixtures } from "@colloquy/engine"
import type { Rows } from "@colloquy/engine/Rows"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { type Assumptions, emulations } from "./Emulations.ts"

/** The emulated vendors. */
export const Vendor = Schema.Literals(Struct.keys(emulations))
export type Vendor = typeof Vendor.Type

/** All emulated vendors. */
export type Emulated = { readonly [V in Vendor]: ReturnType<(typeof emulations)[V]["start"]> }

/** All vendors' rows. */
export type Corpus = { readonly [V in Vendor]: Emulated[V]["corpus"] }

/** The size and seed of a corpus, and its assumptions. */
export interface CorpusOptions extends Dialogue.CorpusOptions {
  /** Values of assumptions. Default: the first value of each. */
  readonly assumptions?: Partial<Assumptions> | undefined
  /**
   * Conversations of your own at every vendor, with their messages, both oldest first. Default: those that the seed
   * makes. Starting dies if a vendor cannot have one of them.
   */
  readonly fixtures?: Fixtures.Fixtures | undefined
}

interface Start extends Struct.Lambda {
  <E extends Emulation.Emulated>(emulation: { readonly start: (options?: Emulation.Options) => E }): E
  readonly "~lambda.out": this["~lambda.in"] extends { readonly start: () => infer E } ? E : never
}

interface CorpusOf extends Struct.Lambda {
  <C extends Emulation.Corpus>(emulated: { readonly corpus: C }): C
  readonly "~lambda.out": this["~lambda.in"] extends { readonly corpus: infer C } ? C : never
}

/** Starts the emulations of all vendors. */
export const start = (options: CorpusOptions = {}): Emulated =>
  Struct.map(
    emulations,
    Struct.lambda<Start>((emulation) => emulation.start(options))
  )

/** The current rows of emulated vendors. */
export const of = (emulated: Emulated): Corpus =>
  Struct.map(
    emulated,
    Struct.lambda<CorpusOf>(({ corpus }) => corpus)
  )

/** Makes a corpus. The same options give the same bytes, on every platform. */
export const make = (options: CorpusOptions = {}): Corpus => of(start(options))

/** A conversation's messages at any vendor; undefined for an unknown id. */
export const messages = (corpus: Corpus, vendor: Vendor, conversationId: string): Rows<object> | undefined =>
  corpus[vendor].messages(conversationId)
