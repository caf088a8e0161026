/**
 * Flowise, with a flow that repeats what it is told: each prediction writes a question and an answer.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Conformance, type LiveServer, type Wanted, type WrittenMessage } from "@colloquy/conformance"
import type { SourceError } from "@colloquy/core"
import { Flowise } from "@colloquy/flowise"
import { Api, Command, Process, servers } from "@colloquy/live"
import { assert } from "@effect/vitest"
import { type Config, Effect, Redacted, Schema, Stream } from "effect"
import { Cookies, FetchHttpClient, HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"

const server = servers.flowise

// ---------------------------------------------------------------------------------------------------------------
// The server
// ---------------------------------------------------------------------------------------------------------------

/** A folder for one run. */
const dataFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "colloquy-flowise-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

/** Starts Flowise. Returns its base URL. */
const start = Effect.gen(function* () {
  const data = yield* dataFolder
  const port = yield* Process.freePort
  const url = `http://127.0.0.1:${port}`
  yield* Process.start(server, {
    command: process.execPath,
    args: ["node_modules/flowise/bin/run", "start"],
    cwd: server.folder,
    env: {
      PORT: String(port),
      HOST: "127.0.0.1",
      HOME: data,
      DATABASE_PATH: data,
      SECRETKEY_PATH: data,
      LOG_PATH: join(data, "logs"),
      BLOB_STORAGE_PATH: join(data, "storage"),
      DISABLE_FLOWISE_TELEMETRY: "true"
    },
    url: `${url}/api/v1/ping`,
    within: "2 minutes"
  })
  return url
})

const owner = { name: "live", email: "live@live.example", password: "Live-password-1!" }

const Key = Schema.Struct({ apiKey: Schema.String })

/** Registers the owner of the server, and makes an API key. */
const makeKey = Effect.fnUntraced(function* (baseUrl: string) {
  const post = (path: string, body: Schema.Json, cookie = "") =>
    HttpClient.execute(
      HttpClientRequest.post(`${baseUrl}/api/v1/${path}`).pipe(
        HttpClientRequest.setHeaders({ "x-request-from": "internal", cookie }),
        HttpClientRequest.bodyJsonUnsafe(body)
      )
    ).pipe(Effect.flatMap(HttpClientResponse.filterStatusOk))
  const { email, name, password } = owner
  yield* post("account/register", { user: { name, email, type: "pro", credential: password } })
  const { cookies } = yield* post("auth/login", { email, password })
  const permissions = ["chatflows:view", "chatflows:create", "agentflows:view", "agentflows:create"]
  const made = yield* post("apikey", { keyName: "live", permissions }, Cookies.toCookieHeader(cookies))
  const [key] = yield* HttpClientResponse.schemaBodyJson(Schema.NonEmptyArray(Key))(made)
  return key.apiKey
}, Effect.provide(FetchHttpClient.layer))

const node = (name: string, inputs: Schema.JsonObject, inputParams: ReadonlyArray<Schema.JsonObject>) => ({
  id: name,
  type: "agentFlow",
  position: { x: 0, y: 0 },
  data: { id: name, name, label: name, version: 1, category: "Agent Flows", inputs, inputParams }
})

const flow = {
  nodes: [
    node("startAgentflow", { startInputType: "chatInput" }, []),
    node("directReplyAgentflow", { directReplyMessage: "You said: {{question}}" }, [
      { name: "directReplyMessage", label: "Message", type: "string", acceptVariable: true }
    ])
  ],
  edges: [{ id: "edge", type: "agentFlow", source: "startAgentflow", target: "directReplyAgentflow" }],
  viewport: { x: 0, y: 0, zoom: 1 }
}

// ---------------------------------------------------------------------------------------------------------------
// The suite
// ---------------------------------------------------------------------------------------------------------------

const Flow = Schema.Struct({ id: Schema.String })
const Prediction = Schema.Struct({ text: Schema.String })

const connect = Effect.gen(function* () {
  const baseUrl = yield* start
  const key = yield* makeKey(baseUrl)
  const { post } = Api.make(`${baseUrl}/api/v1`, key)
  const described = { name: "live", type: "AGENTFLOW", deployed: true, flowData: JSON.stringify(flow) }
  const { id: flowId } = yield* post("/chatflows", described, Flow)
  let sessions = 0

  /** A question for each two messages: Flowise writes the answers. */
  const append = (sessionId: string, wanted: ReadonlyArray<Wanted>) =>
    Effect.forEach(
      wanted.filter((_, index) => index % 2 === 0),
      ({ text: question }) =>
        post(`/prediction/${flowId}`, { question, overrideConfig: { sessionId } }, Prediction).pipe(
          Effect.map(({ text }): ReadonlyArray<WrittenMessage> => [
            { role: "user", text: question },
            { role: "assistant", text }
          ])
        )
    ).pipe(Effect.map((each) => each.flat()))

  const sourceOf = (token: string, flow = flowId) =>
    Flowise.source({ flowId: flow, token: Redacted.make(token), baseUrl })
  const live: LiveServer<Api.Failure | Process.ServerFailed> = {
    source: () => sourceOf(key),
    // With characters that queries do not take as they are.
    write: (wanted) => {
      const id = `session ${(sessions += 1)} + "ü" %/?#`
      return Effect.map(append(id, wanted), (messages) => ({ id, messages }))
    },
    append,
    unknown: { id: "nobody", gives: "NotFound" },
    refused: sourceOf("another-key")
  }
  const command: Command.Reading = {
    args: ["flowise", "--base-url", baseUrl, "--flow", flowId],
    env: { [Flowise.tokenVariable]: key },
    messageOrder: "oldestFirst"
  }
  return { ...live, command, append, ofFlow: (flow: string) => sourceOf(key, flow) }
})

type Own = Effect.Success<typeof connect>

/** The reason for which reading fails. */
const reasonOf = <A>(read: Effect.Effect<A, SourceError | Config.ConfigError, HttpClient.HttpClient>) =>
  Effect.flip(read).pipe(
    Effect.map((error) => (error._tag === "SourceError" ? error.reason._tag : error._tag)),
    Effect.provide(FetchHttpClient.layer)
  )

Conformance.live({
  title: server.title,
  connect,
  timeout: 400_000,
  pageSizes: [],
  more: {
    ...Command.tests,
    "a session whose id Flowise alters is in the list, and refused by name": (own: Own) =>
      Effect.gen(function* () {
        const conversationId = "a <b> & c"
        yield* own.append(conversationId, [{ role: "user", text: "Hello" }])
        const source = yield* own.source({})
        const list = yield* Stream.runCollect(source.conversationPages())
        assert.include(
          list.flatMap(({ items }) => items.map(({ id }) => id)),
          conversationId
        )
        const reason = yield* reasonOf(Stream.runDrain(source.messagePages({ conversationId })))
        assert.strictEqual(reason, "InvalidRequest")
      }).pipe(Effect.provide(FetchHttpClient.layer), Effect.orDie),
    "an unknown flow is not there": ({ ofFlow }: Own) =>
      Effect.gen(function* () {
        const source = ofFlow("00000000-0000-4000-8000-000000000000")
        const list = Effect.flatMap(source, (each) => Stream.runDrain(each.conversationPages()))
        assert.strictEqual(yield* reasonOf(list), "NotFound")
      }).pipe(Effect.orDie)
  }
})
