import { type Emulation, Rows, Testing } from "@colloquy/engine"
import { Wire } from "@colloquy/gptbots"
import { emulation } from "@colloquy/gptbots/emulation"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"

const { get, shape, shapes } = Testing
const always = { since: 0, until: 4_000_000_000_000 }
const listOf = (query: string) => `/v1/bot/conversation/page?page=1&page_size=100&${query}`
const list = listOf(`conversation_type=ALL&start_time=0&end_time=${always.until}`)

const over = (options?: Emulation.Options) => Testing.layer(emulation.start(options))

/** "Get Conversation Detail" v1 in our own words: the documented fields and types. */
const documented = {
  total: 3,
  messages: [
    {
      message_id: "651c0f3a8e4b2d7c9a0f1e2d",
      parent_message_id: "",
      message_type: "ANSWER",
      text: "Good day, I answer questions about our tools.",
      create_time: 1696337722104
    },
    {
      message_id: "751c0f3a8e4b2d7c9a0f1e2d",
      parent_message_id: "651c0f3a8e4b2d7c9a0f1e2d",
      message_type: "QUESTION",
      text: "Which tools are there?",
      create_time: 1696337722104
    },
    {
      message_id: "851c0f3a8e4b2d7c9a0f1e2d",
      parent_message_id: "751c0f3a8e4b2d7c9a0f1e2d",
      message_type: "ANSWER",
      text: "Three: a saw, a plane and a drill…",
      create_time: 1696337722104
    }
  ]
}

describe("rows of GPTBots' emulation", () => {
  it("have the document's fields, in their order and of their types", () => {
    const { corpus } = emulation.start({ conversations: 40, messages: 200 })
    assert.isTrue(Schema.is(Wire.MessagesEnvelope)(documented))
    const fixtures: ReadonlyArray<Wire.Message> = documented.messages
    assert.isTrue(fixtures.every(Schema.is(Wire.Message)))
    const conversations = Testing.everyConversation(corpus.conversationIds, corpus.messages)
    const rows = conversations.flat()
    assert.deepStrictEqual(shapes(rows), shapes(fixtures))
    for (const row of rows) assert.match(row.message_id, /^[0-9a-f]{24}$/)
    assert.sameMembers([...new Set(rows.map((row) => row.message_type))], ["ANSWER", "QUESTION"])
    const [conversation = []] = conversations
    assert.deepStrictEqual(
      conversation.map((row) => row.parent_message_id),
      ["", ...conversation.slice(0, -1).map((row) => row.message_id)]
    )
    assert.isTrue(conversation.some((row, index) => row.create_time === conversation[index + 1]?.create_time))
  })

  it("have the two forms of ids that the documents show", () => {
    const ids = Rows.toArray(emulation.start().corpus.conversationIds)
    assert.isTrue(ids.some((id) => /^[0-9a-f]{24}$/.test(id)))
    assert.isTrue(ids.some((id) => /^(?=.*[a-z])(?=.*[A-Z])[0-9a-zA-Z]{20}$/.test(id)))
    assert.isTrue(ids.every((id) => id.length === 24 || id.length === 20))
  })

  it("have ids that are unique in the whole account, and the same in v2", () => {
    const { corpus } = emulation.start({ conversations: 30 })
    const ids = Testing.everyConversation(corpus.conversationIds, corpus.messages)
      .flat()
      .map((row) => row.message_id)
    assert.strictEqual(new Set(ids).size, ids.length)
    assert.deepStrictEqual(
      Testing.everyConversation(corpus.conversationIds, corpus.messagesV2)
        .flat()
        .map((row) => row.message_id),
      ids
    )
  })

  it("have text, images, documents, audio and feedback in v2", () => {
    const { corpus } = emulation.start()
    const text = JSON.stringify(Testing.everyConversation(corpus.conversationIds, corpus.messagesV2))
    for (const part of [
      '"type":"image","image":[',
      '"type":"document","document":[',
      '"transcript"',
      "POSITIVE"
    ]) {
      assert.include(text, part)
    }
  })
})

describe("the API of GPTBots' emulation", () => {
  it.effect("refuses another token with 401 where errors have a status", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* get(list, "other")).status, 401)
    }).pipe(Effect.provide(over({ assumptions: { gptbotsErrorStatus: 400 } })))
  )

  it.effect.each(["v1", "v2"])("has no such conversation in %s", (version) =>
    Effect.gen(function* () {
      assert.deepInclude(yield* get(`/${version}/messages?conversation_id=x&page=1&page_size=1`), {
        status: 200,
        body: { code: 40356, message: "Conversation does not exist." }
      })
    }).pipe(Effect.provide(over()))
  )

  it.effect("requires what is documented as required", () => {
    const emulated = emulation.start()
    const id = emulated.corpus.conversationIds.at(0)
    return Effect.gen(function* () {
      for (const path of [
        "/v1/messages?page=1&page_size=10",
        `/v1/messages?conversation_id=${id}&page=1`,
        `/v1/messages?conversation_id=${id}&page_size=10`,
        `/v2/messages?conversation_id=${id}&page=0&page_size=10`,
        "/v1/bot/conversation/page?page=1&page_size=10",
        "/v1/bot/conversation/page?conversation_type=ALL&start_time=0&page=1&page_size=10",
        "/v1/bot/conversation/page?conversation_type=ALL&start_time=0&end_time=1"
      ]) {
        assert.deepInclude(Object((yield* get(path)).body), { code: 40000 }, path)
      }
    }).pipe(Effect.provide(Testing.layer(emulated)))
  })

  it.effect("has the document's envelope, and the documented maximum", () => {
    const emulated = emulation.start()
    const path = `/v1/messages?conversation_id=${emulated.corpus.conversationIds.at(0)}&user_id=1&page=1`
    return Effect.gen(function* () {
      assert.deepStrictEqual(shape((yield* get(`${path}&page_size=3`)).body), shape(documented))
      assert.strictEqual(Object((yield* get(`${path}&page_size=1000`)).body).messages.length, 100)
    }).pipe(Effect.provide(Testing.layer(emulated)))
  })

  it.effect("refuses a size above the maximum where that is assumed", () => {
    const emulated = emulation.start({ assumptions: { overMaximum: "error" } })
    const path = `/v1/messages?conversation_id=${emulated.corpus.conversationIds.at(0)}&page=1`
    return Effect.gen(function* () {
      assert.deepInclude(Object((yield* get(`${path}&page_size=101`)).body), { code: 40000 })
    }).pipe(Effect.provide(Testing.layer(emulated)))
  })

  it.effect("lists by channel, time and user", () => {
    const emulated = emulation.start()
    const row = emulated.corpus.conversations.at(4)
    const time = Number(row.recent_chat_time)
    const listed = (query: string) => Effect.map(get(listOf(query)), ({ body }) => Object(body))
    return Effect.gen(function* () {
      const one = yield* listed(`conversation_type=ALL&start_time=${time}&end_time=${time}`)
      assert.deepStrictEqual(one, { total: 1, list: [row] })
      const span = `start_time=0&end_time=${always.until}`
      const typed = yield* listed(`conversation_type=${row.conversation_type}&${span}`)
      assert.isTrue(typed.total >= 1 && typed.total < 12)
      const user = yield* listed(`conversation_type=ALL&${span}&user_id=${row.user_id}`)
      assert.isTrue(user.total >= 1 && user.total < 12)
      assert.deepStrictEqual(yield* listed("conversation_type=ALL&start_time=0&end_time=1"), {
        total: 0,
        list: []
      })
    }).pipe(Effect.provide(Testing.layer(emulated)))
  })
})

describe("each assumption shows", () => {
  const changed = Testing.changedBy(emulation, ({ conversationIds }) => {
    const messages = (version: string, index: number, query: string) =>
      `/${version}/messages?conversation_id=${conversationIds.at(index)}&${query}`
    return [
      messages("v1", 0, "page=1&page_size=3"),
      messages("v1", 0, "page=99&page_size=3"),
      messages("v2", 0, "page=1&page_size=30"),
      messages("v1", 3, "page=1&page_size=3"),
      `/v1/bot/conversation/page?conversation_type=ALL&start_time=0&end_time=${always.until}&page=1&page_size=5`,
      messages("v1", 0, "page=1&page_size=101")
    ]
  })
  it.effect.each([
    [{}, []],
    [{ gptbotsTotal: "string" }, [0, 2, 3, 4, 5]],
    [{ gptbotsErrorStatus: 400 }, [1]],
    [{ gptbotsNullFeedback: "" }, [2]],
    [{ gptbotsNullFeedback: null }, [2]],
    [{ gptbotsEmpty: "40005" }, [3]],
    [{ gptbotsListTotal: "page" }, [4]],
    [{ overMaximum: "error" }, [5]]
  ] as const)("%j", ([assumptions, where]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* changed(assumptions), [...where])
    })
  )
})
