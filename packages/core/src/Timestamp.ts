/**
 * Vendors' times to canonical times, without losing a digit.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

const iso = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** The instant in UTC without its fraction; null where there is none that four digits of a year can name. */
const utcSeconds = (millis: number): string | null => {
  const at = Option.getOrNull(DateTime.make(millis))
  const text = at === null ? "" : DateTime.formatIso(at)
  return text.length === 24 ? text.slice(0, 19) : null
}

/**
 * An ISO 8601 time with a zone, in UTC ending in `Z`, its fraction kept digit by digit; null if it is not one (no
 * zone, no such day), so that the caller keeps the raw text instead.
 */
export const fromIso = (text: string): string | null => {
  const match = iso.exec(text)
  if (match === null) return null
  const [, date, time, fraction = "", zone] = match
  // Date.parse rolls 30 February over to March: a day that moves without an offset never existed.
  if (utcSeconds(Date.parse(`${date}T${time}Z`)) !== `${date}T${time}`) return null
  if (zone === "Z" || zone === "+00:00") return `${date}T${time}${fraction}Z`
  const seconds = utcSeconds(Date.parse(`${date}T${time}${withColon(zone ?? "")}`))
  return seconds === null ? null : `${seconds}${fraction}Z`
}

const withColon = (zone: string): string =>
  zone.includes(":") ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`

/** Epoch milliseconds as a canonical time with three digits; null where there is no such instant. */
export const fromMillis = (millis: number): string | null => {
  const seconds = utcSeconds(millis)
  if (seconds === null || !Number.isInteger(millis)) return null
  const fraction = ((millis % 1000) + 1000) % 1000
  return `${seconds}.${String(fraction).padStart(3, "0")}Z`
}

/** Epoch milliseconds of a canonical time. */
export const toMillis = (timestamp: string): number => Date.parse(timestamp)

/** An HTTP date (`Sun, 17 Mar 2024 21:45:35 GMT`) as a canonical time; null if it is not one. */
export const fromHttpDate = (text: string): string | null => {
  if (!httpDate.test(text)) return null
  const seconds = utcSeconds(Date.parse(text))
  return seconds === null ? null : `${seconds}Z`
}

/** A canonical time as an HTTP date, its fraction dropped. */
export const toHttpDate = (timestamp: string): string =>
  DateTime.toDateUtc(DateTime.makeUnsafe(timestamp)).toUTCString()
