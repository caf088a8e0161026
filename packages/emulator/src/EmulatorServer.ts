/**
 * The emulator behind a real socket.
 */
import { createServer } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpServerError from "effect/http/HttpServerError"
import * as Layer from "effect/Layer"
import { Emulator, type Options } from "./Emulator.ts"

/** What is served, and where. */
export interface ServerOptions extends Options {
  /** 0, the default, takes a free port. */
  readonly port?: number | undefined
  readonly host?: "127.0.0.1" | undefined
}

/**
 * An emulator that listens.
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
  /** Listens for as long as the layer lives. */
  static layer(
    options: ServerOptions = {}
  ): Layer.Layer<EmulatorServer | Emulator, HttpServerError.ServeError> {
    return Layer.effect(EmulatorServer, listen(options)).pipe(Layer.provideMerge(Emulator.layer(options)))
  }
}

const listen = Effect.fnUntraced(function* ({ host = "127.0.0.1", port = 0 }: ServerOptions) {
  const { app } = yield* Emulator
  const server = createServer()
  const http = yield* NodeHttpServer.make(() => server, { host, port })
  yield* http.serve(app)
  // Slow answers and idle connections do not hold up the end.
  yield* Effect.addFinalizer(() => Effect.sync(() => server.closeAllConnections()))
  const { address } = http
  const bound = address._tag === "InetAddressV4" || address._tag === "InetAddressV6" ? address.port : port
  return { baseUrl: `http://${host}:${bound}` }
})
