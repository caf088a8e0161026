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
  readonly starts: Map<string, number>
  /** Keys of the last rows, in two generations: when the younger is full, the older is forgotten. */
  young: Map<string, number>
  old: Map<string, number>
  anchor: string
  anchorPage: number
  nextAnchor: number
}

/** Remembers nothing yet but, where a walk goes on, the keys of the rows before it. */
export const make = (before: ReadonlyArray<string> = []): LoopDetector => ({
  seen: new Map(),
  starts: new Map(),
  young: new Map(before.map((key) => [key, 0])),
  old: new Map(),
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

/** Whether none of these rows came before, as far as is remembered: the quick answer for nearly every page. */
export const areNew = <A>(self: LoopDetector, rows: ReadonlyArray<A>, keyOf: KeyOf<A>): boolean => {
  const { old, starts, young } = self
  // The keys that pages started with are all among the last rows until those are forgotten.
  const forgets = old.size > 0
  for (const row of rows) {
    const key = keyOf(row)
    if (key === undefined) continue
    if (young.has(key) || (forgets && (old.has(key) || starts.has(key)))) return false
  }
  return true
}

/** The page that one of these rows came on before, as far as is remembered, or undefined. */
export const cameBefore = <A>(
  self: LoopDetector,
  rows: ReadonlyArray<A>,
  keyOf: KeyOf<A>
): number | undefined => {
  for (const row of rows) {
    const key = keyOf(row)
    if (key === undefined) continue
    const page = self.young.get(key) ?? self.old.get(key) ?? self.starts.get(key)
    if (page !== undefined) return page
  }
  return undefined
}

/** The rows that did not come before, as far as is remembered; then remembers them. */
export const unseen = <A>(
  self: LoopDetector,
  rows: ReadonlyArray<A>,
  keyOf: KeyOf<A>,
  page: number
): ReadonlyArray<A> => {
  const { old, young } = self
  const fresh = rows.filter((row) => {
    const key = keyOf(row)
    if (key === undefined) return true
    if (old.size > 0 && old.has(key)) return false
    const before = young.size
    young.set(key, page)
    return young.size > before
  })
  if (self.young.size >= generation) {
    self.old = self.young
    self.young = new Map()
  }
  const first = fresh[0] === undefined ? undefined : keyOf(fresh[0])
  if (first !== undefined && self.starts.size < remembered) self.starts.set(first, page)
  return fresh
}
