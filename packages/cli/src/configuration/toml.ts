/**
 * Parses TOML, and keeps the line of each key for messages.
 */
import * as Result from "effect/Result"
import * as Predicate from "effect/Predicate"
import { type AST, getStaticTOMLValue, ParseError, parseTOML } from "toml-eslint-parser"

/** The keys that lead to a value. */
export type KeyPath = ReadonlyArray<string>

/** A parsed text. */
export interface Document {
  /** The value; times are text in ISO 8601. */
  readonly value: unknown
  /** The line of a key, counted from 1; of the nearest table around it if the key is not there. */
  readonly lineOf: (path: KeyPath) => number
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
      value: withoutDates(getStaticTOMLValue(program)),
      lineOf: (path) => lineOf(lines, path)
    })
  } catch (cause) {
    if (!(cause instanceof ParseError)) throw cause
    return Result.fail({ line: cause.lineNumber, problem: cause.message })
  }
}

const withoutDates = (value: unknown): unknown => {
  if (Predicate.isDate(value)) return value.toISOString()
  if (Array.isArray(value)) return value.map(withoutDates)
  if (!Predicate.isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutDates(each)]))
}

type Lines = ReadonlyMap<string, number>

const nameOf = (path: KeyPath): string => JSON.stringify(path)

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
        note(path, node.loc.start.line)
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
