import { NodeHttpClient } from "@effect/platform-node"
import { Emulator, EmulatorServer, Faults, Rows } from "@colloquy/emulator"
import { OpenCopilot } from "@colloquy/opencopilot"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted, Stream } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { request } from "node:http"
import { everything, readEverything, reasonOf, token } from "./support.ts"

const transports = { fetch: FetchHttpClient.layer, undici: NodeHttpClient.layerUndici }

/** Retries that take no time of the test. */
const policy = { baseDelay: "10 millis" } as const

/** An emulator on a socket, and a client of it. */
const over = (transport: keyof typeof transports, text: string) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const faults = yield* Faults.parse(text)
      const server = EmulatorServer.layer({ conversations: 6, messages: 120, faults })
      const clients = Layer.unwrap(
        EmulatorServer.useSync(({ baseUrl }) =>
          OpenCopilot.layer({ token: Redacted.make(token), baseUrl, policy })
        )
      )
      return clients.pipe(Layer.provideMerge(transports[transport]), Layer.provideMerge(server))
    })
  )

describe.each(["fetch", "undici"] as const)("over a socket, with %s", (transport) => {
  it.live.each([
    "gzip-unlabelled",
    "gzip@every:2,slow=1@every:3",
    "reset@first:1,cut@first:2,truncate@first:3,503@first:1"
  ])("the whole truth comes: %s", (text) =>
    Effect.gen(function* () {
      const { emulated } = yield* Emulator
      const { baseUrl } = yield* EmulatorServer
      assert.deepStrictEqual(
        yield* readEverything({ baseUrl, policy, pause: "0 millis" }),
        everything(emulated)
      )
    }).pipe(Effect.provide(over(transport, text)))
  )

  it.live("an id that a path cannot hold", () =>
    Effect.gen(function* () {
      const { corpus } = yield* Emulator
      const conversationId = corpus.opencopilot.conversationIds.at(2)
      assert.match(conversationId, /[/].*[ ].*東京/)
      const client = yield* OpenCopilot
      const rows = yield* Stream.runCollect(client.messages.items({ botId: "demo-bot", conversationId }))
      assert.deepStrictEqual(
        rows,
        Rows.toArray(corpus.opencopilot.messages(conversationId) ?? { length: 0, at: () => assert.fail() })
      )
    }).pipe(Effect.provide(over(transport, "")))
  )

  it.live("redirects are not followed, and a reset is known as one", () =>
    Effect.gen(function* () {
      const read = Effect.gen(function* () {
        const client = yield* OpenCopilot
        return yield* Effect.exit(Stream.runCollect(client.conversations.items({ botId: "demo-bot" })))
      })
      const redirected = yield* Effect.provide(read, over(transport, "redirect"))
      assert.deepInclude(reasonOf(redirected), { _tag: "InvalidResponse", kind: "redirect" })
      const reset = yield* Effect.provide(read, over(transport, "reset"))
      assert.deepInclude(reasonOf(reset), { _tag: "Transport" })
    })
  )

  it.live("the truth is there without a token, and streams", () =>
    Effect.gen(function* () {
      const { corpus } = yield* Emulator
      const { baseUrl } = yield* EmulatorServer
      const client = yield* HttpClient.HttpClient
      const id = corpus.botuj.conversationIds.at(0)
      const response = yield* client.get(`${baseUrl}/emulator/truth/botuj/${id}`)
      assert.strictEqual((yield* response.text).split("\n").length, 121)
    }).pipe(Effect.provide(over(transport, "")))
  )
})

it.live.each(["latency=60000", "slow=60000"])("a long wait does not hold up the end: %s", (text) =>
  Effect.gen(function* () {
    const faults = yield* Faults.parse(text)
    const asked = Effect.gen(function* () {
      const { baseUrl } = yield* EmulatorServer
      const client = yield* HttpClient.HttpClient
      const answer = client.get(`${baseUrl}/v1/api/conversations`)
      return yield* answer.pipe(
        Effect.flatMap((response) => response.text),
        Effect.timeoutOption("100 millis")
      )
    })
    const answer = yield* asked.pipe(
      Effect.provide(EmulatorServer.layer({ faults })),
      Effect.timeout("3 seconds")
    )
    assert.isTrue(Option.isNone(answer))
  }).pipe(Effect.provide(FetchHttpClient.layer))
)

it.live("a port that is taken is an error", () =>
  Effect.gen(function* () {
    const { baseUrl } = yield* EmulatorServer
    const again = Layer.launch(EmulatorServer.layer({ port: Number(new URL(baseUrl).port) }))
    assert.strictEqual((yield* Effect.flip(again))._tag, "ServeError")
  }).pipe(Effect.provide(EmulatorServer.layer()))
)

/** The status that a request with this Host header gets. */
const statusFor = (baseUrl: string, host: string) =>
  Effect.callback<number | undefined>((resume) => {
    const asked = request(`${baseUrl}/emulator/truth`, { headers: { host } }, (response) => {
      response.resume()
      resume(Effect.succeed(response.statusCode))
    })
    asked.on("error", (error) => resume(Effect.die(error)))
    asked.end()
  })

describe("a Host header", () => {
  const served = ["127.0.0.1", "localhost", "LOCALHOST:80", "[::1]", "[::1]:8787", "127.0.0.1:65535"]
  const refused = [
    "attacker.example",
    "attacker.example:8787",
    "localhost.attacker.example",
    "127.0.0.1.attacker.example",
    "attacker.example:127.0.0.1",
    "user@localhost",
    "localhost:",
    "192.0.2.1",
    "[::1"
  ]

  it.live.each(served)("that is loopback is served: %s", (host) =>
    Effect.gen(function* () {
      const { baseUrl } = yield* EmulatorServer
      assert.strictEqual(yield* statusFor(baseUrl, host), 200)
    }).pipe(Effect.provide(EmulatorServer.layer()))
  )

  it.live.each(refused)("that a browser was led here by is refused: %s", (host) =>
    Effect.gen(function* () {
      const { baseUrl } = yield* EmulatorServer
      assert.strictEqual(yield* statusFor(baseUrl, host), 421)
    }).pipe(Effect.provide(EmulatorServer.layer()))
  )
})
