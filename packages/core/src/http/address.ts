/**
 * Request addresses: which base URLs are valid, and how ids get into paths, queries, bodies and headers.
 */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
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
 * What a request asks for. Segments and query values are percent-encoded; empty ones, `.` and `..` are refused. Query
 * values that are null or undefined are left out.
 */
export interface Target {
  readonly path: ReadonlyArray<string>
  readonly query: Readonly<Record<string, string | number | null | undefined>>
  /** The JSON body, which makes the request a POST; empty texts in its fields are refused. Default none: a GET. */
  readonly body?: Schema.JsonObject | undefined
  /** Headers beside those of every request. Values are visible ASCII and spaces. Default none. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /**
   * The link of the page before, followed instead of path and query. A link to another origin than the base URL's is
   * refused, because it must not get the token.
   */
  readonly link?: string | null | undefined
}

/** A request that may be sent, but for the token. */
export interface Resolved {
  readonly url: string
  /** The JSON of a POST; undefined for a GET. */
  readonly body: string | undefined
  readonly headers: Readonly<Record<string, string>>
}

/** The URL of a request, which is its link, or its path and query with each id percent-encoded; its body and headers. */
export const resolve = Effect.fnUntraced(function* (
  base: string,
  { body, headers = {}, ...target }: Target
): Effect.fn.Return<Resolved, InvalidRequest | InvalidResponse> {
  const own = yield* ofPath(base, target)
  for (const value of Object.values(body ?? {})) {
    const problem = typeof value === "string" ? problemOfText(value) : undefined
    if (problem !== undefined) return yield* refuse(problem)
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!isHeaderValue(value))
      return yield* refuse(
        `the value of the header ${name} is empty or has a character that is not visible ASCII`
      )
  }
  const { link } = target
  const url = link == null ? own : (yield* Link.resolve(new URL(own), link)).href
  return { url, body: body === undefined ? undefined : JSON.stringify(body), headers }
})

const isHeaderValue = (value: string): boolean => /^[!-~](?:[ -~]*[!-~])?$/.test(value)

/** The address with a query parameter, in place of any of that name. */
export const withParam = (url: string, name: string, value: string): string => {
  const [address = ""] = url.split("#")
  const [before = "", ...query] = address.split("?")
  const others = query
    .join("?")
    .split("&")
    .filter((part) => part !== "" && ![...new URLSearchParams(part).keys()].includes(name))
  return `${before}?${[...others, `${encodeURIComponent(name)}=${encodeURIComponent(value)}`].join("&")}`
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
  if (part === "." || part === "..") return `"${part}" is not an id; give the id that the vendor shows`
  return typeof part === "string" ? problemOfText(part) : undefined
}

const problemOfText = (text: string): string | undefined => {
  if (text === "") return "an id is empty; give the id that the vendor shows"
  return text.isWellFormed() ? undefined : "an id contains an incomplete character; copy the whole id again"
}

const refuse = (problem: string): Effect.Effect<never, InvalidRequest> =>
  Effect.fail(InvalidRequest.refuse(problem))
