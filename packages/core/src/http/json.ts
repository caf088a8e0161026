/**
 * JSON that nothing here or behind it can trip over: integers exact, nothing nested too deep.
 *
 * Integers beyond 2^53 come as the text of their digits, what is nested too deep as the text of its JSON, and what
 * holds them is told.
 */
import type * as Schema from "effect/Schema"
import * as JsonText from "./jsonText.ts"

/**
 * Levels of lists and objects in a body, its envelope among them, that are read as such. No vendor documents more than
 * ten; with many more, what compares, checks or writes values would run out of stack.
 */
export const maxDepth = 128
/** What is wrong with a value that is deeper, in words. */
export const tooDeep = `it is nested deeper than ${maxDepth} levels`

/** A field whose value is not as it was sent. */
export interface AlteredField {
  readonly name: string
  /**
   * `digits`: a number that no double holds, as the text of all its digits · `rounded`: the same where the runtime does
   * not show its digits · `deep`: what is nested too deep, as the text of its JSON.
   */
  readonly kind: "digits" | "rounded" | "deep"
}

/** Such fields, by the object or list that holds them; its names are then indexes. */
export type Altered = ReadonlyMap<object, ReadonlyArray<AlteredField>>

export interface Parsed {
  readonly value: Schema.Json
  readonly altered: Altered
}

const nothing: Altered = new Map()

/** The value of a JSON text; undefined if it is none. Only a text that has something to alter is parsed twice. */
export const parse = (text: string): Parsed | undefined => {
  try {
    const value: Schema.Json = JSON.parse(text)
    return isPlain(value, maxDepth) ? { value, altered: nothing } : withAltered(JsonText.flat(text, maxDepth))
  } catch {
    return undefined
  }
}

/** Whether all its numbers are ones that a double holds, and nothing is nested deeper than so many levels. */
const isPlain = (value: unknown, levels: number): boolean => {
  if (typeof value === "number") return Math.abs(value) <= Number.MAX_SAFE_INTEGER
  if (typeof value !== "object" || value === null) return true
  if (levels === 0) return false
  if (Array.isArray(value)) {
    for (const each of value) if (!isPlain(each, levels - 1)) return false
    return true
  }
  for (const name in value) if (!isPlain(Reflect.get(value, name), levels - 1)) return false
  return true
}

/** Whether anything in it is nested deeper than {@link maxDepth}. */
export const isDeep = (value: unknown, levels = maxDepth): boolean => {
  if (typeof value !== "object" || value === null) return false
  return levels === 0 || Object.values(value).some((each) => isDeep(each, levels - 1))
}

/** `JSON.parse`, whose reviver is told the source of each number by newer runtimes. */
type ParseWithSource = (
  text: string,
  reviver: (this: unknown, name: string, value: unknown, context?: { readonly source?: string }) => unknown
) => Schema.Json

const parseWithSource: ParseWithSource = JSON.parse

const withAltered = ({ cut, text }: JsonText.Flat): Parsed => {
  const altered = new Map<object, Array<AlteredField>>()
  const note = (holder: unknown, field: AlteredField): void => {
    if (typeof holder !== "object" || holder === null) return
    const fields = altered.get(holder)
    if (fields === undefined) altered.set(holder, [field])
    else fields.push(field)
  }
  const value = parseWithSource(text, function (name, value, context) {
    if (typeof value === "string" && cut.has(value)) note(this, { name, kind: "deep" })
    if (typeof value !== "number" || Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value
    const source = context?.source
    // A number with a fraction or an exponent is an approximation as it stands, as long as it is finite.
    const isInteger = source === undefined || /^-?\d+$/.test(source)
    if (!isInteger && Number.isFinite(value)) return value
    note(this, { name, kind: source !== undefined && isInteger ? "digits" : "rounded" })
    return source ?? String(value)
  })
  return { value, altered }
}

/** The fields inside a value that are not as they were sent. */
export const alteredIn = (value: unknown, altered: Altered): ReadonlyArray<AlteredField> => {
  if (altered.size === 0 || typeof value !== "object" || value === null) return []
  const own = altered.get(value) ?? []
  return [...own, ...Object.values(value).flatMap((each) => alteredIn(each, altered))]
}

/** How many fields there are that lie too deep. */
export const deepFields = (fields: Iterable<AlteredField>): number => {
  let count = 0
  for (const { kind } of fields) if (kind === "deep") count += 1
  return count
}
