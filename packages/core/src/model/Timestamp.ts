/**
 * Converts vendors' times to canonical times without losing a digit.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

const iso = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

const second = 1000
const minute = 60 * second
const day = 24 * 60 * minute

/** The last day and its text. Messages of a page are close together, and formatting dates is slow. */
let lastDay = { start: 0, text: "1970-01-01T" }
/** The last time written. A codec reads it back at once to rebuild the wire field. */
const last = { millis: 0, text: "" }

/** The day of an instant; null outside the years 0 to 9999. */
const dayOf = (millis: number): typeof lastDay | null => {
  const start = Math.floor(millis / day) * day
  if (start !== lastDay.start) {
    const at = Option.getOrNull(DateTime.make(start))
    const text = at === null ? "" : DateTime.formatIso(at)
    if (text.length !== 24) return null
    lastDay = { start, text: text.slice(0, 11) }
  }
  return lastDay
}

/** The instant in UTC without its fraction; null outside the years 0 to 9999. */
const utcSeconds = (millis: number): string | null => fromMillis(millis)?.slice(0, 19) ?? null

/**
 * Converts an ISO 8601 time with a zone to UTC, ending in `Z`, every digit of its fraction kept. Returns null
 * for a time without a zone and for a day that does not exist; the caller then keeps the raw text.
 */
export const fromIso = (text: string): string | null => {
  const match = iso.exec(text)
  if (match === null) return null
  const [, date, time, fraction = "", zone] = match
  // `Date.parse` reads 30 February as a day in March. A day that changes without an offset does not exist.
  if (utcSeconds(Date.parse(`${date}T${time}Z`)) !== `${date}T${time}`) return null
  if (zone === "Z" || zone === "+00:00") return `${date}T${time}${fraction}Z`
  const seconds = utcSeconds(Date.parse(`${date}T${time}${withColon(zone ?? "")}`))
  return seconds === null ? null : `${seconds}${fraction}Z`
}

const withColon = (zone: string): string =>
  zone.includes(":") ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`

/** Converts epoch milliseconds to a canonical time with three digits; null if there is no such instant. */
export const fromMillis = (millis: number): string | null => {
  const at = Number.isInteger(millis) ? dayOf(millis) : null
  if (at === null) return null
  // Within a day, numbers fit 32 bits, which lets the compiler use integers.
  const rest = (millis - at.start) | 0
  last.millis = at.start + rest
  last.text = at.text + timeOfDay(rest)
  return last.text
}

/** `hh:mm:ss.mmmZ`, built in one call. Concatenation would allocate a dozen strings. */
const timeOfDay = (millis: number): string => {
  const fraction = millis % second
  const seconds = (millis / second) | 0
  const minutes = (seconds / 60) | 0
  const hours = (minutes / 60) | 0
  return String.fromCharCode(
    digit(hours / 10),
    digit(hours),
    colon,
    digit((minutes % 60) / 10),
    digit(minutes % 60),
    colon,
    digit((seconds % 60) / 10),
    digit(seconds % 60),
    point,
    digit(fraction / 100),
    digit(fraction / 10),
    digit(fraction),
    zulu
  )
}

/** The character code of a number's last digit. */
const digit = (number: number): number => 48 + ((number | 0) % 10)
const colon = 58
const point = 46
const zulu = 90

/** Converts a canonical time to epoch milliseconds. */
export const toMillis = (timestamp: string): number =>
  timestamp === last.text ? last.millis : Date.parse(timestamp)

/** Converts an HTTP date (`Sun, 17 Mar 2024 21:45:35 GMT`) to a canonical time; null if it is none. */
export const fromHttpDate = (text: string): string | null => {
  if (!httpDate.test(text)) return null
  const seconds = utcSeconds(Date.parse(text))
  return seconds === null ? null : `${seconds}Z`
}

/** Converts a canonical time to an HTTP date without its fraction. */
export const toHttpDate = (timestamp: string): string =>
  DateTime.toDateUtc(DateTime.makeUnsafe(timestamp)).toUTCString()
