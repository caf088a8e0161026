/**
 * Damages answers: single rows, always in the same way, and whole bodies.
 */
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import type { Case, Damage, Spoiling } from "./case.ts"

type Json = Schema.Json

const encoder = new TextEncoder()

/** An answer as it is sent. */
export interface Sent {
  readonly status: number
  readonly bytes: Uint8Array
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
}

/** A row's name: a text that identifies the undamaged row. */
export const nameOf = (row: unknown): string => JSON.stringify(row)

const deep = (levels: number): string => `${'{"a":['.repeat(levels)}1${"]}".repeat(levels)}`

/** Whether a row with this damage still matches the vendor's documents: an unknown field may be anything. */
export const isGood: ReadonlySet<Spoiling> = new Set<Spoiling>(["proto", "extra", "bidi"])

const withField = (row: Readonly<Record<string, Json>>, name: string, value: string): string => {
  const others = Object.entries(row).filter(([key]) => key !== name)
  const fields = others.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
  return `{${[...fields, `${JSON.stringify(name)}:${value}`].join(",")}}`
}

/** The text of a damaged row. */
const spoiled = (
  row: Readonly<Record<string, Json>>,
  { field, what }: { readonly what: Spoiling; readonly field: number },
  number: number
): string => {
  const names = Object.keys(row)
  const name = names[field % Math.max(1, names.length)] ?? "id"
  const words = names.find((key) => ["text", "message", "content"].includes(key)) ?? name
  switch (what) {
    case "wrongType":
      return withField(row, name, "[false]")
    case "nothing":
      return JSON.stringify(Object.fromEntries(Object.entries(row).filter(([key]) => key !== name)))
    case "null":
      return "null"
    case "scalar":
      return String(number)
    case "otherObject":
      return `{"at":${number}}`
    case "unsafeInteger":
      return withField(row, name, `9007199254740993${number}`)
    case "infinite":
      return withField(row, name, "1e999")
    case "deep":
      return withField(row, "more", deep(200))
    case "veryDeep":
      return withField(row, "more", deep(5000))
    case "proto":
      return withField(row, "__proto__", '{"polluted":true}')
    case "surrogate":
      return withField(row, words, `"half \\ud800 of ${number}"`)
    case "nul":
      return withField(row, words, `"nothing \\u0000 in ${number}"`)
    case "bidi":
      return withField(row, "note", '"\\u202e\\u001b[2J"')
    case "extra":
      return withField(row, "unheardOf", '{"of":[1,"two",null]}')
    case "twiceNamed":
      return withField(row, name, `[false],${JSON.stringify(name)}:[true]`)
    case "emptyId":
      return withField(row, names.find((key) => /id$/i.test(key)) ?? name, '""')
    case "long":
      return withField(row, "more", JSON.stringify("long ".repeat(20_000)))
  }
}

/** The list of rows in a body: the list nearest to the root. */
const rowsIn = (body: unknown): Array<unknown> | undefined => {
  let level: ReadonlyArray<unknown> = [body]
  while (level.length > 0) {
    const found = level.find((each) => Array.isArray(each))
    if (Array.isArray(found)) return found
    level = level.flatMap((each) => (Predicate.isObject(each) ? Object.values(each) : []))
  }
  return undefined
}

/** A body with damaged rows. The damage is noted by the row's name. */
export const rows = (
  body: unknown,
  given: Case,
  done: Map<string, Spoiling>,
  numberOf: (name: string) => number
): string => {
  const copy: unknown = structuredClone(body)
  const list = rowsIn(copy)
  if (list === undefined) return JSON.stringify(body)
  const texts = new Map<string, string>()
  for (const [at, row] of list.entries()) {
    if (!isRow(row)) continue
    const name = nameOf(row)
    const number = numberOf(name)
    const spoiling = given.rows.find(({ every, from }) => number % every === from % every)
    if (spoiling === undefined) continue
    done.set(name, spoiling.what)
    const stand = `@row ${number}@`
    texts.set(JSON.stringify(stand), spoiled(row, spoiling, number))
    list[at] = stand
  }
  let text = JSON.stringify(copy)
  for (const [stand, row] of texts) text = text.replaceAll(stand, () => row)
  return text
}

const isRow = (row: unknown): row is Readonly<Record<string, Json>> => Predicate.isObject(row)

const json = (text: string, more: Partial<Sent> = {}): Sent => ({
  status: 200,
  bytes: encoder.encode(text),
  contentType: "application/json",
  headers: {},
  ...more
})

const withRows = (body: unknown, rows: Json): string => {
  const copy: unknown = structuredClone(body)
  const list = rowsIn(copy)
  if (list === undefined) return JSON.stringify(rows)
  const stand = "@rows@"
  list.splice(0, list.length, stand)
  return JSON.stringify(copy).replace(JSON.stringify([stand]), () => JSON.stringify(rows))
}

/** Damages a body. */
export const body = (text: string, parsed: unknown, what: Damage): Sent => {
  switch (what) {
    case "cut":
      return json(text.slice(0, Math.floor(text.length / 2)))
    case "empty":
      return json("")
    case "html":
      return json("<!doctype html><h1>Bad gateway</h1>", { contentType: "text/html" })
    case "mark":
      return json(`\ufeff${text}`)
    case "utf16":
      return json("", { bytes: new Uint8Array(Buffer.from(text, "utf16le")) })
    case "trailing":
      return json(`${text}}}`)
    case "wrapped":
      return json(`{"result":${text}}`)
    case "list":
      return json(`[["@answer@"],${text}]`)
    case "null":
      return json("null")
    case "notANumber":
      return json("NaN")
    case "deep":
      return json("[".repeat(200_000))
    case "manyRows":
      return json(
        withRows(
          parsed,
          Array.from({ length: 120_000 }, () => ({}))
        )
      )
    case "noRows":
      return json('{"ok":true}')
    case "oddRows":
      return json(withRows(parsed, { "0": "rows" }))
    case "oddClaims":
      return json(text.replaceAll(/"(total|last_page|lastPage|page|current_page)":\d+/g, '"$1":"many"'))
    case "teapot":
      return json(text, { status: 418 })
    case "noContent":
      return json("", { status: 204 })
    case "oddRetryAfter":
      return json('{"message":"later"}', { status: 429, headers: { "retry-after": "-1e99, soon" } })
    case "plainText":
      return json(text, { contentType: "text/plain" })
  }
}
