/**
 * Finds a page that comes again.
 *
 * The marks of the first pages are kept, up to a bound; beyond it one mark is kept and moved at every power of two
 * (Brent), which still finds any cycle, only later.
 */
const remembered = 10_000

export interface LoopDetector {
  readonly seen: Map<string, number>
  /** Keys of the rows that pages started with. */
  readonly starts: Map<string, number>
  anchor: string
  anchorPage: number
  nextAnchor: number
}

export const make = (): LoopDetector => ({
  seen: new Map(),
  starts: new Map(),
  anchor: "",
  anchorPage: 0,
  nextAnchor: remembered
})

/** The earlier page (counted from 1) with the same mark, or undefined; then remembers this one. */
export const visit = (self: LoopDetector, mark: string, page: number): number | undefined => {
  const earlier = self.seen.get(mark) ?? (mark === self.anchor ? self.anchorPage : undefined)
  if (earlier !== undefined) return earlier
  if (self.seen.size < remembered) self.seen.set(mark, page)
  if (page >= self.nextAnchor) {
    self.anchor = mark
    self.anchorPage = page
    self.nextAnchor = page * 2
  }
  return undefined
}

/**
 * The earlier page that started with one of these rows, or undefined; then remembers the first of them. Rows that
 * the page before had are not asked about: a list that grows at its head brings those back.
 */
export const visitStart = <A>(
  self: LoopDetector,
  rows: ReadonlyArray<A>,
  keyOf: ((row: A) => string | undefined) | undefined,
  page: number
): number | undefined => {
  if (keyOf === undefined) return undefined
  for (const row of rows) {
    const key = keyOf(row)
    const earlier = key === undefined ? undefined : self.starts.get(key)
    if (earlier !== undefined) return earlier
  }
  const [first] = rows
  const key = first === undefined ? undefined : keyOf(first)
  if (key !== undefined && self.starts.size < remembered) self.starts.set(key, page)
  return undefined
}
