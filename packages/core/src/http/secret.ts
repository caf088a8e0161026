/**
 * The token in what a vendor sends back: it is put into no error, no row and no checkpoint.
 */
import * as Headers from "effect/http/Headers"
import * as JsonText from "./jsonText.ts"

/** What stands in its place. */
const blank = "<redacted>"
/** Characters of a vendor's own words that are repeated in an error. */
const maxWords = 300
/** A token of fewer characters may be a word that people use: it is blanked in a vendor's words, not in rows. */
const leastLength = 8

export interface Secret {
  /** A vendor's own words, which may repeat the token and may be a page long. */
  readonly words: (text: string) => string
  /** A body's text, the token blanked in each string and each name of a field, however it is escaped there. */
  readonly body: (text: string) => string
  readonly headers: (headers: Headers.Headers) => Headers.Headers
}

export const make = (token: string): Secret => {
  const forms = token.length < leastLength ? [] : [...new Set([token, encodeURIComponent(token)])]
  const holds = (text: string): boolean => forms.some((form) => text.includes(form))
  const without = (text: string): string =>
    forms.reduce((blanked, form) => blanked.replaceAll(form, blank), text)
  const mayBeEscaped = escapesOf(token)
  return {
    words: (text) => {
      const clean = token === "" ? text : text.replaceAll(token, blank)
      return clean.length <= maxWords ? clean : `${clean.slice(0, maxWords)}…`
    },
    // To look for the token costs little. Each string is read only where it was found, or may be there in escapes.
    body: (text) =>
      forms.length > 0 && (holds(text) || mayBeEscaped(text)) ? JsonText.mapStrings(text, without) : text,
    headers: (headers) =>
      Object.entries(headers).reduce(
        (clean, [name, value]) => (holds(value) ? Headers.set(clean, name, without(value)) : clean),
        headers
      )
  }
}

/** Whether a JSON text has escapes that may stand for characters of the token, all of which are visible ASCII. */
const escapesOf = (token: string): ((text: string) => boolean) => {
  const short = token.includes('"') || token.includes("\\") ? "\\" : token.includes("/") ? "\\/" : undefined
  return (text) =>
    (short !== undefined && text.includes(short)) || (text.includes("\\u00") && /\\u00[2-7]/.test(text))
}
