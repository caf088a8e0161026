/**
 * Conversation ids that hold their own index, so that an id is found again without a table.
 *
 * Decoding is loose; whoever decodes compares the id made for the index, so that a wrong id is never accepted.
 */
import * as Random from "./Random.ts"

/** A 32-bit mask that hides plain counting and can be taken off again. */
export const masked = (index: number, seed: number, salt: number): number =>
  (index ^ Random.hash(seed, salt, 0xf00d)) >>> 0

/** An id in both directions. */
export interface IdCodec {
  readonly idOf: (index: number) => string
  /** The index of an id of this listing, undefined for any other text. */
  readonly indexOf: (id: string) => number | undefined
}

/** A codec that accepts only the ids that it makes itself, for indexes below `length`. */
export const strict = (
  length: number,
  idOf: (index: number) => string,
  guess: (id: string) => number
): IdCodec => ({
  idOf,
  indexOf: (id) => {
    const index = guess(id)
    return Number.isSafeInteger(index) && index >= 0 && index < length && idOf(index) === id
      ? index
      : undefined
  }
})

/** Whole numbers as text, from `base` on and `step` apart. */
export const counted = (length: number, base: number, step: number): IdCodec =>
  strict(
    length,
    (index) => String(base + index * step),
    (id) => (Number(id) - base) / step
  )
