/**
 * One request and its answer: sent with the token, redirects kept at home, the body read and classified.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import * as ErrorTable from "./ErrorTable.ts"
import { InvalidRequest, InvalidResponse, type Reason, Transport } from "../model/SourceError.ts"
import * as Timestamp from "../model/Timestamp.ts"
import * as Body from "./body.ts"
import * as Json from "./json.ts"
import * as Secret from "./secret.ts"

const maxRedirects = 3

/** A good answer. */
export interface Answer {
  /** Integers beyond 2^53, and what is nested deeper than 128 levels, are text in it. */
  readonly body: Schema.Json
  /** What in the body holds such text. */
  readonly altered: Json.Altered
  /** Names in lower case; the token blanked in them, as in the body. */
  readonly headers: Headers.Headers
}

/** The header that shows the token, and what stands before it there. */
export interface Authorization {
  readonly header: string
  readonly prefix: string
}

const bearer: Authorization = { header: "authorization", prefix: "Bearer " }

export type Send = (url: string, bounds: Body.Bounds) => Effect.Effect<Answer, Reason>

/** Makes the function that does one exchange. */
export const make = Effect.fnUntraced(function* (options: {
  readonly token: Redacted.Redacted
  readonly authorization?: Authorization | undefined
  readonly errors: ErrorTable.ErrorTable
}): Effect.fn.Return<Send, never, HttpClient.HttpClient> {
  const { header, prefix } = options.authorization ?? bearer
  const client = yield* HttpClient.HttpClient
  const init = yield* Effect.serviceOption(FetchHttpClient.RequestInit)
  // `fetch` would follow redirects anywhere: they are judged here instead, for every transport alike.
  const manual = { ...(init._tag === "Some" ? init.value : {}), redirect: "manual" as const }
  // The client's own span would keep what a transport says of a failure, word for word.
  const context = Context.make(FetchHttpClient.RequestInit, manual).pipe(
    Context.add(HttpClient.TracerDisabledWhen, () => true)
  )
  const secret = Secret.make(Redacted.value(options.token))
  const blank = secret.words
  const request = HttpClientRequest.empty.pipe(
    HttpClientRequest.setMethod("GET"),
    HttpClientRequest.setHeader(header, `${prefix}${Redacted.value(options.token)}`),
    HttpClientRequest.acceptJson,
    HttpClientRequest.setHeader("accept-encoding", "gzip")
  )

  return Effect.fnUntraced(function* (url, bounds) {
    const response = yield* Effect.provideContext(
      follow({ client, request, blank }, url, maxRedirects),
      context
    )
    const { headers, status } = response
    const text = secret.body(yield* Body.text(response, headers, bounds))
    const header = headers["retry-after"]
    const retryAfter = header === undefined ? null : yield* retryAfterOf(header)
    const parsed = Json.parse(text)
    const answer = { status, body: parsed?.value, retryAfter }
    const failure = ErrorTable.classify(options.errors, answer, blank)
    if (failure !== undefined) return yield* failure
    if (parsed === undefined) return yield* notJson(text, response, blank)
    return { body: parsed.value, altered: parsed.altered, headers: secret.headers(headers) }
  })
})

interface Sender {
  readonly client: HttpClient.HttpClient
  /** The request without its URL. */
  readonly request: HttpClientRequest.HttpClientRequest
  readonly blank: (text: string) => string
}

/** Sends the request, and again to where it is redirected, as long as that is the same origin. */
const follow = (
  sender: Sender,
  url: string,
  left: number
): Effect.Effect<HttpClientResponse.HttpClientResponse, Reason> =>
  sender.client.execute(HttpClientRequest.setUrl(sender.request, url)).pipe(
    Effect.mapError((error) => transportReason(error)),
    Effect.flatMap((response) => {
      if (response.status < 300 || response.status >= 400) return Effect.succeed(response)
      const { location } = response.headers
      if (location === undefined) return Effect.succeed(response)
      const target = URL.canParse(location, url) ? new URL(location, url) : undefined
      if (target?.origin !== new URL(url).origin || left === 0)
        return Effect.fail(refusedRedirect(response.status, blankOrigin(sender, target), left))
      return follow(sender, target.href, left - 1)
    })
  )

const blankOrigin = ({ blank }: Sender, target: URL | undefined): string =>
  target === undefined ? "an unreadable address" : blank(target.origin)

const refusedRedirect = (status: number, origin: string, left: number): InvalidResponse =>
  new InvalidResponse({
    kind: "redirect",
    problem:
      left === 0
        ? `redirected more than ${maxRedirects} times`
        : `redirected to ${origin}, where the token must not go; check the base URL`,
    position: null,
    status,
    code: null,
    vendorMessage: null
  })

const transportReason = (error: HttpClientError.HttpClientError): Reason =>
  error.reason._tag === "InvalidUrlError" || error.reason._tag === "EncodeError"
    ? InvalidRequest.refuse("the request could not be built; check the base URL and the ids")
    : new Transport({ problem: causeOf(error) })

/** The code of the innermost cause (`ECONNREFUSED`), which says what happened and can hold no secret. */
const causeOf = (error: unknown): string => {
  let code = "no connection, or it was reset"
  for (let cause: unknown = error, depth = 0; cause instanceof Object && depth < 8; depth++) {
    if ("code" in cause && typeof cause.code === "string") code = cause.code
    cause = "reason" in cause ? cause.reason : "cause" in cause ? cause.cause : undefined
  }
  return code
}

/** A body that is not JSON: cut off in the middle of JSON, or something else altogether. */
const notJson = (
  text: string,
  response: HttpClientResponse.HttpClientResponse,
  blank: (text: string) => string
): InvalidResponse => {
  const start = text.trimStart()
  const truncated = start.startsWith("{") || start.startsWith("[")
  const type = blank(response.headers["content-type"] ?? "no content type")
  const seen = start === "" ? "an empty body" : `"${blank(start).slice(0, 60).replaceAll(/\s+/g, " ")}…"`
  return new InvalidResponse({
    kind: truncated ? "truncated" : "notJson",
    problem: truncated
      ? `the JSON breaks off after ${text.length} characters`
      : `JSON was expected, ${seen} came (${type}); check that the base URL is the API's`,
    position: null,
    status: response.status,
    code: null,
    vendorMessage: null
  })
}

/** `Retry-After` in seconds or as a date; null where it is neither. A date in the past is no wait. */
const retryAfterOf = (header: string): Effect.Effect<Duration.Duration | null> => {
  if (/^\s*\d+\s*$/.test(header)) return Effect.succeed(Duration.seconds(Number(header)))
  const at = Timestamp.fromHttpDate(header.trim())
  if (at === null) return Effect.succeed(null)
  return Effect.map(Clock.currentTimeMillis, (now) =>
    Duration.millis(Math.max(0, Timestamp.toMillis(at) - now))
  )
}
