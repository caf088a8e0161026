/**
 * The live suite of the conformance kit, on each emulated vendor as a server that is filled through its own API.
 */
import { Conformance, type LiveServer, type Wanted } from "@colloquy/conformance"
import { emulations } from "@colloquy/emulator"
import type { Emulation } from "@colloquy/engine"
import { Effect, Redacted, Result, Schema } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"
import { token } from "./support.ts"
import { serve } from "./writable.ts"

const Written = Schema.Struct({
  id: Schema.String,
  messages: Schema.Array(
    Schema.Struct({ id: Schema.String, role: Schema.Literals(["user", "assistant"]), text: Schema.String })
  )
})

/** The server's own API. */
const apiOf = (baseUrl: string) => {
  const send = (request: HttpClientRequest.HttpClientRequest) =>
    HttpClient.execute(request).pipe(
      Effect.flatMap(HttpClientResponse.schemaBodyJson(Written)),
      Effect.provide(FetchHttpClient.layer)
    )
  const post = (path: string, messages: ReadonlyArray<Wanted>) =>
    send(HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(`${baseUrl}${path}`), messages))
  return { post, remove: (path: string) => send(HttpClientRequest.delete(`${baseUrl}${path}`)) }
}

const span = { since: 0, until: 4_000_000_000_000 }

const connect = Effect.fnUntraced(function* (emulation: Emulation.Emulation, name: string) {
  const baseUrl = yield* serve(emulation)
  const { post, remove } = apiOf(baseUrl)
  const { corpus, readers } = emulation.start()
  const reader = readers.find((each) => each.name === name)
  if (reader === undefined) return yield* Effect.die(`${name} is no reader`)
  const isNamed = hasIds(reader, corpus.conversationIds.at(0))
  const own = (messages: (typeof Written.Type)["messages"]) =>
    isNamed ? messages : messages.map(({ role, text }) => ({ role, text }))
  const server: LiveServer<Effect.Error<ReturnType<typeof post>>> = {
    source: ({ pageSize }) => reader.source({ token: Redacted.make(token), baseUrl, pageSize, ...span }),
    write: (messages) =>
      Effect.map(post("/conversations", messages), ({ id, messages }) => ({ id, messages: own(messages) })),
    append: (id, messages) =>
      Effect.map(post(`/conversations/${id}`, messages), ({ messages }) => own(messages)),
    remove: (id, index) => Effect.asVoid(remove(`/conversations/${id}/${index}`)),
    unknown: { id: "7", gives: "NotFound" },
    refused: reader.source({ token: Redacted.make("other"), baseUrl, ...span })
  }
  return server
})

/** Whether a vendor gives its messages ids, by the first message of a conversation. */
const hasIds = ({ decoder, messages }: Emulation.Reader, conversationId: string): boolean => {
  const rows = messages(conversationId)
  if (rows === undefined || rows.length === 0) return false
  const json = Schema.decodeUnknownSync(Schema.JsonObject)(rows.at(0))
  const message = Result.getOrThrow(decoder.message({ account: "default", conversationId, index: 0, json }))
  return message.idOrigin === "vendor"
}

for (const emulation of Object.values<Emulation.Emulation>(emulations)) {
  // One source of each vendor: the others are read in memory.
  const name = emulation.start({ conversations: 0 }).readers.at(-1)?.name ?? ""
  Conformance.live({
    title: name,
    connect: Effect.orDie(connect(emulation, name)),
    large: [120],
    small: 6,
    pageSizes: [25]
  })
}
