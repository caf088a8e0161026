/**
 * Where requests go: the base URL's rules, and ids in paths and queries.
 */
import * as Effect from "effect/Effect"
import * as Link from "./Link.ts"
import { InvalidRequest, type InvalidResponse } from "../model/SourceError.ts"

/** A base URL that a token may be sent to, without a slash at its end. */
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

/** What may hold a password is not shown. */
const shown = (text: string): string => (text.includes("@") ? "" : ` "${text}"`)

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)

/** What is asked for. Path segments and query values are percent-encoded; empty ones, `.` and `..` are refused. */
export interface Target {
  readonly path: ReadonlyArray<string>
  readonly query: Readonly<Record<string, string | number>>
  /**
   * The link that the page before gave, followed in place of path and query. One that leads to another origin than
   * the base URL's is refused, for the token must not go there.
   */
  readonly link?: string | null | undefined
}

/** The URL of a request: each id in one path segment or query value, percent-encoded; or the link that it follows. */
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
    const value = request.query[name] ?? ""
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
    return "an id has half of a character in it; copy it again, whole"
  return undefined
}

const refuse = (problem: string): Effect.Effect<never, InvalidRequest> =>
  Effect.fail(InvalidRequest.refuse(problem))
