import { Gptbots } from "@colloquy/gptbots"
import { OptionFacts } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Result, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"

const token = Redacted.make("key")

/** A server that has nothing, and what it was asked. */
const serving = () => {
  const asked: Array<URL> = []
  const client = HttpClient.make((request, url) => {
    asked.push(url)
    const body = { total: 0, messages: [], conversation_content: [], list: [] }
    return Effect.succeed(HttpClientResponse.fromWeb(request, Response.json(body)))
  })
  return { asked, reach: Effect.provideService(HttpClient.HttpClient, client) }
}

describe("a source of GPTBots", () => {
  it.effect("is not made for a data centre that is no part of a host's name", () =>
    Effect.gen(function* () {
      const { asked, reach } = serving()
      const error = yield* Effect.flip(
        reach(Gptbots.source({ endpoint: "evil.test/", token, account: "eu" }))
      )
      assert.deepInclude({ ...error }, { vendor: "gptbots", account: "eu", operation: "connect" })
      assert.include(error.message, "endpoint")
      assert.deepStrictEqual(asked, [])
    })
  )

  it("knows data centres, and accepts any other", () => {
    const [endpoint, ...others] = OptionFacts.of(Gptbots.definition.options)
    assert.deepInclude(endpoint, { name: "endpoint", kind: "text", choices: ["sg", "th", "jp"] })
    assert.deepInclude(others[1], { name: "api", kind: "choice", choices: ["v1", "v2"] })
  })

  it.effect("asks the data centre that is given, or Singapore's, or the base URL", () =>
    Effect.gen(function* () {
      const { asked, reach } = serving()
      for (const given of [{}, { endpoint: "eu-1" }, { endpoint: "jp", baseUrl: "https://gate.test/bots" }]) {
        const source = yield* reach(Gptbots.source({ ...given, token }))
        yield* Stream.runDrain(source.conversationPages())
      }
      assert.deepStrictEqual(
        asked.map(({ origin, pathname }) => origin + pathname),
        [
          "https://api-sg.gptbots.ai/v1/bot/conversation/page",
          "https://api-eu-1.gptbots.ai/v1/bot/conversation/page",
          "https://gate.test/bots/v1/bot/conversation/page"
        ]
      )
    })
  )
})

describe("a kept row of GPTBots", () => {
  const kept = { account: "default", conversationId: "c-1", index: 0 }
  const json = { message_id: "m-1", role: "assistant", message_type: "QUESTION" }

  it.each([
    { where: "v1", listing: "Gptbots.messages", role: "user" },
    { where: "v2", listing: "Gptbots.messagesV2", role: "assistant" },
    { where: "somewhere, which v1 is tried for first", listing: undefined, role: "user" }
  ])("that stood in $where is decoded so", ({ listing, role }) => {
    const origin = listing === undefined ? undefined : { listing, options: {} }
    assert.strictEqual(Result.getOrThrow(Gptbots.decoder.message({ ...kept, json, origin })).role, role)
  })
})
