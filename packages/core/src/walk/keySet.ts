/**
 * A set of keys that holds 64 bits of each: quick to ask, small, and nothing for the collector to follow.
 *
 * Keys that share those bits are taken for one. With as many keys as `LoopDetector` remembers, chance does that in
 * one of a million walks of a thousand million rows.
 */

/** Open addressing: the two halves of a key stand side by side, two zeros are a free place. At most half are taken. */
export interface KeySet {
  places: Int32Array
  size: number
}

export const make = (): KeySet => ({ places: new Int32Array(2), size: 0 })

/** The 64 bits of each key, in two halves; two zeros where there is no key. */
export const hashes = (keys: ReadonlyArray<string | undefined>): Int32Array => {
  const halves = new Int32Array(2 * keys.length)
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]
    if (key !== undefined) hash(key, halves, 2 * index)
  }
  return halves
}

/** Two multiplicative hashes, mixed with each other at the end: cyrb53, not cut to 53 bits. */
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

/** Whether the key is there whose halves begin `at` this index. */
export const has = ({ places }: KeySet, halves: Int32Array, at: number): boolean =>
  !isFree(places, placeOf(places, halves, at))

/** Whether one of these keys is there. */
export const hasAny = (self: KeySet, halves: Int32Array): boolean => {
  for (let at = 0; at < halves.length; at += 2) if (has(self, halves, at)) return true
  return false
}

/** Adds the key whose halves begin `at` this index; false if it is there. Where there is no key nothing is added. */
export const add = (self: KeySet, halves: Int32Array, at: number): boolean => {
  if (isFree(halves, at)) return true
  reserve(self, 1)
  return put(self, halves, at)
}

/** Adds all of these keys, or none and is false if one is there or comes twice. */
export const addAll = (self: KeySet, halves: Int32Array): boolean => {
  reserve(self, halves.length / 2)
  for (let at = 0; at < halves.length; at += 2) {
    if (put(self, halves, at)) continue
    // What was put last stands in nobody's way, so that it can be taken out again.
    for (let last = at - 2; last >= 0; last -= 2) takeOut(self, halves, last)
    return false
  }
  return true
}

/** Forgets all keys, and keeps the room. */
export const clear = (self: KeySet): void => {
  self.places.fill(0)
  self.size = 0
}

/** Where a key stands, or the free place where it would. */
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

/** Makes room for so many more. */
const reserve = (self: KeySet, more: number): void => {
  const { places } = self
  let length = places.length
  while (length < 4 * (self.size + more)) length *= 2
  if (length === places.length) return
  self.places = new Int32Array(length)
  self.size = 0
  for (let place = 0; place < places.length; place += 2) if (!isFree(places, place)) put(self, places, place)
}
