/**
 * Request addresses: which base URLs are valid, and how ids get into paths and queries.
 */
import * as Effect from "effect/Effect"
import * as Link from "./Link.ts"
import { InvalidRequest, type InvalidResponse } from "../model/SourceError.ts"

/** Checks that a base URL may get the token, and removes its trailing slashes. */
export const base = (text: string): Effect.Effect<string, InvalidRequest> => {
  if (!URL.canParse(text))
    return refuse(`the base URL${shown(text)} is not a URL; give one such as https://api.example.com`)
  const url = new URL(text)
  if (url.username !== "" || url.password !== "") {
    return refuse("the base URL has credentials in it; give the token by its environment variable instead")
  }
  if (url.search !== "" || url.hash !== "") {
    return refuse(
      `the base URL may have a path, but no query and no fragment; got "${url.origin}${url.pathname}" with one`
    )
  }
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)))
    return Effect.succeed(url.href.replace(/\/+$/, ""))
  return refuse(
    `the token goes over https only (plain http to 127.0.0.0/8, [::1] and localhost); got "${url.origin}"`
  )
}

/** Hides a text that may hold a password. */
const shown = (text: string): string => (text.includes("@") ? "" : ` "${text}"`)

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)

/**
 * Path and query of a request. Segments and values are percent-encoded; empty ones, `.` and `..` are refused. Values
 * that are null or undefined are left out.
 */
export interface Target {
  readonly path: ReadonlyArray<string>
  readonly query: Readonly<Record<string, string | number | null | undefined>>
  /**
   * The link of the page before, followed instead of path and query. A link to another origin than the base URL's is
   * refused, because it must not get the token.
   */
  readonly link?: string | null | undefined
}

/** The URL of a request: its link, or its path and query with each id percent-encoded. */
export const resolve = (
  base: string,
  request: Target
): Effect.Effect<string, InvalidRequest | InvalidResponse> => {
  const own = ofPath(base, request)
  const { link } = request
  if (link === null || link === undefined) return own
  return Effect.flatMap(own, (url) => Effect.map(Link.resolve(new URL(url), link), ({ href }) => href))
}

const ofPath = (base: string, request: Target): Effect.Effect<string, InvalidRequest> => {
  let url = base
  for (const part of request.path) {
    const problem = problemOf(part)
    if (problem !== undefined) return refuse(problem)
    url += `/${encodeURIComponent(part)}`
  }
  let before = "?"
  for (const name of Object.keys(request.query)) {
    const value = request.query[name]
    if (value === null || value === undefined) continue
    const problem = problemOf(value)
    if (problem !== undefined) return refuse(problem)
    url += `${before}${encodeURIComponent(name)}=${encodeURIComponent(value)}`
    before = "&"
  }
  return Effect.succeed(url)
}

const problemOf = (part: string | number): string | undefined => {
  if (part === "") return "an id is empty; give the id that the vendor shows"
  if (part === "." || part === "..") return `"${part}" is not an id; give the id that the vendor shows`
  if (typeof part === "string" && !part.isWellFormed())
    return "an id contains an incomplete character; copy the whole id again"
  return undefined
}

const refuse = (problem: string): Effect.Effect<never, InvalidRequest> =>
  Effect.fail(InvalidRequest.refuse(problem))
