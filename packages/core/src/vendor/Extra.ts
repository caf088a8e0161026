/**
 * The `extra` of canonical values: keeps the wire fields that the canonical ones cannot reproduce, so that wire →
 * canonical → wire gives an equal value.
 *
 * A codec's `encode` rebuilds wire fields from a canonical value. `extra` holds each wire field that it gets wrong,
 * whatever the cause: an absent field instead of null, a misspelled key, an odd date.
 */
import type * as Schema from "effect/Schema"

type Json = Schema.Json
type JsonObject = Schema.JsonObject

/** Whether two JSON values are equal. The order of keys does not matter; 0 and -0 differ. */
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

/** The `extra` of a canonical value that reproduces its whole row. */
export const empty: JsonObject = {}

/** Wire fields rebuilt from a canonical value; undefined for an absent field. */
export type Rebuilt = Readonly<Record<string, Json | undefined>>

/** The fields of `wire` that `rebuilt` lacks or has with another value. */
export const leftover = <Wire extends { readonly [Key in keyof Wire]: Json | undefined }>(
  wire: Wire,
  rebuilt: Rebuilt
): JsonObject => {
  let extra: Record<string, Json> | undefined
  for (const key in wire) {
    const value = wire[key]
    // No inherited property equals a JSON value, so this check needs no `hasOwn`.
    if (value === undefined || Object.is(value, rebuilt[key])) continue
    if (Object.hasOwn(rebuilt, key) && equal(value, rebuilt[key])) continue
    extra ??= {}
    setOwn(extra, key, value)
  }
  return extra ?? empty
}

/**
 * Sets the `extra` of a canonical value to the leftover of its wire value. Pass the value with {@link empty} as
 * `extra`: nearly all rows have no leftover, and are returned as they are.
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

/** Rebuilds the wire value: the rebuilt fields, overridden by `extra`. */
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

/** Also sets a field named `__proto__`, which plain assignment would lose. */
const setOwn = (target: Record<string, Json>, key: string, value: Json): void => {
  if (key !== "__proto__") target[key] = value
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

/** Looks a vendor's word up in a table; undefined for unknown words, `constructor` and the like included. */
export const lookup = <A>(table: Readonly<Record<string, A>>, word: string): A | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined

/** Reads a count from a number or a string of digits; null for anything else. */
export const wholeNumber = (value: unknown): number | null => {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value
  return typeof number === "number" && Number.isSafeInteger(number) ? number : null
}
