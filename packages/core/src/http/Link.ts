/**
 * Next links: reads them from a `Link` header and resolves them to addresses that may be requested.
 *
 * **Example** (The cursor of a listing that pages by `Link` header)
 *
 * ```ts
 * import { Link } from "@colloquy/core/vendor"
 *
 * export const next = Link.nextOf('<https://api.example.com/rows?page=2>; rel="next"')
 * ```
 */
import * as Effect from "effect/Effect"
import { InvalidResponse } from "../model/SourceError.ts"

/**
 * The target of the first link with the relation `next` in a `Link` header (RFC 8288), unchanged; null if there is
 * none.
 *
 * Reads the header once, in linear time. Skips malformed parts up to the next comma.
 */
export const nextOf = (header: string): string | null => {
  let at = 0
  while (at < header.length) {
    const open = skip(header, at, isSeparator)
    if (header[open] !== "<") {
      at = toEnd(header, open)
      continue
    }
    const close = header.indexOf(">", open)
    if (close < 0) return null
    const params = readParams(header, close + 1)
    if (params.isNext) return header.slice(open + 1, close).trim()
    at = params.end
  }
  return null
}

interface Params {
  readonly isNext: boolean
  /** The index after the link's parameters. */
  readonly end: number
}

/** Reads the parameters of one link. As the RFC says, only the first `rel` counts. */
const readParams = (header: string, start: number): Params => {
  let at = start
  let rel: string | undefined
  for (;;) {
    at = skip(header, at, isSpace)
    if (header[at] !== ";") return { isNext: rel !== undefined && hasNext(rel), end: toEnd(header, at) }
    at = skip(header, at + 1, isSpace)
    const nameEnd = until(header, at, isNameEnd)
    const name = header.slice(at, nameEnd).toLowerCase()
    at = skip(header, nameEnd, isSpace)
    if (header[at] !== "=") continue
    const value = readValue(header, skip(header, at + 1, isSpace))
    if (name === "rel") rel ??= value.text
    at = value.end
  }
}

const readValue = (header: string, start: number): { readonly text: string; readonly end: number } => {
  if (header[start] !== '"') {
    const end = until(header, start, isTokenEnd)
    return { text: header.slice(start, end), end }
  }
  const parts: Array<string> = []
  let at = start + 1
  while (at < header.length && header[at] !== '"') {
    if (header[at] === "\\") at += 1
    parts.push(header[at] ?? "")
    at += 1
  }
  return { text: parts.join(""), end: at + 1 }
}

/** Relations are names separated by spaces; case does not matter. */
const hasNext = (rel: string): boolean => rel.toLowerCase().split(/[ \t]/).includes("next")

/** The index after the next unquoted comma, or the end. */
const toEnd = (header: string, start: number): number => {
  let at = start
  while (at < header.length && header[at] !== ",")
    at = header[at] === '"' ? readValue(header, at).end : at + 1
  return at + 1
}

type Is = (char: string | undefined) => boolean
const isSpace: Is = (char) => char === " " || char === "\t"
const isSeparator: Is = (char) => char === "," || isSpace(char)
const isTokenEnd: Is = (char) => char === ";" || char === "," || isSpace(char)
const isNameEnd: Is = (char) => char === "=" || isTokenEnd(char)

const skip = (header: string, start: number, is: Is): number => until(header, start, (char) => !is(char))

const until = (header: string, start: number, is: Is): number => {
  let at = start
  while (at < header.length && !is(header[at])) at += 1
  return at
}

/**
 * Resolves a link against the address of its page.
 *
 * Fails with `InvalidResponse` (`redirect`) if the link is malformed, holds credentials, or leads to another origin,
 * which must not get the token. The problem names only the origin, because addresses may hold secrets.
 */
export const resolve = (current: URL, link: string): Effect.Effect<URL, InvalidResponse> => {
  const next = URL.parse(link, current)
  if (next === null) return refuse("the link to the next page is not an address")
  if (next.origin !== current.origin) {
    return refuse(`the link to the next page leads to ${next.origin}, away from ${current.origin}`)
  }
  return next.username === "" && next.password === ""
    ? Effect.succeed(next)
    : refuse("the link to the next page holds credentials")
}

const refuse = (problem: string): Effect.Effect<never, InvalidResponse> =>
  Effect.fail(InvalidResponse.refuse("redirect", problem))
