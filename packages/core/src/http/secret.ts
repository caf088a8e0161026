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

/**
 * Redacts these tokens: the one in use, and those before it. With the name of a query parameter, it also redacts tokens of
 * any length in addresses that have them under that name, as next links do.
 */
export const make = (tokens: ReadonlyArray<string>, param: string | null = null): Secret => {
  const given = tokens.filter((token) => token !== "")
  const long = given.filter(({ length }) => length >= minLength)
  const params = param === null ? [] : formsOf(given.flatMap(encodings)).flatMap(underName(param))
  const forms = [...params, ...formsOf(long.flatMap(encodings))]
  const words = [...params, ...formsOf(given)]
  const holds = (text: string): boolean => forms.some(({ secret }) => text.includes(secret))
  const checks = (param === null ? long : given).map(escapesOf)
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

/** A text that holds a token, and what stands in its place. */
interface Form {
  readonly secret: string
  readonly replacement: string
}

/** Without duplicates, the longest first: a token may begin with another one. */
const formsOf = (texts: ReadonlyArray<string>): ReadonlyArray<Form> =>
  [...new Set(texts)]
    .sort((one, other) => other.length - one.length)
    .map((secret) => ({ secret, replacement: placeholder }))

/** A token as it is, and percent-encoded by the habits of different servers. */
const encodings = (token: string): ReadonlyArray<string> => {
  const encoded = encodeURIComponent(token)
  return [token, encoded, encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]
}

/** A token as the value of a query parameter. Its replacement has no brackets: they would end a link in a header. */
const underName =
  (name: string) =>
  ({ secret }: Form): ReadonlyArray<Form> =>
    ["?", "&"].map((mark) => ({
      secret: `${mark}${name}=${secret}`,
      replacement: `${mark}${name}=redacted`
    }))

const redact = (text: string, forms: ReadonlyArray<Form>): string =>
  forms.reduce((redacted, { replacement, secret }) => redacted.replaceAll(secret, () => replacement), text)

/** Whether a JSON text has escapes that may stand for characters of the token, which are all visible ASCII. */
const escapesOf = (token: string): ((text: string) => boolean) => {
  const short = token.includes('"') || token.includes("\\") ? "\\" : token.includes("/") ? "\\/" : undefined
  return (text) =>
    (short !== undefined && text.includes(short)) || (text.includes("\\u00") && /\\u00[2-7]/.test(text))
}
