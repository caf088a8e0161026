/**
 * The emulator on a socket.
 */
import { createServer } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpServerError from "effect/http/HttpServerError"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { Emulator, type Options } from "./Emulator.ts"

/** What is served, and where. */
export interface ServerOptions extends Options {
  /** The port. Default 0: any free port. */
  readonly port?: number | undefined
  readonly host?: "127.0.0.1" | undefined
}

/**
 * An emulator that listens on a socket, for clients in other processes. `baseUrl` is its address. It answers only
 * requests to a loopback name; others get status 421.
 *
 * **Example** (A server on port 4010, until interrupted)
 *
 * ```ts
 * import { EmulatorServer } from "@colloquy/emulator"
 * import { Layer } from "effect"
 *
 * export const program = Layer.launch(EmulatorServer.layer({ port: 4010 }))
 * ```
 */
export class EmulatorServer extends Context.Service<EmulatorServer, { readonly baseUrl: string }>()(
  "@colloquy/emulator/EmulatorServer"
) {
  /** Listens as long as the layer lives. Fails with `ServeError` if the port cannot be used. */
  static layer(
    options: ServerOptions = {}
  ): Layer.Layer<EmulatorServer | Emulator, HttpServerError.ServeError> {
    return Layer.effect(EmulatorServer, listen(options)).pipe(Layer.provideMerge(Emulator.layer(options)))
  }
}

const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i

const misdirected = HttpServerResponse.jsonUnsafe(
  { error: "The emulator answers to 127.0.0.1, localhost and [::1] only" },
  { status: 421 }
)

/**
 * Refuses requests to another host name. Otherwise a web page whose name resolves to 127.0.0.1 could read the
 * answers.
 */
const onLoopback = <R>(
  app: Effect.Effect<HttpServerResponse.HttpServerResponse, never, R>
): Effect.Effect<HttpServerResponse.HttpServerResponse, never, R | HttpServerRequest.HttpServerRequest> =>
  HttpServerRequest.HttpServerRequest.use(({ headers }) =>
    loopback.test(headers["host"] ?? "") ? app : Effect.succeed(misdirected)
  )

const listen = Effect.fnUntraced(function* ({ host = "127.0.0.1", port = 0 }: ServerOptions) {
  const { app } = yield* Emulator
  const server = createServer()
  const http = yield* NodeHttpServer.make(() => server, { host, port })
  yield* http.serve(onLoopback(app))
  // Slow answers and idle connections must not delay the end.
  yield* Effect.addFinalizer(() => Effect.sync(() => server.closeAllConnections()))
  const { address } = http
  const bound = address._tag === "InetAddressV4" || address._tag === "InetAddressV6" ? address.port : port
  return { baseUrl: `http://${host}:${bound}` }
})
