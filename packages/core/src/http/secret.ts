/**
 * Redacts tokens in vendors' answers, so that no error, row or checkpoint contains it.
 */
import * as Headers from "effect/http/Headers"
import * as JsonText from "./jsonText.ts"

/** The replacement for a token. */
const placeholder = "<redacted>"
/** Characters of a vendor's message that an error repeats. */
const maxMessageLength = 300
/** A shorter token may be an ordinary word. It is redacted in messages only, not in rows. */
const minLength = 8

export interface Secret {
  /** Redacts and shortens a vendor's message. */
  readonly message: (text: string) => string
  /** Redacts the tokens in each string and field name of a body, with any escapes. */
  readonly body: (text: string) => string
  readonly headers: (headers: Headers.Headers) => Headers.Headers
}

/** Redacts these tokens: the one in use, and those before it. */
export const make = (tokens: ReadonlyArray<string>): Secret => {
  const long = tokens.filter(({ length }) => length >= minLength)
  const forms = longestFirst(long.flatMap((token) => [token, encodeURIComponent(token)]))
  const words = longestFirst(tokens.filter((token) => token !== ""))
  const holds = (text: string): boolean => forms.some((form) => text.includes(form))
  const checks = long.map(escapesOf)
  const mayBeEscaped = (text: string): boolean => checks.some((check) => check(text))
  return {
    message: (text) => {
      const clean = redact(text, words)
      return clean.length <= maxMessageLength ? clean : `${clean.slice(0, maxMessageLength)}…`
    },
    // Searching for a token is cheap. Strings are read one by one only if one was found or may be escaped.
    body: (text) =>
      forms.length > 0 && (holds(text) || mayBeEscaped(text))
        ? JsonText.mapStrings(text, (value) => redact(value, forms))
        : text,
    headers: (headers) =>
      Object.entries(headers).reduce(
        (clean, [name, value]) => (holds(value) ? Headers.set(clean, name, redact(value, forms)) : clean),
        headers
      )
  }
}

/** Without duplicates. A token may begin with another one. */
const longestFirst = (texts: ReadonlyArray<string>): ReadonlyArray<string> =>
  [...new Set(texts)].sort((one, other) => other.length - one.length)

const redact = (text: string, secrets: ReadonlyArray<string>): string =>
  secrets.reduce((redacted, secret) => redacted.replaceAll(secret, placeholder), text)

/** Whether a JSON text has escapes that may stand for characters of the token, which are all visible ASCII. */
const escapesOf = (token: string): ((text: string) => boolean) => {
  const short = token.includes('"') || token.includes("\\") ? "\\" : token.includes("/") ? "\\/" : undefined
  return (text) =>
    (short !== undefined && text.includes(short)) || (text.includes("\\u00") && /\\u00[2-7]/.test(text))
}
