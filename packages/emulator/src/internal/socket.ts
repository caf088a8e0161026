/**
 * Faults of the connection itself.
 */
import { IncomingMessage } from "node:http"
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"

/**
 * Closes the connection before a byte is sent. The resulting response is never sent, except by a server without
 * Node's sockets.
 */
export const dropConnection: Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  never,
  HttpServerRequest.HttpServerRequest
> = HttpServerRequest.HttpServerRequest.use(({ source }) => {
  const gone = Effect.succeed(HttpServerResponse.empty({ status: 500 }))
  if (!(source instanceof IncomingMessage)) return gone
  const { socket } = source
  return Effect.callback<HttpServerResponse.HttpServerResponse>((resume) => {
    socket.once("close", () => resume(gone))
    socket.destroy()
  })
})
