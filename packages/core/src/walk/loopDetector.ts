/**
 * Finds what comes again: a page, a cursor, one of the last rows, or a row that a page long past started with.
 *
 * The marks of the first pages are kept, up to a bound; beyond it one mark is kept and moved at every power of two
 * (Brent), which still finds any cycle, only later.
 */
import * as KeySet from "./keySet.ts"

const remembered = 10_000
/** Half of the rows that are remembered by their keys. */
const generation = 5000

export interface LoopDetector {
  readonly seen: Map<string, number>
  /** Keys of the rows that pages started with. */
  readonly starts: KeySet.KeySet
  /** Keys of the last rows, in two generations: when the younger is full, the older is forgotten. */
  young: KeySet.KeySet
  old: KeySet.KeySet
  anchor: string
  anchorPage: number
  nextAnchor: number
}

/** Remembers nothing yet but, where a walk goes on, the keys of the rows before it. */
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

/** The earlier page (counted from 1) with the same mark, or undefined. */
export const earlier = (self: LoopDetector, mark: string): number | undefined =>
  self.seen.get(mark) ?? (mark === self.anchor ? self.anchorPage : undefined)

/** Remembers the mark of a page, unless it came before. */
export const note = (self: LoopDetector, mark: string, page: number): void => {
  if (earlier(self, mark) !== undefined) return
  if (self.seen.size < remembered) self.seen.set(mark, page)
  if (page < self.nextAnchor) return
  self.anchor = mark
  self.anchorPage = page
  self.nextAnchor = page * 2
}

/** Asks and remembers at once. */
export const visit = (self: LoopDetector, mark: string, page: number): number | undefined => {
  const before = earlier(self, mark)
  note(self, mark, page)
  return before
}

/** The keys of rows; undefined for a row that has none. */
type Keys = ReadonlyArray<string | undefined>

/**
 * Remembers these rows if all have keys, and none of them came before, nor twice; else leaves everything as it was,
 * and is false. The quick answer for nearly every page.
 */
export const rememberNew = (self: LoopDetector, keys: Keys): keys is ReadonlyArray<string> => {
  if (keys.includes(undefined)) return false
  const hashes = KeySet.hashes(keys)
  // The keys that pages started with are all among the last rows until those are forgotten.
  const forgets = self.old.size > 0
  if (forgets && (KeySet.hasAny(self.old, hashes) || KeySet.hasAny(self.starts, hashes))) return false
  if (!KeySet.addAll(self.young, hashes)) return false
  turn(self, hashes, 0)
  return true
}

/** Remembers how a page started, and forgets the older generation once the younger is full. */
const turn = (self: LoopDetector, hashes: Int32Array, first: number): void => {
  if (self.starts.size < remembered) KeySet.add(self.starts, hashes, first)
  if (self.young.size < generation) return
  const { old, young } = self
  KeySet.clear(old)
  self.young = old
  self.old = young
}

/** Whether one of these rows came before, as far as is remembered. */
export const cameBefore = (self: LoopDetector, keys: Keys): boolean => {
  const hashes = KeySet.hashes(keys)
  return [self.young, self.old, self.starts].some((known) => KeySet.hasAny(known, hashes))
}

/** The rows that did not come before, as far as is remembered; then remembers them. */
export const unseen = <A>(self: LoopDetector, rows: ReadonlyArray<A>, keys: Keys): ReadonlyArray<A> => {
  const hashes = KeySet.hashes(keys)
  const fresh = rows.filter(
    (_, index) => !KeySet.has(self.old, hashes, 2 * index) && KeySet.add(self.young, hashes, 2 * index)
  )
  const [first] = fresh
  if (first !== undefined) turn(self, hashes, 2 * rows.indexOf(first))
  return fresh
}
