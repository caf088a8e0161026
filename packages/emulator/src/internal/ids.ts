/**
 * Conversation ids that hold their own index, so that an id is found again without a table.
 *
 * Decoding is loose; whoever decodes compares the id made for the index, so that a wrong id is never accepted.
 */
import { Random } from "@colloquy/engine"

/** A 32-bit mask that hides plain counting and can be taken off again. */
const masked = (index: number, seed: number, salt: number): number =>
  (index ^ Random.hash(seed, salt, 0xf00d)) >>> 0

/** An id in both directions. */
export interface IdCodec {
  readonly idOf: (index: number) => string
  /** The index of an id of this listing, undefined for any other text. */
  readonly indexOf: (id: string) => number | undefined
}

/** A codec that accepts only the ids that it makes itself, for indexes below `length`. */
const strict = (length: number, idOf: (index: number) => string, guess: (id: string) => number): IdCodec => ({
  idOf,
  indexOf: (id) => {
    const index = guess(id)
    return Number.isSafeInteger(index) && index >= 0 && index < length && idOf(index) === id
      ? index
      : undefined
  }
})

/** `web|1704103200|2k`, one with characters that a path cannot hold, and UUIDs. */
export const opencopilot = (
  seed: number,
  length: number,
  odd: number,
  start: (index: number) => number
): IdCodec =>
  strict(
    length,
    (index) => {
      if (index !== odd && index % 4 === 3) return Random.uuid(masked(index, seed, 1), seed, index)
      const channel = index === odd ? "wsp/Grüße an 東京" : "web"
      return `${channel}|${Math.floor(start(index) / 1000)}|${index.toString(36)}`
    },
    (id) =>
      id.includes("|")
        ? Number.parseInt(id.slice(id.lastIndexOf("|") + 1), 36)
        : masked(Number.parseInt(id.slice(0, 8), 16), seed, 1)
  )

/** A string of digits. */
export const chatling = (seed: number, length: number): IdCodec => {
  const base = 4_000_000 + Random.below(900_000, seed, 2)
  return strict(
    length,
    (index) => String(base + index * 7),
    (id) => (Number(id) - base) / 7
  )
}

/** A whole number. */
export const botuj = (seed: number, length: number): IdCodec => {
  const base = 7000 + Random.below(900, seed, 3)
  return strict(
    length,
    (index) => String(base + index * 3),
    (id) => (Number(id) - base) / 3
  )
}

/** Either of the two documented forms: 24 hexadecimal digits, or 20 letters and digits. */
export const gptbots = (seed: number, length: number): IdCodec =>
  strict(
    length,
    (index) => {
      const mask = masked(index, seed, 4)
      const noise = Random.hash(seed, index, 5)
      if (index % 2 === 0)
        return `64${Random.hex8(noise).slice(2)}${Random.hex8(noise ^ mask)}${Random.hex8(mask)}`
      const letters = `${noise.toString(36)}${Random.hash(seed, index, 6).toString(36)}`.padEnd(13, "q")
      return `${upper(letters.slice(0, 13))}${mask.toString(36).padStart(7, "0")}`
    },
    (id) =>
      masked(
        id.length === 24 ? Number.parseInt(id.slice(16), 16) : Number.parseInt(id.slice(13), 36),
        seed,
        4
      )
  )

/** Every second letter in upper case. */
const upper = (text: string): string =>
  text.replaceAll(/(.)(.)/g, (_, a: string, b: string) => `${a.toUpperCase()}${b}`)
