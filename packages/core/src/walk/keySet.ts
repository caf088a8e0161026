/**
 * A set that stores 64 bits of each key: fast, small, and without references for the garbage collector.
 *
 * Keys with the same 64 bits count as equal. At the number of keys that `LoopDetector` remembers, a collision by
 * chance occurs in one of a million walks of a thousand million rows.
 */

/**
 * A hash table with open addressing. The two halves of a key are adjacent; two zeros are a free slot. At most half
 * the slots are taken.
 */
export interface KeySet {
  places: Int32Array
  size: number
}

export const make = (): KeySet => ({ places: new Int32Array(2), size: 0 })

/** The 64 bits of each key, as two halves; two zeros for undefined. */
export const hashes = (keys: ReadonlyArray<string | undefined>): Int32Array => {
  const halves = new Int32Array(2 * keys.length)
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]
    if (key !== undefined) hash(key, halves, 2 * index)
  }
  return halves
}

/** Two multiplicative hashes with a final mix: cyrb53, not truncated to 53 bits. */
const hash = (key: string, halves: Int32Array, at: number): void => {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let index = 0; index < key.length; index++) {
    const unit = key.charCodeAt(index)
    a = Math.imul(a ^ unit, 2654435761)
    b = Math.imul(b ^ unit, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  halves[at] = a
  halves[at + 1] = a === 0 && b === 0 ? 1 : b
}

/** Whether the set has the key with halves at this index. */
export const has = ({ places }: KeySet, halves: Int32Array, at: number): boolean =>
  !isFree(places, placeOf(places, halves, at))

/** Whether the set has any of these keys. */
export const hasAny = (self: KeySet, halves: Int32Array): boolean => {
  for (let at = 0; at < halves.length; at += 2) if (has(self, halves, at)) return true
  return false
}

/** Adds the key with halves at this index; false if the set has it. Does nothing for undefined keys. */
export const add = (self: KeySet, halves: Int32Array, at: number): boolean => {
  if (isFree(halves, at)) return true
  reserve(self, 1)
  return put(self, halves, at)
}

/** Adds all of these keys; if the set has one, or one is repeated, adds none and returns false. */
export const addAll = (self: KeySet, halves: Int32Array): boolean => {
  reserve(self, halves.length / 2)
  for (let at = 0; at < halves.length; at += 2) {
    if (put(self, halves, at)) continue
    // No probe sequence passes the keys added last, so they can be removed again.
    for (let last = at - 2; last >= 0; last -= 2) takeOut(self, halves, last)
    return false
  }
  return true
}

/** Removes all keys and keeps the capacity. */
export const clear = (self: KeySet): void => {
  self.places.fill(0)
  self.size = 0
}

/** The slot of a key, or the free slot for it. */
const placeOf = (places: Int32Array, halves: Int32Array, at: number): number => {
  const a = halves[at] ?? 0
  const b = halves[at + 1] ?? 0
  const last = places.length - 2
  let place = (2 * a) & last
  while (!(places[place] === a && places[place + 1] === b) && !isFree(places, place)) {
    place = (place + 2) & last
  }
  return place
}

const isFree = (places: Int32Array, place: number): boolean => places[place] === 0 && places[place + 1] === 0

const put = (self: KeySet, halves: Int32Array, at: number): boolean => {
  const { places } = self
  const place = placeOf(places, halves, at)
  if (!isFree(places, place)) return false
  places[place] = halves[at] ?? 0
  places[place + 1] = halves[at + 1] ?? 0
  self.size += 1
  return true
}

const takeOut = (self: KeySet, halves: Int32Array, at: number): void => {
  const place = placeOf(self.places, halves, at)
  self.places.fill(0, place, place + 2)
  self.size -= 1
}

/** Reserves capacity for more keys. */
const reserve = (self: KeySet, more: number): void => {
  const { places } = self
  let length = places.length
  while (length < 4 * (self.size + more)) length *= 2
  if (length === places.length) return
  self.places = new Int32Array(length)
  self.size = 0
  for (let place = 0; place < places.length; place += 2) if (!isFree(places, place)) put(self, places, place)
}
