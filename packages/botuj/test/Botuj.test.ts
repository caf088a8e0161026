import { Botuj } from "@colloquy/botuj"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"

const nothing = HttpClient.make((request) =>
  Effect.succeed(HttpClientResponse.fromWeb(request, Response.json([])))
)

describe("a checkpoint of Botuj", () => {
  it.effect.each([
    {
      options: {},
      messages: "d1_dfd36e2752be1554d7bc29b7b1ae4684",
      conversations: "d1_afc855a4cc293aa0803b3c7880064050"
    },
    {
      options: { pageSize: 40 },
      messages: "d1_8c08ce437e2a2b84e33e2343a7ff121d",
      conversations: "d1_8fef41f8266e9d20edf5876df96fba73"
    }
  ])("is bound to its listing as it always was: $options", ({ conversations, messages, options }) =>
    Effect.gen(function* () {
      const source = yield* Botuj.source({ ...options, token: Redacted.make("key") })
      const [read] = yield* Stream.runCollect(source.messagePages({ conversationId: "c-1" }))
      assert.strictEqual(read?.checkpoint.fingerprint, messages)
      const [listed] = yield* Stream.runCollect(source.conversationPages())
      assert.strictEqual(listed?.checkpoint.fingerprint, conversations)
    }).pipe(Effect.provideService(HttpClient.HttpClient, nothing))
  )
})
