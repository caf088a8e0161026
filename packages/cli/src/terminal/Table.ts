/**
 * A table in plain text.
 */

/** A column: its title, and whether its values are numbers (and so end at the right). */
export interface Column {
  readonly title: string
  readonly numeric: boolean
}

/** Renders rows under titles, each column as wide as its widest value. */
export const render = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<ReadonlyArray<string>>
): string => {
  const widths = columns.map((column, at) =>
    Math.max(column.title.length, ...rows.map((row) => (row[at] ?? "").length))
  )
  const line = (cells: ReadonlyArray<string>): string =>
    columns
      .map(({ numeric }, at) => pad(cells[at] ?? "", widths[at] ?? 0, numeric))
      .join("  ")
      .trimEnd()
  const rule = widths.map((width) => "─".repeat(width)).join("──")
  return [line(columns.map((column) => column.title)), rule, ...rows.map(line)].join("\n")
}

const pad = (text: string, width: number, numeric: boolean): string =>
  numeric ? text.padStart(width) : text.padEnd(width)

/** A count with separators for thousands. */
export const count = (value: number): string => value.toLocaleString("en-US")

/** Milliseconds as seconds with two digits. */
export const seconds = (millis: number): string => `${(millis / 1000).toFixed(2)} s`
