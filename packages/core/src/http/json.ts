/**
 * Parses JSON without losing digits and without deep nesting.
 *
 * Integers beyond 2^53 become text with all their digits. Values nested too deep become text with their JSON. The
 * result lists the objects and lists that hold such text.
 */
import type * as Schema from "effect/Schema"
import * as JsonText from "./jsonText.ts"

/**
 * The deepest level of lists and objects in a body, envelope included. No vendor documents more than ten levels. Far
 * more would overflow the stack of code that compares, checks or writes values.
 */
const maxDepth = 128
/** The problem with a deeper value, in words. */
export const tooDeep = `it is nested deeper than ${maxDepth} levels`

/** A field whose value differs from what was sent. */
export interface AlteredField {
  readonly name: string
  /**
   * `digits`: a number beyond a double's precision, as text with all its digits · `rounded`: the same on a runtime
   * that does not expose the digits · `deep`: a value nested too deep, as text with its JSON.
   */
  readonly kind: "digits" | "rounded" | "deep"
}

/** These fields, by the object or list that holds them. The names in lists are indexes. */
export type Altered = ReadonlyMap<object, ReadonlyArray<AlteredField>>

export interface Parsed {
  readonly value: Schema.Json
  readonly altered: Altered
}

const nothing: Altered = new Map()

/** Parses a JSON text; undefined if it is none. Only a text that needs changes is parsed twice. */
export const parse = (text: string): Parsed | undefined => {
  try {
    const value: Schema.Json = JSON.parse(text)
    return isExact(value, maxDepth)
      ? { value, altered: nothing }
      : parseAltered(JsonText.flat(text, maxDepth))
  } catch {
    return undefined
  }
}

/** Whether every number is exact in a double and nothing is nested deeper than `levels`. */
const isExact = (value: unknown, levels: number): boolean => {
  if (typeof value === "number") return Math.abs(value) <= Number.MAX_SAFE_INTEGER
  if (typeof value !== "object" || value === null) return true
  if (levels === 0) return false
  if (Array.isArray(value)) {
    for (const each of value) if (!isExact(each, levels - 1)) return false
    return true
  }
  for (const name in value) if (!isExact(Reflect.get(value, name), levels - 1)) return false
  return true
}

/** Whether anything in it is nested deeper than {@link maxDepth}. */
export const isDeep = (value: unknown, levels = maxDepth): boolean => {
  if (typeof value !== "object" || value === null) return false
  return levels === 0 || Object.values(value).some((each) => isDeep(each, levels - 1))
}

/** `JSON.parse`; newer runtimes pass each number's source text to the reviver. */
type ParseWithSource = (
  text: string,
  reviver: (this: unknown, name: string, value: unknown, context?: { readonly source?: string }) => unknown
) => Schema.Json

const parseWithSource: ParseWithSource = JSON.parse

const parseAltered = ({ cut, text }: JsonText.Flat): Parsed => {
  const altered = new Map<object, Array<AlteredField>>()
  const mark = (holder: unknown, field: AlteredField): void => {
    if (typeof holder !== "object" || holder === null) return
    const fields = altered.get(holder)
    if (fields === undefined) altered.set(holder, [field])
    else fields.push(field)
  }
  const value = parseWithSource(text, function (name, value, context) {
    if (typeof value === "string" && cut.has(value)) mark(this, { name, kind: "deep" })
    if (typeof value !== "number" || Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value
    const source = context?.source
    // Finite numbers with a fraction or an exponent are approximations anyway.
    const isInteger = source === undefined || /^-?\d+$/.test(source)
    if (!isInteger && Number.isFinite(value)) return value
    mark(this, { name, kind: source !== undefined && isInteger ? "digits" : "rounded" })
    return source ?? String(value)
  })
  return { value, altered }
}

/** The fields inside a value that differ from what was sent. */
export const alteredIn = (value: unknown, altered: Altered): ReadonlyArray<AlteredField> => {
  if (altered.size === 0 || typeof value !== "object" || value === null) return []
  const own = altered.get(value) ?? []
  return [...own, ...Object.values(value).flatMap((each) => alteredIn(each, altered))]
}

/** The number of fields that were nested too deep. */
export const deepFields = (fields: Iterable<AlteredField>): number => {
  let count = 0
  for (const { kind } of fields) if (kind === "deep") count += 1
  return count
}
