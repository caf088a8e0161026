/**
 * Coverage of a simulation: how often each event happened in each kind of case.
 */

/** Counts by row and column, both in order of first occurrence. */
export interface Coverage {
  readonly rows: Map<string, Map<string, number>>
  readonly columns: Set<string>
  cases: number
}

export const make = (): Coverage => ({ rows: new Map(), columns: new Set(), cases: 0 })

/** Counts a case of this kind, and its events. */
export const count = (self: Coverage, kind: string, happened: Iterable<string>): void => {
  self.cases += 1
  const row = self.rows.get(kind) ?? new Map<string, number>()
  self.rows.set(kind, row)
  for (const what of new Set(["cases", ...happened])) {
    self.columns.add(what)
    row.set(what, (row.get(what) ?? 0) + 1)
  }
}

/** The counts as a table, with one row for each kind of case. */
export const render = ({ columns, rows }: Coverage): string => {
  const titles = ["", ...columns]
  const cells = [...rows]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, row]) => [kind].concat(Array.from(columns, (what) => String(row.get(what) ?? 0))))
  const widths = titles.map((title, at) =>
    Math.max(title.length, ...cells.map((row) => row[at]?.length ?? 0))
  )
  const line = (row: ReadonlyArray<string>) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
  return [titles, ...cells].map(line).join("\n")
}
