/**
 * How a reader reaches the vendor: in-process with a simulated clock, or over a socket.
 */
import { createServer } from "node:http"
import * as Clock from "@colloquy/conformance/histories/clock"
import type { RequestPolicy } from "@colloquy/core"
import { Server } from "@colloquy/engine"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"

/** A transport, and how effects over it are run. */
export interface Way {
  readonly baseUrl: string
  readonly client: HttpClient.HttpClient
  readonly policy: Partial<RequestPolicy.Policy>
  /** Runs an effect on the transport's clock; `requests` counts its requests. */
  readonly drive: <A, E>(effect: Effect.Effect<A, E>, requests: () => number) => Effect.Effect<A, E>
}

export type Transport = (answer: Server.Answering) => Effect.Effect<Way, never, Scope.Scope>

/** In-process: waits take no time. */
export const inProcess: Transport = (answer) =>
  Effect.sync(() => ({
    baseUrl: "http://127.0.0.1",
    client: Server.httpClient(answer),
    policy: {},
    drive: (effect, requests) =>
      Effect.flatMap(
        Clock.drive(Clock.make(), effect, { activity: requests, pause: Effect.yieldNow }),
        (exit) => exit
      )
  }))

/** Over a socket: waits are short. */
const hasty: Partial<RequestPolicy.Policy> = {
  retries: 1,
  baseDelay: "1 milli",
  maxRetryAfter: "1 milli",
  maxRateLimitTime: "5 millis",
  timeout: "10 seconds"
}

/** A server on a free port, and a client of undici. */
export const overSocket: Transport = Effect.fnUntraced(function* (answer: Server.Answering) {
  const server = createServer()
  const http = yield* Effect.orDie(NodeHttpServer.make(() => server, { host: "127.0.0.1", port: 0 }))
  yield* http.serve(Effect.orDie(answer))
  yield* Effect.addFinalizer(() => Effect.sync(() => server.closeAllConnections()))
  const { address } = http
  const port = address._tag === "InetAddressV4" ? address.port : 0
  const context = yield* Layer.build(NodeHttpClient.layerUndici)
  const client = yield* Effect.provide(HttpClient.HttpClient, context)
  return { baseUrl: `http://127.0.0.1:${port}`, client, policy: hasty, drive: (effect) => effect }
})
