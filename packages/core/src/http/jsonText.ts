/**
 * Checks and edits JSON text before it is parsed.
 *
 * Each function reads the text once, from left to right, without a stack, so that no text can overflow it. The result
 * for text that is not JSON is unspecified; the parser rejects that text afterwards.
 */

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c

const opens = (code: number): boolean => code === 0x5b || code === 0x7b
const closes = (code: number): boolean => code === 0x5d || code === 0x7d

/** The index after the string that begins `at` this index; the text's length if the string does not end. */
const stringEnd = (text: string, at: number): number => {
  let end = text.indexOf('"', at + 1)
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end < 0 ? text.length : end + 1
}

const isEscaped = (text: string, at: number): boolean => {
  let before = at - 1
  while (text.charCodeAt(before) === backslash) before -= 1
  return (at - before) % 2 === 0
}

/**
 * Whether the text holds more values than `most`: objects, lists and their elements. A value and its separator take
 * at least two characters, so short texts are not read.
 */
export const holdsMore = (text: string, most: number): boolean => {
  if (text.length < 2 * most) return false
  let values = 1
  for (let at = 0; at < text.length && values <= most; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = stringEnd(text, at) - 1
    // An empty list or object has no first element.
    else if (code === comma || (opens(code) && !closes(text.charCodeAt(at + 1)))) values += 1
  }
  return values > most
}

/** A text without values nested deeper than a bound. */
export interface Flat {
  readonly text: string
  /** The JSON of each deeper value; the text holds it as a string now. */
  readonly cut: ReadonlySet<string>
}

/** Replaces each list and object nested deeper than `levels` by a string with its JSON. */
export const flat = (text: string, levels: number): Flat => {
  const parts: Array<string> = []
  const cut = new Set<string>()
  let depth = 0
  let copied = 0
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = stringEnd(text, at) - 1
    else if (opens(code)) {
      depth += 1
      if (depth === levels + 1) from = at
    } else if (closes(code)) {
      if (depth === levels + 1) {
        const json = text.slice(from, at + 1)
        cut.add(json)
        parts.push(text.slice(copied, from), JSON.stringify(json))
        copied = at + 1
      }
      depth -= 1
    }
  }
  return { text: parts.length === 0 ? text : parts.join("") + text.slice(copied), cut }
}

/** Maps each string in the text, names of fields included. */
export const mapStrings = (text: string, f: (value: string) => string): string => {
  const parts: Array<string> = []
  let copied = 0
  for (let at = text.indexOf('"'); at >= 0;) {
    const end = stringEnd(text, at)
    const value = valueOf(text.slice(at, end))
    const mapped = value === undefined ? undefined : f(value)
    if (mapped !== undefined && mapped !== value) {
      parts.push(text.slice(copied, at), JSON.stringify(mapped))
      copied = end
    }
    at = text.indexOf('"', end)
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(copied)
}

/** The value of a JSON string; undefined if it is none. */
const valueOf = (json: string): string | undefined => {
  if (!json.includes("\\")) return json.slice(1, -1)
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === "string" ? value : undefined
  } catch {
    return undefined
  }
}
