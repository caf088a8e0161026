/**
 * JSON that is still text: what should not be in it is seen, cut or replaced before any of it becomes values.
 *
 * Each function reads the text once, from left to right, and keeps no stack: no text makes it overflow. A text that is
 * no JSON gives some answer, and is refused by the parser afterwards.
 */

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c

const opens = (code: number): boolean => code === 0x5b || code === 0x7b
const closes = (code: number): boolean => code === 0x5d || code === 0x7d

/** The index behind the string that begins `at` this index; the text's length where it does not end. */
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
 * Whether the text holds more values than `most`: objects, lists, and what is in them. A value takes two characters at
 * least, with what parts it from the next: only a long text is read for it.
 */
export const holdsMore = (text: string, most: number): boolean => {
  if (text.length < 2 * most) return false
  let values = 1
  for (let at = 0; at < text.length && values <= most; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = stringEnd(text, at) - 1
    // An empty list or object holds no first value.
    else if (code === comma || (opens(code) && !closes(text.charCodeAt(at + 1)))) values += 1
  }
  return values > most
}

/** A text in which nothing is nested deeper than was asked. */
export interface Flat {
  readonly text: string
  /** The JSON of each value that was deeper: it stands in the text as a string now. */
  readonly cut: ReadonlySet<string>
}

/** Puts a string of its JSON in place of each list and object that lies deeper than so many levels of them. */
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

/** Gives each string in it, names of fields among them, to a function, and puts what that makes of it in its place. */
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

/** What a string's JSON stands for; undefined where it is none. */
const valueOf = (json: string): string | undefined => {
  if (!json.includes("\\")) return json.slice(1, -1)
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === "string" ? value : undefined
  } catch {
    return undefined
  }
}
