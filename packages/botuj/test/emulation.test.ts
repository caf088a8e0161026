import { Wire } from "@colloquy/botuj"
import { emulation } from "@colloquy/botuj/emulation"
import { type Emulation, Testing } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { HttpClient } from "effect/http"

const list = "/v1/api/conversations"
const { get } = Testing

const over = (options?: Emulation.Options) => Testing.layer(emulation.start(options))

/** The document shows one object, in our own words here. */
const documented = {
  id: 20817,
  message: "who made you?",
  userId: "3c1f0a52-6d7e-4b8a-9f10-2a3b4c5d6e7f",
  isUser: true,
  type: "freeshot",
  createdOn: "2024-02-20T14:05:33.604215Z"
}

describe("rows of Botuj's emulation", () => {
  it("have the document's fields, in their order and of their types", () => {
    const { corpus } = emulation.start({ conversations: 40, messages: 200 })
    const rows = Testing.everyConversation(corpus.conversationIds, corpus.messages).flat()
    assert.isTrue(Schema.is(Wire.Message)(documented))
    assert.deepStrictEqual(Testing.shapes(rows), Testing.shapes([documented]))
    for (const { createdOn } of rows)
      assert.match(createdOn ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  })
})

describe("the API of Botuj's emulation", () => {
  it.effect.each([
    ["/v1/api/conversation-messages/1", 404, { error: "Conversation not found" }],
    ["/v1/api/conversation-messages/abc", 404, { error: "Conversation not found" }]
  ] as const)("has no %s", ([path, status, body]) =>
    Effect.gen(function* () {
      assert.deepInclude(yield* get(path), { status, body })
    }).pipe(Effect.provide(over()))
  )

  it.effect.each([`${list}?page=0`, `${list}?per_page=0`])("refuses %s", (path) =>
    Effect.gen(function* () {
      assert.strictEqual((yield* get(path)).status, 400)
    }).pipe(Effect.provide(over()))
  )

  it.effect("answers only GET", () =>
    Effect.gen(function* () {
      const client = yield* HttpClient.HttpClient
      const response = yield* client.post(`http://127.0.0.1${list}`, {
        headers: { authorization: "Bearer emulator-token" }
      })
      assert.strictEqual(response.status, 405)
    }).pipe(Effect.provide(over()))
  )

  it.effect("has the documented size and maximum, in a bare array", () => {
    const emulated = emulation.start()
    const path = `/v1/api/conversation-messages/${emulated.corpus.conversationIds.at(0)}`
    const sizeOf = (query: string) => Effect.map(get(path + query), ({ body }) => Object(body).length)
    return Effect.gen(function* () {
      assert.strictEqual(yield* sizeOf(""), 20)
      assert.strictEqual(yield* sizeOf("?page=2&per_page=50"), 50)
      assert.strictEqual(yield* sizeOf("?per_page=1000"), 100)
      assert.isArray((yield* get(path)).body)
    }).pipe(Effect.provide(Testing.layer(emulated)))
  })

  it.effect("refuses a size above the maximum where that is assumed", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* get(`${list}?per_page=101`)).status, 400)
      assert.strictEqual((yield* get(`${list}?per_page=100`)).status, 200)
    }).pipe(Effect.provide(over({ assumptions: { overMaximum: "error" } })))
  )
})

describe("each assumption shows", () => {
  const changed = Testing.changedBy(emulation, ({ conversationIds }) => {
    const messages = `/v1/api/conversation-messages/${conversationIds.at(0)}?per_page=101`
    return [`${list}?page=99`, messages]
  })
  it.effect.each([
    [{}, []],
    [{ pastTheEnd: "notFound" }, [0]],
    [{ pastTheEnd: "badRequest" }, [0]],
    [{ botujEnvelope: "messages" }, [0, 1]],
    [{ botujEnvelope: "data" }, [0, 1]],
    [{ overMaximum: "error" }, [1]]
  ] as const)("%j", ([assumptions, where]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* changed(assumptions), [...where])
    })
  )
})
