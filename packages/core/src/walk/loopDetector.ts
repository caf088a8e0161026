/**
 * Detects repetitions: a page, a cursor, one of the last rows, or a row that began a much earlier page.
 *
 * The marks of the first 10,000 pages are kept. Beyond them, one mark is kept and replaced at every power of two
 * (Brent). Later loops are still detected, after more repetitions.
 */
import * as KeySet from "./keySet.ts"

const remembered = 10_000
/** Half the number of rows whose keys are remembered. */
const generation = 5000

export interface LoopDetector {
  readonly seen: Map<string, number>
  /** Keys of the first row of each page. */
  readonly starts: KeySet.KeySet
  /** Keys of the last rows, in two generations. When the younger one is full, the older one is dropped. */
  young: KeySet.KeySet
  old: KeySet.KeySet
  anchor: string
  anchorPage: number
  nextAnchor: number
}

/** Makes a detector; on resuming, it remembers the keys of the rows before. */
export const make = (before: ReadonlyArray<string> = []): LoopDetector => {
  const young = KeySet.make()
  KeySet.addAll(young, KeySet.hashes([...new Set(before)]))
  return {
    seen: new Map(),
    starts: KeySet.make(),
    young,
    old: KeySet.make(),
    anchor: "",
    anchorPage: 0,
    nextAnchor: remembered
  }
}

/** The earlier page, from 1, with the same mark; undefined if there is none. */
export const earlier = (self: LoopDetector, mark: string): number | undefined =>
  self.seen.get(mark) ?? (mark === self.anchor ? self.anchorPage : undefined)

/** Remembers the mark of a page, unless it came before. */
export const remember = (self: LoopDetector, mark: string, page: number): void => {
  if (earlier(self, mark) !== undefined) return
  if (self.seen.size < remembered) self.seen.set(mark, page)
  if (page < self.nextAnchor) return
  self.anchor = mark
  self.anchorPage = page
  self.nextAnchor = page * 2
}

/** Returns the earlier page with this mark, and remembers the mark. */
export const visit = (self: LoopDetector, mark: string, page: number): number | undefined => {
  const before = earlier(self, mark)
  remember(self, mark, page)
  return before
}

/** The keys of rows; undefined for rows without one. */
type Keys = ReadonlyArray<string | undefined>

/**
 * Remembers these rows if all have keys and none is repeated or came before; else changes nothing and returns false.
 * This is the fast path for nearly every page.
 */
export const rememberNew = (self: LoopDetector, keys: Keys): keys is ReadonlyArray<string> => {
  if (keys.includes(undefined)) return false
  const hashes = KeySet.hashes(keys)
  // Until a generation is dropped, the last rows include the first rows of pages.
  const forgets = self.old.size > 0
  if (forgets && (KeySet.hasAny(self.old, hashes) || KeySet.hasAny(self.starts, hashes))) return false
  if (!KeySet.addAll(self.young, hashes)) return false
  rotate(self, hashes, 0)
  return true
}

/** Remembers the first row of a page, and drops the older generation once the younger one is full. */
const rotate = (self: LoopDetector, hashes: Int32Array, first: number): void => {
  if (self.starts.size < remembered) KeySet.add(self.starts, hashes, first)
  if (self.young.size < generation) return
  const { old, young } = self
  KeySet.clear(old)
  self.young = old
  self.old = young
}

/** Whether one of these rows came before, as far as remembered. */
export const cameBefore = (self: LoopDetector, keys: Keys): boolean => {
  const hashes = KeySet.hashes(keys)
  return [self.young, self.old, self.starts].some((known) => KeySet.hasAny(known, hashes))
}

/** The rows that are new, as far as remembered; then remembers them. */
export const filterNew = <A>(self: LoopDetector, rows: ReadonlyArray<A>, keys: Keys): ReadonlyArray<A> => {
  const hashes = KeySet.hashes(keys)
  const fresh = rows.filter(
    (_, index) => !KeySet.has(self.old, hashes, 2 * index) && KeySet.add(self.young, hashes, 2 * index)
  )
  const [first] = fresh
  if (first !== undefined) rotate(self, hashes, 2 * rows.indexOf(first))
  return fresh
}
