/**
 * Keeps what the canonical model cannot reproduce, so that wire → canonical → wire gives back an equal value.
 *
 * The `encode` of a vendor's codec rebuilds wire fields from a canonical value; `extra` is then what that function gets
 * wrong, whatever the cause: an absent field against null, a misspelled key, an odd date.
 */
import type * as Schema from "effect/Schema"

type Json = Schema.Json
type JsonObject = Schema.JsonObject

/** Whether two JSON values are equal; the order of keys does not matter, and 0 is not -0. */
export const equal = (a: Json | undefined, b: Json | undefined): boolean => {
  if (Object.is(a, b)) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
  if (isArray(a) || isArray(b)) {
    return (
      isArray(a) && isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]))
    )
  }
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]))
  )
}

const isArray = (value: Json): value is ReadonlyArray<Json> => Array.isArray(value)

/** The `extra` of a canonical value that says it all. */
export const empty: JsonObject = {}

/** Wire fields rebuilt from a canonical value; undefined stands for a field that is absent. */
export type Rebuilt = Readonly<Record<string, Json | undefined>>

/** The fields of `wire` that `rebuilt` lacks or has otherwise. */
export const leftover = <Wire extends { readonly [Key in keyof Wire]: Json | undefined }>(
  wire: Wire,
  rebuilt: Rebuilt
): JsonObject => {
  let extra: Record<string, Json> | undefined
  for (const key in wire) {
    const value = wire[key]
    // Nothing inherited is the same as a JSON value, so that the first question needs no second.
    if (value === undefined || Object.is(value, rebuilt[key])) continue
    if (Object.hasOwn(rebuilt, key) && equal(value, rebuilt[key])) continue
    extra ??= {}
    setOwn(extra, key, value)
  }
  return extra ?? empty
}

/**
 * A canonical value with the leftover of its wire value for `extra`. Give it with {@link empty} there: where nothing
 * is left over, as with nearly every row, it is given back as it is.
 */
export const withLeftover = <
  Canonical extends { readonly extra: JsonObject },
  Wire extends { readonly [Key in keyof Wire]: Json | undefined }
>(
  canonical: Canonical,
  wire: Wire,
  rebuilt: Rebuilt
): Canonical => {
  const extra = leftover(wire, rebuilt)
  return extra === empty ? canonical : { ...canonical, extra }
}

/** The wire value again: what the canonical fields give, and over it what was kept aside. */
export const restore = (rebuilt: Rebuilt, extra: JsonObject): JsonObject => {
  const wire: Record<string, Json> = {}
  for (const fields of [rebuilt, extra]) {
    for (const key of Object.keys(fields)) {
      const value = fields[key]
      if (value !== undefined) setOwn(wire, key, value)
    }
  }
  return wire
}

/** A vendor's field may be called `__proto__`; plain assignment would lose it. */
const setOwn = (target: Record<string, Json>, key: string, value: Json): void => {
  if (key !== "__proto__") target[key] = value
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

/** A vendor's word in a table of words; undefined for a word that is not there, whatever it is. */
export const lookup = <A>(table: Readonly<Record<string, A>>, word: string): A | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined

/** A count that may come as a number or as a string of digits; null if it is neither. */
export const wholeNumber = (value: unknown): number | null => {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value
  return typeof number === "number" && Number.isSafeInteger(number) ? number : null
}
