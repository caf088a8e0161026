/**
 * One request and its answer: sends the token, follows redirects within the origin, reads and classifies the body.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import type * as Schema from "effect/Schema"
import * as ErrorTable from "./ErrorTable.ts"
import { InvalidRequest, InvalidResponse, type Reason, Transport } from "../model/SourceError.ts"
import * as Address from "./address.ts"
import * as Body from "./body.ts"
import * as Json from "./json.ts"
import type * as Token from "./token.ts"
import * as Waits from "./waits.ts"

const maxRedirects = 3

/** A successful answer. */
export interface Answer {
  /** The parsed body. Integers beyond 2^53 and values nested deeper than 128 levels are text in it. */
  readonly body: Schema.Json
  /** The objects and lists that hold such text. */
  readonly altered: Json.Altered
  /** The headers, names in lower case; the token is redacted in them, as in the body. */
  readonly headers: Headers.Headers
}

/** How a request carries the token: in a header, behind a prefix, or as a query parameter. */
export type Authorization = { readonly header: string; readonly prefix: string } | { readonly query: string }

const bearer: Authorization = { header: "authorization", prefix: "Bearer " }

export type Send = (
  token: Token.Current,
  request: Address.Resolved,
  bounds: Body.Bounds
) => Effect.Effect<Answer, Reason>

/** Makes the function that sends one request. */
export const make = Effect.fnUntraced(function* (options: {
  readonly authorization?: Authorization | undefined
  readonly errors: ErrorTable.ErrorTable
}): Effect.fn.Return<Send, never, HttpClient.HttpClient> {
  const { authorization = bearer } = options
  const client = yield* HttpClient.HttpClient
  const init = yield* Effect.serviceOption(FetchHttpClient.RequestInit)
  // `fetch` would follow redirects to any origin. They are handled here, the same for every transport.
  const manual = { ...(init._tag === "Some" ? init.value : {}), redirect: "manual" as const }
  // The client's own span would record the transport's error text, which may contain the token.
  const context = Context.make(FetchHttpClient.RequestInit, manual).pipe(
    Context.add(HttpClient.TracerDisabledWhen, () => true)
  )
  const plain = HttpClientRequest.empty.pipe(
    HttpClientRequest.acceptJson,
    HttpClientRequest.setHeader("accept-encoding", "gzip")
  )

  return Effect.fnUntraced(function* ({ secret, text: token }, { url, ...own }, bounds) {
    const redact = secret.message
    const request = authorized(requestOf(plain, own), authorization, token)
    const addressOf = (url: string) =>
      "query" in authorization ? Address.withParam(url, authorization.query, token) : url
    const response = yield* Effect.provideContext(
      follow({ client, request, addressOf, redact }, url, maxRedirects),
      context
    )
    const { headers, status } = response
    const text = secret.body(yield* Body.text(response, headers, bounds))
    const parsed = Json.parse(text)
    const waits = yield* Waits.of(options.errors.waits ?? [], headers, parsed?.value)
    const answer = { status, body: parsed?.value, ...waits }
    const failure = ErrorTable.classify(options.errors, answer, redact)
    if (failure !== undefined) return yield* failure
    if (parsed === undefined) return yield* notJson(text, response, redact)
    return { body: parsed.value, altered: parsed.altered, headers: secret.headers(headers) }
  })
})

/** A GET, or a POST with a JSON body. */
const requestOf = (
  plain: HttpClientRequest.HttpClientRequest,
  { body, headers }: Omit<Address.Resolved, "url">
): HttpClientRequest.HttpClientRequest => {
  const request = HttpClientRequest.setHeaders(plain, headers)
  return body === undefined
    ? HttpClientRequest.setMethod(request, "GET")
    : request.pipe(HttpClientRequest.setMethod("POST"), HttpClientRequest.bodyText(body, "application/json"))
}

const authorized = (
  request: HttpClientRequest.HttpClientRequest,
  authorization: Authorization,
  token: string
): HttpClientRequest.HttpClientRequest =>
  "query" in authorization
    ? request
    : HttpClientRequest.setHeader(request, authorization.header, `${authorization.prefix}${token}`)

interface Sender {
  readonly client: HttpClient.HttpClient
  /** The request without its URL. */
  readonly request: HttpClientRequest.HttpClientRequest
  /** The address that is sent: with the token, if a query parameter holds it. */
  readonly addressOf: (url: string) => string
  readonly redact: (text: string) => string
}

/**
 * Sends the request and follows redirects within its origin. A POST is repeated only for 307 and 308, which say so: any
 * other redirect may lead to where a POST writes.
 */
const follow = (
  sender: Sender,
  url: string,
  left: number
): Effect.Effect<HttpClientResponse.HttpClientResponse, Reason> =>
  sender.client.execute(HttpClientRequest.setUrl(sender.request, sender.addressOf(url))).pipe(
    Effect.mapError((error) => transportReason(error)),
    Effect.flatMap((response) => {
      if (response.status < 300 || response.status >= 400) return Effect.succeed(response)
      const { location } = response.headers
      if (location === undefined) return Effect.succeed(response)
      const target = URL.canParse(location, url) ? new URL(location, url) : undefined
      if (sender.request.method === "POST" && response.status !== 307 && response.status !== 308)
        return Effect.fail(redirected(response.status, "redirected a POST in a way that does not repeat it"))
      if (left === 0)
        return Effect.fail(redirected(response.status, `redirected more than ${maxRedirects} times`))
      if (target?.origin !== new URL(url).origin) {
        const origin = redactedOrigin(sender, target)
        const problem = `redirected to ${origin}, where the token must not go; check the base URL`
        return Effect.fail(redirected(response.status, problem))
      }
      return follow(sender, target.href, left - 1)
    })
  )

const redactedOrigin = ({ redact }: Sender, target: URL | undefined): string =>
  target === undefined ? "an unreadable address" : redact(target.origin)

const redirected = (status: number, problem: string): InvalidResponse =>
  new InvalidResponse({
    kind: "redirect",
    problem,
    position: null,
    status,
    code: null,
    vendorMessage: null
  })

const transportReason = (error: HttpClientError.HttpClientError): Reason =>
  error.reason._tag === "InvalidUrlError" || error.reason._tag === "EncodeError"
    ? InvalidRequest.refuse("the request could not be built; check the base URL and the ids")
    : new Transport({ problem: problemOf(error) })

/** Codes of names that cannot be looked up: there is no such name, or no server of names answers. */
const unknownHost = new Set(["ENOTFOUND", "EAI_AGAIN"])

const problemOf = (error: HttpClientError.HttpClientError): string => {
  const code = causeOf(error)
  const host = URL.parse(error.request.url)?.host
  return unknownHost.has(code) && host !== undefined ? `the host ${host} is not known (${code})` : code
}

/** The code of the innermost cause, such as `ECONNREFUSED`. A code cannot contain the token. */
const causeOf = (error: unknown): string => {
  let code = "no connection, or it was reset"
  for (let cause: unknown = error, depth = 0; cause instanceof Object && depth < 8; depth++) {
    if ("code" in cause && typeof cause.code === "string") code = cause.code
    cause = "reason" in cause ? cause.reason : "cause" in cause ? cause.cause : undefined
  }
  return code
}

/** The error for a body that is not JSON: truncated JSON, or another format. */
const notJson = (
  text: string,
  response: HttpClientResponse.HttpClientResponse,
  redact: (text: string) => string
): InvalidResponse => {
  const start = text.trimStart()
  const truncated = start.startsWith("{") || start.startsWith("[")
  const type = redact(response.headers["content-type"] ?? "no content type")
  const seen = start === "" ? "an empty body" : `"${redact(start).slice(0, 60).replaceAll(/\s+/g, " ")}…"`
  return new InvalidResponse({
    kind: truncated ? "truncated" : "notJson",
    problem: truncated
      ? `the JSON is cut off after ${text.length} characters`
      : `JSON was expected, ${seen} came (${type}); check that the base URL is the API's`,
    position: null,
    status: response.status,
    code: null,
    vendorMessage: null
  })
}
