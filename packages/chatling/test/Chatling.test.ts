import { Chatling, Codecs } from "@colloquy/chatling"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Result, Schema, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"

const token = Redacted.make("key")
/** Chatling's server without a message, and a count of what it was asked. */
const serving = () => {
  let asked = 0
  const client = HttpClient.make((request) => {
    asked++
    const data = { pages: { current_page: 1, last_page: 1 }, messages: [], conversations: [] }
    return Effect.succeed(HttpClientResponse.fromWeb(request, Response.json({ status: "success", data })))
  })
  return { asked: () => asked, reach: Effect.provideService(HttpClient.HttpClient, client) }
}

describe("a source of Chatling", () => {
  it.effect("refuses a page size, which the server chooses, before it asks", () =>
    Effect.gen(function* () {
      const { asked, reach } = serving()
      const source = yield* reach(Chatling.source({ chatbotId: "b-1", pageSize: 50, token }))
      const messages = Stream.runDrain(source.messagePages({ conversationId: "c-1" }))
      const conversations = Stream.runDrain(source.conversationPages())
      for (const read of [messages, conversations]) {
        const { reason } = yield* Effect.flip(read)
        assert.strictEqual(reason._tag, "InvalidRequest")
        assert.include(reason.message, "the server chooses the page size; leave pageSize out")
      }
      assert.strictEqual(asked(), 0)
    })
  )
})

describe("a kept row of Chatling", () => {
  const kept = { account: "default", conversationId: "c-1" }
  const origin = (sort: string) => ({ listing: "Chatling.messages", options: { sort } })

  it("is taken as read oldest first where it does not say", () => {
    const row = { ...kept, index: 5, json: { role: "user", text: "ok" } }
    assert.strictEqual(Result.getOrThrow(Chatling.decoder.message(row)).position, 5)
    const newest = Chatling.decoder.message({ ...row, origin: origin("date_desc") })
    assert.isNull(Result.getOrThrow(newest).position)
  })
})

const decodeRow = Schema.decodeUnknownSync(Schema.JsonObject)

const saidAt = (created_at: string | null, more: object = {}) => ({
  role: "user",
  text: "hi",
  created_at,
  ...more
})

const kept = { account: "default", conversationId: "42", index: 0 }

describe("an ordinal", () => {
  it("chooses the id among equal messages of one second, as a walk gives them", () => {
    for (const wire of [
      saidAt("2024-03-02T10:00:07+00:00"),
      saidAt(null),
      saidAt("some time"),
      saidAt(null, { id: 7 })
    ]) {
      const place = {
        account: "default",
        conversationId: "42",
        options: {},
        outOfOrder: false,
        carried: Codecs.messages.carries.start(null)
      }
      for (const ordinal of [0, 1, 2, 3]) {
        const decoded = Chatling.decoder.message({ ...kept, index: ordinal, json: decodeRow(wire), ordinal })
        const walked = Codecs.messages.decode(wire, { ...place, index: ordinal })
        assert.deepStrictEqual(decoded, Result.succeed(walked))
      }
    }
  })

  it.effect.each([Number.NaN, -1, 0.5])("is not %s", (ordinal) =>
    Effect.gen(function* () {
      const decoded = Chatling.decoder.message({ ...kept, json: decodeRow(saidAt(null)), ordinal })
      const { message, reason } = yield* Effect.flip(Effect.fromResult(decoded))
      assert.strictEqual(reason._tag, "InvalidRequest")
      assert.include(message, "ordinal must be a whole number")
    })
  )
})
