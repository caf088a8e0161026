import { Chatling, type Wire } from "@colloquy/chatling"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Result, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"

const token = Redacted.make("key")
const at = "2024-06-17T16:09:52+00:00"
const rows: ReadonlyArray<Wire.Message> = [
  { role: "user", text: "ok", created_at: at },
  { role: "bot", text: "fine", created_at: at },
  { role: "user", text: "ok", created_at: at }
]

/** Chatling's server with these messages on one page, and a count of what it was asked. */
const serving = (messages: ReadonlyArray<Wire.Message> = rows) => {
  let asked = 0
  const client = HttpClient.make((request, url) => {
    asked++
    const sorted = url.searchParams.get("sort") === "date_desc" ? messages.toReversed() : messages
    const data = { pages: { current_page: 1, last_page: 1 }, messages: sorted, conversations: [] }
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

describe("a checkpoint of Chatling", () => {
  it.effect.each([
    { sort: "date_asc", messages: "d1_e965b4dc10f18cf05d8fa31c8050d32c" },
    { sort: "date_desc", messages: "d1_b30cb52f5d1202bce8f3851c12bfc139" }
  ] as const)("is bound to its listing as it always was: $sort", ({ messages, sort }) =>
    Effect.gen(function* () {
      const source = yield* serving().reach(Chatling.source({ chatbotId: "b-1", sort, token }))
      const [read] = yield* Stream.runCollect(source.messagePages({ conversationId: "c-1" }))
      assert.strictEqual(read?.checkpoint.fingerprint, messages)
      const [listed] = yield* Stream.runCollect(source.conversationPages())
      assert.strictEqual(listed?.checkpoint.fingerprint, "d1_01bede3cfadb92b4a50c2474a3a55fae")
    })
  )
})
