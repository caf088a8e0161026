/**
 * Serves a request: applies faults, calls the vendor's API, writes the log.
 */
import { Timestamp, type VendorClient } from "@colloquy/core/vendor"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Schema from "effect/Schema"
import type { Answer, Api } from "./Api.ts"
import * as Faults from "./Faults.ts"
import * as Body from "./internal/body.ts"
import * as Schedule from "./internal/schedule.ts"
import type { RequestLog } from "./RequestLog.ts"

/** A fault closed the connection without an answer. */
export class ConnectionReset extends Schema.TaggedError<ConnectionReset>()("ConnectionReset", {
  code: Schema.Literal("ECONNRESET")
}) {}

/** A vendor's API on a server. */
export interface Site {
  /** The vendor's name in faults and the log. */
  readonly vendor: string
  readonly api: Api
  /** The only accepted token. */
  readonly token: string
  /** The header or query parameter with the token. Default the header `Authorization: Bearer …`. */
  readonly authorization?: VendorClient.Authorization | undefined
  /**
   * Counts a request at this time, in epoch milliseconds, and returns whether it exceeds the limit. Default: no
   * limit.
   */
  readonly isOverLimit?: (now: number) => boolean
  /**
   * Called before each answer with the faults that affect the request, to change rows meanwhile. Default: nothing.
   */
  readonly before?: (faults: ReadonlyArray<Faults.Fault>) => void
}

/** What a server is made from. */
export interface Parts {
  /** The vendor's API for a path. */
  readonly siteOf: (path: ReadonlyArray<string>) => Site | undefined
  readonly faults: ReadonlyArray<Faults.Fault>
  readonly log: RequestLog
  /** The seed of faults that occur by chance. */
  readonly seed: number
}

type Response = HttpServerResponse.HttpServerResponse

/** The handler of requests. */
export type Answering = Effect.Effect<Response, ConnectionReset, HttpServerRequest.HttpServerRequest>

/** Makes a handler with counts at zero. */
export const make = ({ log, seed, siteOf, faults: all }: Parts): Answering => {
  const faultsOf = Schedule.make(all, seed)
  return Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const { path, query, rawPath } = targetOf(request.url)
    const site = siteOf(path)
    if (site === undefined) return Body.respond(unknownPath, [])
    const faults = faultsOf(site.vendor)
    const fault = faults.length === 0 ? null : faults.map(({ kind }) => kind).join(",")
    const shown = withoutToken(site, query).toString()
    const record = (status: number) =>
      log.add({ vendor: site.vendor, path: rawPath, query: shown, status, fault })
    site.before?.(faults)
    return yield* respond(site, faults).pipe(
      Effect.tap(({ status }) => Effect.sync(() => record(status))),
      Effect.tapError(() => Effect.sync(() => record(0)))
    )
  })
}

/** Answers a request with these faults. */
export const respond = Effect.fnUntraced(function* (
  site: Pick<Site, "api" | "authorization" | "isOverLimit" | "token">,
  faults: ReadonlyArray<Faults.Fault>
): Effect.fn.Return<Response, ConnectionReset, HttpServerRequest.HttpServerRequest> {
  const request = yield* HttpServerRequest.HttpServerRequest
  const { api, isOverLimit, token } = site
  const { path, query } = targetOf(request.url)
  const latency = Faults.valueOf(faults, "latency") ?? 0
  if (latency > 0) yield* Effect.sleep(latency)
  if (Faults.valueOf(faults, "reset") !== undefined) return yield* new ConnectionReset({ code: "ECONNRESET" })
  const now = yield* Clock.currentTimeMillis
  const replaced = replacement(api, faults, now, token)
  if (replaced !== undefined) return replaced
  const isPost = api.isPost?.(path) === true
  if (request.method !== (isPost ? "POST" : "GET")) {
    const allowed = `Only ${isPost ? "POST" : "GET"} is allowed`
    return Body.respond({ ...api.failure("badRequest", allowed), status: 405 }, faults)
  }
  if (!isAuthorized(site, request, query)) {
    return Body.respond(api.failure("unauthorized", "Authentication failed."), faults)
  }
  if (isOverLimit?.(now) === true) {
    return Body.respond(api.failure("rateLimited", "Too many requests"), faults)
  }
  const body = isPost ? yield* Effect.orElseSucceed(request.json, () => undefined) : undefined
  return Body.respond(api.handle({ path, query: withoutToken(site, query), faults, body }), faults)
})

const bearer: VendorClient.Authorization = { header: "authorization", prefix: "Bearer " }

type Authorized = Pick<Site, "authorization" | "token">

/** Whether a request has the token where it belongs. */
const isAuthorized = (
  { authorization = bearer, token }: Authorized,
  { headers }: HttpServerRequest.HttpServerRequest,
  query: URLSearchParams
): boolean =>
  "query" in authorization
    ? query.get(authorization.query) === token
    : headers[authorization.header.toLowerCase()] === `${authorization.prefix}${token}`

/** The query without the token, for the API and the log. */
const withoutToken = (
  { authorization = bearer }: Pick<Site, "authorization">,
  query: URLSearchParams
): URLSearchParams => {
  if (!("query" in authorization)) return query
  const others = new URLSearchParams(query)
  others.delete(authorization.query)
  return others
}

/** The response of an answer without faults. */
export const responseOf = (answer: Answer): Response => Body.respond(answer, [])

// ---------------------------------------------------------------------------------------------------------------
// Where a request goes
// ---------------------------------------------------------------------------------------------------------------

/** The path and query of a request. */
export interface Target {
  readonly rawPath: string
  readonly path: ReadonlyArray<string>
  readonly query: URLSearchParams
}

/** Parses the path and query of a URL. */
export const targetOf = (url: string): Target => {
  const [before = ""] = url.split("#")
  const mark = before.indexOf("?")
  const rawPath = mark === -1 ? before : before.slice(0, mark)
  return {
    rawPath,
    path: rawPath
      .split("/")
      .filter((segment) => segment !== "")
      .map(decoded),
    query: new URLSearchParams(mark === -1 ? "" : before.slice(mark + 1))
  }
}

/** Decodes a segment; keeps it as it is if its encoding is invalid, so that it matches nothing. */
const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

const unknownPath: Answer = { status: 404, body: { error: "No vendor has this path" } }

// ---------------------------------------------------------------------------------------------------------------
// Faults that replace the answer
// ---------------------------------------------------------------------------------------------------------------

const replacement = (
  api: Api,
  faults: ReadonlyArray<Faults.Fault>,
  now: number,
  token: string
): Response | undefined => {
  for (const fault of faults) {
    const response = replacedBy(api, fault, now, token)
    if (response !== undefined) return response
  }
  return undefined
}

const replacedBy = (api: Api, fault: Faults.Fault, now: number, token: string): Response | undefined => {
  const limited = (status: number, headers: Readonly<Record<string, string>>): Response =>
    Body.respond({ ...api.failure("rateLimited", "Too many requests"), status, headers }, [])
  switch (fault.kind) {
    case "429":
      return limited(429, fault.value === undefined ? {} : { "retry-after": String(fault.value) })
    case "429-reset":
      return limited(429, resets(now, fault.value ?? 1))
    case "429-date":
      return limited(429, { "retry-after": httpDate(now + (fault.value ?? 1) * 1000) })
    case "error-in-200":
      return limited(200, {})
    case "500":
      return Body.respond(api.failure("internal", "Something went wrong"), [])
    case "502":
      return Body.html(502, "502 Bad Gateway")
    case "503":
      return Body.respond(api.failure("unavailable", "Down for maintenance"), [])
    case "html":
      return Body.html(200, "Just a moment...")
    case "redirect":
      return Body.redirect
    case "echo-token":
      return Body.respond(
        { ...api.failure("unauthorized", `The token "${token}" is not valid`), status: 401 },
        []
      )
    case "expire":
      return Body.respond(api.failure("unauthorized", "The token has expired"), [])
    default:
      return undefined
  }
}

/** Seconds, and a second since 1970, as vendors have them. */
const resets = (now: number, seconds: number): Readonly<Record<string, string>> => ({
  "ratelimit-reset": String(seconds),
  "x-ratelimit-reset": String(Math.ceil(now / 1000) + seconds)
})

const httpDate = (millis: number): string => Timestamp.toHttpDate(Timestamp.fromMillis(millis) ?? "")

// ---------------------------------------------------------------------------------------------------------------
// Without a socket
// ---------------------------------------------------------------------------------------------------------------

/**
 * An `HttpClient` that passes every request to `answer`, for any host, on the caller's fiber. Latency and rate limits
 * then follow a test's clock.
 */
export const httpClient = (answer: Answering): HttpClient.HttpClient =>
  HttpClient.make((request) =>
    answer.pipe(
      Effect.provideService(
        HttpServerRequest.HttpServerRequest,
        HttpServerRequest.fromClientRequest(request)
      ),
      Effect.map((response) => HttpServerResponse.toClientResponse(response, { request })),
      Effect.mapError(
        (cause) =>
          new HttpClientError.HttpClientError({
            reason: new HttpClientError.TransportError({ request, cause })
          })
      )
    )
  )
