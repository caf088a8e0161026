/**
 * Conversation ids that contain their index, so that ids are resolved without a table.
 *
 * `guess` may be lenient: the codec compares the id of the guessed index, so that no wrong id is accepted.
 */
import * as Random from "./Random.ts"

/** Masks an index with 32 reversible bits, so that ids do not look counted. */
export const masked = (index: number, seed: number, salt: number): number =>
  (index ^ Random.hash(seed, salt, 0xf00d)) >>> 0

/** Converts between an index and an id. */
export interface IdCodec {
  readonly idOf: (index: number) => string
  /** The index of an id; undefined for any other text. */
  readonly indexOf: (id: string) => number | undefined
}

/** A codec that accepts only its own ids, for indexes below `length`. */
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

/** Whole numbers as text, starting at `base`, with a distance of `step`. */
export const counted = (length: number, base: number, step: number): IdCodec =>
  strict(
    length,
    (index) => String(base + index * step),
    (id) => (Number(id) - base) / step
  )
