/**
 * What a benchmark reports: tables for a reader, values for a program.
 */
import type * as Schema from "effect/Schema"

/** The options of every benchmark. */
export interface Options {
  /** Small sizes, to check that everything runs. The numbers mean little. */
  readonly quick: boolean
}

/** A table: its columns and its rows, as text. */
export interface Table {
  readonly columns: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
}

/** The report of one benchmark. */
export interface Report {
  /** One or two sentences: what was measured, and how. */
  readonly what: string
  readonly table: Table
  /** The numbers of the table, and more. */
  readonly data: Schema.Json
}

const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

/** A table in Markdown. */
export const markdown = ({ columns, rows }: Table): string =>
  [row(columns), row(columns.map(() => "---")), ...rows.map(row)].join("\n")

/** A number with separators for thousands. */
export const grouped = (value: number): string => Math.round(value).toLocaleString("en-US")
