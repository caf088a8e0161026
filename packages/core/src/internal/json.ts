/**
 * JSON with its integers exact: those beyond 2^53 come as the text of their digits, and what holds them is told.
 */
import type * as Schema from "effect/Schema"

/** A field whose number no double holds. */
export interface InexactField {
  readonly name: string
  /** Whether its digits are all there, as text; not where the runtime does not show them. */
  readonly exact: boolean
}

/** Such fields, by the object or array that holds them; its names are then indexes. */
export type Inexact = ReadonlyMap<object, ReadonlyArray<InexactField>>

export interface Parsed {
  readonly value: Schema.Json
  readonly inexact: Inexact
}

const nothing: Inexact = new Map()

/** The value of a JSON text; undefined if it is none. Only a text that has such an integer is parsed twice. */
export const parse = (text: string): Parsed | undefined => {
  try {
    const value: Schema.Json = JSON.parse(text)
    return isExact(value) ? { value, inexact: nothing } : withDigits(text)
  } catch {
    return undefined
  }
}

/** Whether all its numbers are ones that a double holds. */
const isExact = (value: unknown): boolean => {
  if (typeof value === "number") return Math.abs(value) <= Number.MAX_SAFE_INTEGER
  if (typeof value !== "object" || value === null) return true
  if (Array.isArray(value)) {
    for (const each of value) if (!isExact(each)) return false
    return true
  }
  for (const name in value) if (!isExact(Reflect.get(value, name))) return false
  return true
}

/** `JSON.parse`, whose reviver is told the source of each number by newer runtimes. */
type ParseWithSource = (
  text: string,
  reviver: (this: unknown, name: string, value: unknown, context?: { readonly source?: string }) => unknown
) => Schema.Json

const parseWithSource: ParseWithSource = JSON.parse

const withDigits = (text: string): Parsed => {
  const inexact = new Map<object, Array<InexactField>>()
  const value = parseWithSource(text, function (name, value, context) {
    if (typeof value !== "number" || Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value
    const source = context?.source
    // A number with a fraction or an exponent is an approximation as it stands, as long as it is finite.
    const isInteger = source === undefined || /^-?\d+$/.test(source)
    if (!isInteger && Number.isFinite(value)) return value
    if (typeof this === "object" && this !== null) {
      const fields = inexact.get(this) ?? []
      fields.push({ name, exact: source !== undefined && isInteger })
      inexact.set(this, fields)
    }
    return source ?? String(value)
  })
  return { value, inexact }
}

/** The fields inside a value whose numbers no double holds. */
export const inexactIn = (value: unknown, inexact: Inexact): ReadonlyArray<InexactField> => {
  if (inexact.size === 0 || typeof value !== "object" || value === null) return []
  const own = inexact.get(value) ?? []
  return [...own, ...Object.values(value).flatMap((each) => inexactIn(each, inexact))]
}
