/**
 * A vendor's server without a network: answers from a function, and a record of what was sent to it and when.
 */
import { RequestBudget } from "@colloquy/core"
import { VendorClient } from "@colloquy/core/vendor"
import { Clock, Effect, Exit, Fiber, Predicate, Redacted } from "effect"
import { type Headers, HttpClient, HttpClientError, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"

/** The secret that must appear nowhere. */
export const canary = "canary-7c1f0b5e9d3a4c2b8e6f"

/** A request as it reached the server. */
export interface Seen {
  readonly method: string
  readonly url: URL
  /** The body as text; "" without one. */
  readonly body: string
  readonly authorization: string | undefined
  readonly accept: string | undefined
  readonly headers: Headers.Headers
  /** Milliseconds on the test's clock. */
  readonly at: number
}

/** What the server does: an answer, a connection that fails, or no answer ever. */
export type Reply = Response | "reset" | "silence" | "unknownHost"

export interface FakeVendor {
  readonly client: HttpClient.HttpClient
  readonly seen: Array<Seen>
  /** Milliseconds between the requests. */
  readonly waits: () => ReadonlyArray<number>
}

export const fakeVendor = (reply: (nth: number, seen: Seen) => Reply): FakeVendor => {
  const seen: Array<Seen> = []
  const client = HttpClient.make((request, url) =>
    Effect.gen(function* () {
      const { headers } = request
      const { accept, authorization } = headers
      const at = yield* Clock.currentTimeMillis
      const body = request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""
      const now: Seen = { method: request.method, url, body, authorization, accept, headers, at }
      seen.push(now)
      const answer = reply(seen.length, now)
      if (answer === "silence") return yield* Effect.never
      if (answer instanceof Response) return HttpClientResponse.fromWeb(request, answer)
      const cause = Object.assign(
        new Error(`reset while sending ${JSON.stringify(headers)} to ${url.href}`),
        { code: answer === "reset" ? "ECONNRESET" : "ENOTFOUND" }
      )
      return yield* new HttpClientError.HttpClientError({
        reason: new HttpClientError.TransportError({ request, cause })
      })
    })
  )
  const waits = () => seen.slice(1).map(({ at }, index) => at - (seen[index]?.at ?? 0))
  return { client, seen, waits }
}

/** A vendor whose errors are `{code, message}`. */
export const errors: VendorClient.Options["errors"] = {
  codes: { "101": "NotFound", "102": "RateLimited", "103": "QuotaExhausted" },
  read: (body, status) => {
    if (!Predicate.hasProperty(body, "message") || typeof body.message !== "string") return undefined
    const code = Predicate.hasProperty(body, "code") && typeof body.code === "string" ? body.code : null
    return code === null && status < 400 ? undefined : { code, message: body.message }
  }
}

export const baseUrl = "https://api.acme.test"

export const connect = (vendor: FakeVendor, options: Partial<VendorClient.Options> = {}) =>
  VendorClient.make({ vendor: "acme", baseUrl, token: Redacted.make(canary), errors, ...options }).pipe(
    Effect.provide(RequestBudget.layerMemory),
    Effect.provideService(HttpClient.HttpClient, vendor.client)
  )

export const rows: VendorClient.Request = { operation: "Acme.rows", path: ["v1", "rows"], query: { page: 1 } }

/** The body of one GET of the rows, to its end on the test's clock. */
export const get = (vendor: FakeVendor, options: Partial<VendorClient.Options> = {}) =>
  settle(
    Effect.flatMap(connect(vendor, options), (client) => Effect.map(client.read(rows), ({ body }) => body))
  )

/** Runs an effect, and the clock with it, second by second, for at most an hour. */
export const settle = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    for (let second = 0; second < 3600 && fiber.pollUnsafe() === undefined; second++) {
      for (let turn = 0; turn < 20 && fiber.pollUnsafe() === undefined; turn++) yield* Effect.yieldNow
      if (fiber.pollUnsafe() === undefined) yield* TestClock.adjust("1 second")
    }
    const exit = fiber.pollUnsafe() ?? Exit.die("the effect did not end within an hour")
    yield* Fiber.interrupt(fiber)
    return yield* exit
  })

export const json = (value: unknown, init: ResponseInit = {}): Response => Response.json(value, init)
