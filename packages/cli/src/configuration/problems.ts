/**
 * What is wrong with a configuration: the line, the key, and what to write instead. Values are not repeated, because a
 * secret may stand in a wrong place.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as Nearest from "../terminal/Nearest.ts"
import type { KeyPath } from "./toml.ts"

/** One thing that is wrong. */
export interface Problem {
  readonly path: KeyPath
  readonly problem: string
}

/** What TOML calls a type. */
const words: Readonly<Record<string, string>> = {
  string: "text in quotes",
  number: "a number",
  object: "a table",
  array: "a list"
}

const format = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) => {
    switch (issue._tag) {
      case "MissingKey":
        return missing
      case "UnexpectedKey":
        return unknown
      default:
        return SchemaIssue.defaultLeafHook(issue)
    }
  },
  // The words of a check say more than those of the issue in it.
  checkHook: ({ filter }) => {
    const expected = filter.annotations?.["expected"]
    return typeof expected === "string" ? `Expected ${expected}` : undefined
  }
})

const inWords = (message: string): string =>
  message.replace(
    /^Expected (.*)$/,
    (_, type: string) => `must be ${words[type] ?? type.replaceAll(" | ", " or ")}`
  )

const unknown = "is not known"

/** The problem of a key that is not there. */
export const missing = "is missing"

/** Decodes a part of a configuration that stands at this path; `keysAt` gives the keys that a table may have. */
export const decode = <A>(
  schema: Schema.ConstraintDecoder<A>,
  value: unknown,
  at: KeyPath,
  keysAt: (table: KeyPath) => ReadonlyArray<string>
): Result.Result<A, ReadonlyArray<Problem>> =>
  Result.mapError(
    Schema.decodeUnknownResult(schema)(value, { errors: "all", onExcessProperty: "error" }),
    ({ issue }) =>
      format(issue).issues.map(({ message, path: within = [] }) => {
        const path = [...at, ...within.map(String)]
        return {
          path,
          problem:
            message === unknown ? unexpected(path.at(-1) ?? "", keysAt(path.slice(0, -1))) : inWords(message)
        }
      })
  )

/** The problem of an unknown name. */
export const unexpected = (name: string, names: ReadonlyArray<string>, problem = unknown): string =>
  `${problem}${Nearest.question(name, names) || `; known are ${names.join(", ")}`}`
