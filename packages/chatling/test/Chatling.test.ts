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
  const untyped: { readonly chatbotId: string } = JSON.parse('{"chatbotId":7}')
  const without: { readonly chatbotId: string } = JSON.parse("{}")
  const sorted: { readonly sort: "date_asc" } = JSON.parse('{"sort":"newest"}')

  it.effect.each([
    { name: "chatbotId", options: { chatbotId: "" } },
    { name: "chatbotId", options: untyped },
    { name: "chatbotId", options: without },
    { name: "sort", options: { chatbotId: "b-1", ...sorted } }
  ])("is not made with $options", ({ name, options }) =>
    Effect.gen(function* () {
      const { asked, reach } = serving()
      const error = yield* Effect.flip(reach(Chatling.source({ ...options, token, account: "eu" })))
      assert.deepInclude({ ...error }, { vendor: "chatling", account: "eu", operation: "connect" })
      assert.strictEqual(error._tag === "SourceError" ? error.reason._tag : error._tag, "InvalidRequest")
      assert.include(error.message, name)
      assert.strictEqual(asked(), 0)
    })
  )

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

  it.effect("refuses it in its own types, too", () =>
    Effect.gen(function* () {
      const { asked, reach } = serving()
      const chatling = yield* reach(Chatling.make({ token }))
      const read = chatling.messages.pages({ chatbotId: "b-1", conversationId: "c-1", pageSize: 50 })
      assert.strictEqual((yield* Effect.flip(Stream.runDrain(read))).reason._tag, "InvalidRequest")
      assert.strictEqual(asked(), 0)
    })
  )
})

describe("a kept row of Chatling", () => {
  const kept = { account: "default", conversationId: "c-1" }
  const origin = (sort: string) => ({ listing: "Chatling.messages", options: { sort } })

  it.effect.each(["date_asc", "date_desc"] as const)("is what a walk gives of it (%s)", (sort) =>
    Effect.gen(function* () {
      const { reach } = serving()
      const source = yield* reach(Chatling.source({ chatbotId: "b-1", sort, token }))
      const pages = yield* Stream.runCollect(source.messagePages({ conversationId: "c-1" }))
      const walked = pages.flatMap(({ items }) => items)
      const ordered = sort === "date_desc" ? rows.toReversed() : rows
      const decoded = ordered.map((json, index) => {
        // The second "ok" of the same second.
        const ordinal = index === 2 ? 1 : 0
        const row = { ...kept, index, json: { ...json }, ordinal, origin: origin(sort) }
        return Result.getOrThrow(Chatling.decoder.message(row))
      })
      assert.deepStrictEqual(decoded, walked)
    })
  )

  it("is taken as read oldest first where it does not say", () => {
    const row = { ...kept, index: 5, json: { role: "user", text: "ok" } }
    assert.strictEqual(Result.getOrThrow(Chatling.decoder.message(row)).position, 5)
    const newest = Chatling.decoder.message({ ...row, origin: origin("date_desc") })
    assert.isNull(Result.getOrThrow(newest).position)
  })

  it.each([{ ordinal: Number.NaN }, { ordinal: -1 }, { index: Number.NaN }])("may not have %o", (wrong) => {
    const row = { ...kept, index: 0, json: { role: "user", text: "ok" }, ...wrong }
    const error = Result.getOrThrow(Result.flip(Chatling.decoder.message(row)))
    assert.strictEqual(error.reason._tag, "InvalidRequest")
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
