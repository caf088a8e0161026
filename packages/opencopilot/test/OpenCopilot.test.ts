import { OpenCopilot } from "@colloquy/opencopilot"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Result, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"

const token = Redacted.make("key")

/** A server that has nothing, and what it was asked. */
const serving = () => {
  const asked: Array<string> = []
  const client = HttpClient.make((request, url) => {
    asked.push(url.origin + url.pathname)
    return Effect.succeed(HttpClientResponse.fromWeb(request, Response.json([])))
  })
  return { asked, reach: Effect.provideService(HttpClient.HttpClient, client) }
}

describe("a source of OpenCopilot", () => {
  it.effect("without a bot and an organization says so where one is needed", () =>
    Effect.gen(function* () {
      const { asked, reach } = serving()
      const source = yield* reach(OpenCopilot.source({ token, account: "eu" }))
      const messages = yield* Effect.flip(Stream.runDrain(source.messagePages({ conversationId: "c-1" })))
      assert.deepInclude(
        { ...messages },
        { account: "eu", conversationId: "c-1", operation: "OpenCopilot.messages" }
      )
      assert.strictEqual(messages.reason._tag, "InvalidRequest")
      const list = yield* Effect.flip(Stream.runDrain(source.conversationPages()))
      assert.deepInclude({ ...list }, { account: "eu", operation: "OpenCopilot.conversations" })
      assert.strictEqual(list.reason._tag, "InvalidRequest")
      assert.deepStrictEqual(asked, [])
    })
  )

  it.effect("reads an organization's list from the other host, unless a base URL is given", () =>
    Effect.gen(function* () {
      const { asked, reach } = serving()
      for (const given of [
        { botId: "b" },
        { organizationId: "o" },
        { organizationId: "o", baseUrl: "https://gate.test" }
      ]) {
        const source = yield* reach(OpenCopilot.source({ ...given, token }))
        yield* Stream.runDrain(source.conversationPages())
      }
      assert.deepStrictEqual(asked, [
        "https://api.opencopilot.so/backend/conversations/b",
        "https://api-v2.opencopilot.so/backend/chat/o",
        "https://gate.test/backend/chat/o"
      ])
    })
  )
})

describe("a kept conversation of OpenCopilot", () => {
  const account = "default"
  const ofBot = { conversation_id: "a|1" }
  const ofOrganization = { id: "a-1", copilot_id: "b-1" }

  it.each([undefined, "OpenCopilot.conversationsV0"])(
    "that stood in %s is of the first list that it fits",
    (listing) => {
      const origin = listing === undefined ? undefined : { listing, options: {} }
      const idOf = (json: typeof ofBot | typeof ofOrganization) =>
        Result.getOrThrow(OpenCopilot.decoder.conversation({ account, json, origin })).id
      assert.deepStrictEqual([idOf(ofBot), idOf(ofOrganization)], ["a|1", "a-1"])
    }
  )

  it("that does not fit its own list is of no other", () => {
    const origin = { listing: "OpenCopilot.organizationConversations", options: {} }
    const decoded = OpenCopilot.decoder.conversation({ account, json: ofBot, origin })
    const error = Result.getOrThrow(Result.flip(decoded))
    assert.strictEqual(error.operation, "OpenCopilot.organizationConversations")
    assert.strictEqual(error.reason._tag, "InvalidResponse")
  })
})
