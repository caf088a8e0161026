/**
 * Parses TOML, and keeps the line of each key for messages.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type AST, getStaticTOMLValue, ParseError, parseTOML } from "toml-eslint-parser"

/** The keys that lead to a value. */
export type KeyPath = ReadonlyArray<string>

/** A parsed text. */
export interface Document {
  readonly value: unknown
  /** The line of a key, counted from 1; of the nearest table around it if the key is not there. */
  readonly lineOf: (path: KeyPath) => number
  /** The keys of a table at the top, in the order of the text. An object would put numbers first. */
  readonly namesIn: (table: string) => ReadonlyArray<string>
}

/** Why a text cannot be parsed. */
export interface Refused {
  readonly line: number
  readonly problem: string
}

/** Parses a text. */
export const parse = (text: string): Result.Result<Document, Refused> => {
  try {
    const program = parseTOML(text)
    const lines = linesOf(program.body[0].body)
    // The value of this key would be lost in silence.
    const lost = [...lines].find(([path]) => path.includes('"__proto__"'))
    if (lost !== undefined) return Result.fail({ line: lost[1], problem: "a key must not be __proto__" })
    return Result.succeed({
      value: getStaticTOMLValue(program),
      lineOf: (path) => lineOf(lines, path),
      namesIn: (table) => namesIn(lines, table)
    })
  } catch (cause) {
    if (cause instanceof RangeError) return Result.fail({ line: 1, problem: "it is nested too deeply" })
    if (!(cause instanceof ParseError)) throw cause
    return Result.fail({ line: cause.lineNumber, problem: cause.message })
  }
}

/** The lines of keys, by their paths as JSON. */
type Lines = ReadonlyMap<string, number>

const nameOf = (path: KeyPath): string => JSON.stringify(path)

const decodePath = Schema.decodeSync(Schema.fromJsonString(Schema.Array(Schema.String)))

const namesIn = (lines: Lines, table: string): ReadonlyArray<string> =>
  [...lines.keys()].flatMap((path) => {
    const [first, name, ...further] = decodePath(path)
    return first === table && name !== undefined && further.length === 0 ? [name] : []
  })

const lineOf = (lines: Lines, path: KeyPath): number => {
  const line = lines.get(nameOf(path))
  return line ?? (path.length === 0 ? 1 : lineOf(lines, path.slice(0, -1)))
}

const linesOf = (nodes: ReadonlyArray<AST.TOMLTable | AST.TOMLKeyValue>): Lines => {
  const lines = new Map<string, number>()
  const note = (path: KeyPath, line: number) => {
    if (!lines.has(nameOf(path))) lines.set(nameOf(path), line)
  }
  const visit = (within: KeyPath, nodes: ReadonlyArray<AST.TOMLTable | AST.TOMLKeyValue>): void => {
    for (const node of nodes) {
      if (node.type === "TOMLTable") {
        const path = node.resolvedKey.map(String)
        for (const [at] of path.entries()) note(path.slice(0, at + 1), node.loc.start.line)
        visit(path, node.body)
        continue
      }
      const path = [
        ...within,
        ...node.key.keys.map((key) => (key.type === "TOMLBare" ? key.name : key.value))
      ]
      note(path, node.loc.start.line)
      if (node.value.type === "TOMLInlineTable") visit(path, node.value.body)
    }
  }
  visit([], nodes)
  return lines
}
