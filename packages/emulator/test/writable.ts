/**
 * An emulated vendor on a socket whose conversations are written through it, as those of a real server are: `POST
 * /conversations`, `POST /conversations/{id}`, `DELETE /conversations/{id}/{index}`.
 */
import type { MemoryMessage } from "@colloquy/core"
import { Emulation, type Fixtures, RequestLog, Server } from "@colloquy/engine"
import { NodeHttpServer } from "@effect/platform-node"
import { DateTime, Effect, Schema } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import { createServer } from "node:http"
import { token } from "./support.ts"

export const Given = Schema.Array(
  Schema.Struct({ role: Schema.Literals(["user", "assistant"]), text: Schema.String })
)

/** The server's conversations. It gives ids and times in the order of writing. */
const makeStore = () => {
  const conversations = new Map<string, ReadonlyArray<MemoryMessage>>()
  let said = 0
  const row = (message: Pick<MemoryMessage, "role" | "text">): MemoryMessage => {
    said += 1
    return { ...message, id: String(said), createdAt: DateTime.formatIso(DateTime.makeUnsafe(said * 1000)) }
  }
  return {
    append: (id: string, messages: typeof Given.Type) => {
      const rows = messages.map(row)
      conversations.set(id, [...(conversations.get(id) ?? []), ...rows])
      return rows
    },
    remove: (id: string, index: number) =>
      conversations.set(
        id,
        (conversations.get(id) ?? []).filter((_, each) => each !== index)
      ),
    newId: () => String(1001 + conversations.size),
    fixtures: (): Fixtures.Fixtures => [...conversations].map(([id, messages]) => ({ id, messages }))
  }
}

const written = (id: string, messages: ReadonlyArray<MemoryMessage>) =>
  HttpServerResponse.jsonUnsafe({ id, messages: messages.map(({ id, role, text }) => ({ id, role, text })) })

/** Serves a vendor until the scope ends; its base URL. */
export const serve = Effect.fnUntraced(function* (emulation: Emulation.Emulation) {
  const store = makeStore()
  const start = () =>
    Emulation.answering([emulation.start({ fixtures: store.fixtures() })], {
      token,
      faults: [],
      log: RequestLog.make(),
      seed: 1
    })
  let answer = start()
  const app = Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const { path } = Server.targetOf(request.url)
    const isRead = request.method === "GET" || emulation.start().api.isPost?.(path) === true
    const [, id = store.newId(), index = "0"] = path
    if (isRead) return yield* answer
    const given =
      request.method === "POST"
        ? yield* HttpServerRequest.schemaBodyJson(Given)
        : store.remove(id, Number(index)) && []
    const rows = store.append(id, given)
    answer = start()
    return written(id, rows)
  }).pipe(Effect.orDie)
  const server = createServer()
  const http = yield* NodeHttpServer.make(() => server, { host: "127.0.0.1", port: 0 })
  yield* http.serve(app)
  yield* Effect.addFinalizer(() => Effect.sync(() => server.closeAllConnections()))
  const { address } = http
  return `http://127.0.0.1:${address._tag === "InetAddressV4" ? address.port : 0}`
})
