/**
 * Finds what comes again: a page, a cursor, one of the last rows, or a row that a page long past started with.
 *
 * The marks of the first pages are kept, up to a bound; beyond it one mark is kept and moved at every power of two
 * (Brent), which still finds any cycle, only later.
 */
const remembered = 10_000
/** Half of the rows that are remembered by their keys. */
const generation = 5000

export interface LoopDetector {
  readonly seen: Map<string, number>
  /** Keys of the rows that pages started with. */
  readonly starts: Set<string>
  /** Keys of the last rows, in two generations: when the younger is full, the older is forgotten. */
  young: Set<string>
  old: Set<string>
  anchor: string
  anchorPage: number
  nextAnchor: number
}

/** Remembers nothing yet but, where a walk goes on, the keys of the rows before it. */
export const make = (before: ReadonlyArray<string> = []): LoopDetector => ({
  seen: new Map(),
  starts: new Set(),
  young: new Set(before),
  old: new Set(),
  anchor: "",
  anchorPage: 0,
  nextAnchor: remembered
})

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

type KeyOf<A> = (row: A) => string | undefined

/**
 * Remembers these rows if none of them came before, nor twice; else leaves everything as it was, and is false. The
 * quick answer for nearly every page.
 */
export const rememberNew = <A>(self: LoopDetector, rows: ReadonlyArray<A>, keyOf: KeyOf<A>): boolean => {
  const { old, starts, young } = self
  // The keys that pages started with are all among the last rows until those are forgotten.
  const forgets = old.size > 0
  const added: Array<string> = []
  for (const row of rows) {
    const key = keyOf(row)
    const before = young.size
    if (key !== undefined && !(forgets && (old.has(key) || starts.has(key)))) young.add(key)
    if (key === undefined || young.size === before) {
      for (const one of added) young.delete(one)
      return false
    }
    added.push(key)
  }
  turn(self, added[0])
  return true
}

/** Remembers how a page started, and forgets the older generation once the younger is full. */
const turn = (self: LoopDetector, first: string | undefined): void => {
  if (first !== undefined && self.starts.size < remembered) self.starts.add(first)
  if (self.young.size < generation) return
  self.old = self.young
  self.young = new Set()
}

/** Whether one of these rows came before, as far as is remembered. */
export const cameBefore = <A>(self: LoopDetector, rows: ReadonlyArray<A>, keyOf: KeyOf<A>): boolean =>
  rows.some((row) => {
    const key = keyOf(row)
    return key !== undefined && (self.young.has(key) || self.old.has(key) || self.starts.has(key))
  })

/** The rows that did not come before, as far as is remembered; then remembers them. */
export const unseen = <A>(self: LoopDetector, rows: ReadonlyArray<A>, keyOf: KeyOf<A>): ReadonlyArray<A> => {
  const { old, young } = self
  const fresh = rows.filter((row) => {
    const key = keyOf(row)
    if (key === undefined) return true
    if (old.has(key)) return false
    const before = young.size
    young.add(key)
    return young.size > before
  })
  turn(self, fresh[0] === undefined ? undefined : keyOf(fresh[0]))
  return fresh
}
