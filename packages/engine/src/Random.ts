/**
 * Random numbers as pure functions of their parts, without state, so that any row can be made at any time.
 */

/** A 32-bit hash of these parts: the round and avalanche of xxHash32 over 32-bit words. */
export const hash = (...parts: ReadonlyArray<number>): number => {
  let h = 0x165667b1
  for (const part of parts) {
    h = round(h, part)
    // Includes the upper half of indexes beyond 32 bits.
    if (part > 0xffffffff) h = round(h, Math.floor(part / 0x100000000))
  }
  h ^= h >>> 15
  h = Math.imul(h, 0x85ebca77)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae3d)
  return (h ^ (h >>> 16)) >>> 0
}

const round = (h: number, part: number): number => {
  const mixed = (h + Math.imul(part | 0, 0xc2b2ae3d)) | 0
  return Math.imul((mixed << 17) | (mixed >>> 15), 0x27d4eb2f)
}

/** A whole number from 0 to `below - 1` for these parts. */
export const below = (below: number, ...parts: ReadonlyArray<number>): number => hash(...parts) % below

/** A fraction from 0 to under 1 for these parts. */
export const fraction = (...parts: ReadonlyArray<number>): number => hash(...parts) / 0x100000000

/** True with this probability, for these parts. */
export const chance = (probability: number, ...parts: ReadonlyArray<number>): boolean =>
  fraction(...parts) < probability

/** Eight hexadecimal digits. */
export const hex8 = (value: number): string => (value >>> 0).toString(16).padStart(8, "0")

/** A version 4 UUID whose first eight digits are `first`. */
export const uuid = (first: number, ...parts: ReadonlyArray<number>): string => {
  const a = hex8(hash(1, ...parts))
  const b = hex8(hash(2, ...parts))
  const c = hex8(hash(3, ...parts))
  return `${hex8(first)}-${a.slice(0, 4)}-4${a.slice(4, 7)}-8${b.slice(0, 3)}-${b.slice(3, 7)}${c}`
}
