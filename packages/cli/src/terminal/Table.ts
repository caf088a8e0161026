/**
 * Tables, counts and times in plain text.
 */

import * as Wrapping from "./Wrapping.ts"

/** A column: its title, and whether its values are numbers, which are aligned right. */
export interface Column {
  readonly title: string
  readonly numeric: boolean
}

/**
 * Renders a table. Each column is as wide as its widest value. Where that is wider than `width`, the last column is
 * wrapped if it is text and there is room, and else each row becomes a record of lines.
 */
export const render = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
  width = Infinity
): string => {
  const shown = rows.map((row) => row.map(printable))
  const widths = columns.map((column, at) =>
    Math.max(column.title.length, ...shown.map((row) => (row[at] ?? "").length))
  )
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + gap, 0)
  const room = Math.min(width - before, widths.at(-1) ?? 0)
  if (room === widths.at(-1)) return grid(columns, widths, shown)
  if (columns.at(-1)?.numeric === true || room < leastWrapped) return records(columns, shown, width)
  return grid(columns, [...widths.slice(0, -1), room], shown.flatMap(wrappedTo(room)))
}

/** Characters between columns. */
const gap = 2

/** Least characters of a wrapped column. */
const leastWrapped = 24

/** A row as several, its last cell in lines of this width. */
const wrappedTo =
  (room: number) =>
  (row: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> =>
    Wrapping.lines(row.at(-1) ?? "", room).map((text, at) =>
      row
        .slice(0, -1)
        .map((cell) => (at === 0 ? cell : ""))
        .concat(text)
    )

/** Each row as a record: a line for each column, an empty line behind it. */
const records = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
  width: number
): string => {
  const names = columns.map(({ title }) => title)
  return rows
    .map((row) =>
      record(
        names.map((name, at) => [name, row[at] ?? ""]),
        width
      )
    )
    .join("\n\n")
}

/** Names and values, one a line; long values go on under themselves. */
export const record = (
  facts: ReadonlyArray<readonly [name: string, value: string]>,
  width = Infinity
): string => {
  const left = Math.max(...facts.map(([name]) => name.length)) + gap
  return facts
    .flatMap(([name, value]) =>
      Wrapping.lines(printable(value), width - left).map(
        (line, at) => `${(at === 0 ? name : "").padEnd(left)}${line}`
      )
    )
    .join("\n")
}

const grid = (
  columns: ReadonlyArray<Column>,
  widths: ReadonlyArray<number>,
  rows: ReadonlyArray<ReadonlyArray<string>>
): string => {
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

/** Milliseconds in the two units that matter: `4 s`, `2 min 10 s`, `3 h 5 min`. */
export const span = (millis: number): string => {
  const seconds = Math.max(1, Math.round(millis / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return minutes < 10 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A count with its noun: `1 conversation`, `2 conversations`. */
export const counted = (value: number, noun: string, plural = `${noun}s`): string =>
  `${count(value)} ${value === 1 ? noun : plural}`

/**
 * Characters that a terminal obeys: controls and escapes, line and paragraph separators, changes of writing direction,
 * annotation marks. Some of the shown text comes from vendors.
 */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u206A-\u206F\uFFF9-\uFFFB]/gu

/** A line of text without the characters that a terminal obeys. */
export const printable = (text: string): string => text.replaceAll(unsafe, "�")

/** The same for a text of several lines. */
export const printableLines = (text: string): string => text.split("\n").map(printable).join("\n")

/** A value as indented JSON, with those characters escaped. */
export const json = (value: unknown): string =>
  JSON.stringify(value, null, 2)
    .split("\n")
    .map((line) => line.replaceAll(unsafe, escaped))
    .join("\n")

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`

/** The text, cut to at most this many characters. */
export const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`

/** A stored time to the minute, in UTC. */
export const time = (iso: string | null): string =>
  iso === null ? "–" : `${iso.slice(0, 10)} ${iso.slice(11, 16)}Z`
