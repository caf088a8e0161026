/**
 * Redacts the token in vendors' answers, so that no error, row or checkpoint contains it.
 */
import * as Headers from "effect/http/Headers"
import * as JsonText from "./jsonText.ts"

/** The replacement for the token. */
const placeholder = "<redacted>"
/** Characters of a vendor's message that an error repeats. */
const maxMessageLength = 300
/** A shorter token may be an ordinary word. It is redacted in messages only, not in rows. */
const minLength = 8

export interface Secret {
  /** Redacts and shortens a vendor's message. */
  readonly message: (text: string) => string
  /** Redacts the token in each string and field name of a body, with any escapes. */
  readonly body: (text: string) => string
  readonly headers: (headers: Headers.Headers) => Headers.Headers
}

export const make = (token: string): Secret => {
  const forms = token.length < minLength ? [] : [...new Set([token, encodeURIComponent(token)])]
  const holds = (text: string): boolean => forms.some((form) => text.includes(form))
  const redact = (text: string): string =>
    forms.reduce((redacted, form) => redacted.replaceAll(form, placeholder), text)
  const mayBeEscaped = escapesOf(token)
  return {
    message: (text) => {
      const clean = token === "" ? text : text.replaceAll(token, placeholder)
      return clean.length <= maxMessageLength ? clean : `${clean.slice(0, maxMessageLength)}…`
    },
    // Searching for the token is cheap. Strings are read one by one only if the token was found or may be escaped.
    body: (text) =>
      forms.length > 0 && (holds(text) || mayBeEscaped(text)) ? JsonText.mapStrings(text, redact) : text,
    headers: (headers) =>
      Object.entries(headers).reduce(
        (clean, [name, value]) => (holds(value) ? Headers.set(clean, name, redact(value)) : clean),
        headers
      )
  }
}

/** Whether a JSON text has escapes that may stand for characters of the token, which are all visible ASCII. */
const escapesOf = (token: string): ((text: string) => boolean) => {
  const short = token.includes('"') || token.includes("\\") ? "\\" : token.includes("/") ? "\\/" : undefined
  return (text) =>
    (short !== undefined && text.includes(short)) || (text.includes("\\u00") && /\\u00[2-7]/.test(text))
}
