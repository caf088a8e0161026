import { Wire } from "@colloquy/chatling"
import { emulation } from "@colloquy/chatling/emulation"
import { type Emulation, Testing } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"

const chatbotId = "demo-chatbot"
const list = `/v2/chatbots/${chatbotId}/conversations`
const { get, shape, shapes } = Testing

const over = (options?: Emulation.Options) => Testing.layer(emulation.start(options))

/** "List messages" in our own words: the documented fields in the documented order, values of the documented types. */
const documented = {
  status: "success",
  data: {
    pages: { current_page: 1, last_page: 1, per_page: 15 },
    messages: [
      {
        text: "A webhook tells your own server of every new conversation.",
        role: "bot",
        is_ai_kb_response: true,
        data: {
          helpful_value: null,
          sources: [
            { type: "webpage", title: "Webhooks", url: "https://help.example.com/webhooks" },
            { type: "webpage", title: "Events", url: "https://help.example.com/events" }
          ]
        },
        created_at: "2024-03-02T10:00:07+00:00"
      },
      { text: "what is a webhook?", role: "user", created_at: "2024-03-02T10:00:01+00:00" },
      {
        text: "**Welcome!** Ask away.",
        role: "bot",
        is_ai_kb_response: true,
        data: { helpful_value: null, sources: [] },
        created_at: "2024-03-01T08:30:09+00:00"
      },
      { text: "hi", role: "user", created_at: "2024-03-01T08:30:04+00:00" }
    ]
  }
}

const isUser = ({ role }: Wire.Message) => role === "user"
const bare = (row: Wire.Message) => ({ ...row, data: {} })

describe("rows of Chatling's emulation", () => {
  it("have the document's fields, in their order and of their types", () => {
    const { corpus } = emulation.start({ conversations: 40, messages: 200 })
    const rows = Testing.everyConversation(corpus.conversationIds, corpus.messages).flat()
    assert.isTrue(Schema.is(Wire.MessagesEnvelope)(documented))
    const fixtures: ReadonlyArray<Wire.Message> = documented.data.messages
    assert.isTrue(fixtures.every(Schema.is(Wire.Message)))
    assert.deepStrictEqual(shapes(rows.filter(isUser)), shapes(fixtures.filter(isUser)))
    // Bots' rows by what may vary in a documented way: rated or not, and each source by its type.
    const bots = rows.filter((row) => !isUser(row))
    const answers = bots.map(({ data }) => Schema.decodeUnknownSync(Wire.Answer)(data))
    assert.deepStrictEqual(shapes(bots.map(bare)), shapes(fixtures.filter((row) => !isUser(row)).map(bare)))
    assert.sameMembers(
      [...new Set(answers.flatMap((answer) => shapes([answer.helpful_value])))],
      ['"null"', '"string"']
    )
    const sources = answers.flatMap((answer) => answer.sources ?? [])
    assert.deepStrictEqual(
      shapes(sources.filter(({ type }) => type === "webpage")),
      shapes([{ type: "webpage", title: "", url: "" }])
    )
    assert.deepStrictEqual(
      shapes(sources.filter(({ type }) => type !== "webpage")),
      shapes([{ type: "document", title: "" }])
    )
    assert.isTrue(answers.some((answer) => answer.sources?.length === 0))
    assert.isTrue(answers.some((answer) => answer.sources?.length === 3))
  })

  it("are ok and ok again in one conversation", () => {
    const { corpus } = emulation.start()
    const [, oks = []] = Testing.everyConversation(corpus.conversationIds, corpus.messages)
    assert.strictEqual(new Set(oks.map(({ role, text }) => `${role} ${text}`)).size, 1)
    // Four equal messages in a second, and a second that lies across two pages.
    assert.strictEqual(oks.filter((row) => row.created_at === oks[0]?.created_at).length, 4)
    assert.strictEqual(oks[14]?.created_at, oks[15]?.created_at)
  })
})

describe("the API of Chatling's emulation", () => {
  it.effect.each([
    ["/v2/chatbots/another/conversations", 404, { status: "error", message: "Chatbot not found" }],
    [`${list}/1`, 404, { status: "error", message: "Conversation not found" }],
    [`${list}/1/messages`, 404, { status: "error", message: "Conversation not found" }]
  ] as const)("has no %s", ([path, status, body]) =>
    Effect.gen(function* () {
      assert.deepInclude(yield* get(path), { status, body })
    }).pipe(Effect.provide(over()))
  )

  it.effect("refuses a page that is no number", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* get(`${list}?page=x`)).status, 400)
    }).pipe(Effect.provide(over()))
  )

  it.effect("has the document's envelope", () => {
    const emulated = emulation.start()
    return Effect.gen(function* () {
      const { body } = yield* get(`${list}/${emulated.corpus.conversationIds.at(0)}/messages`)
      const page = yield* Schema.decodeUnknownEffect(Wire.MessagesEnvelope)(body)
      assert.deepStrictEqual(
        shape({ ...page, data: { ...page.data, messages: [] } }),
        shape({ data: { ...documented.data, messages: [] } })
      )
      assert.deepStrictEqual(page.data.pages, { current_page: 1, last_page: 8, per_page: 15 })
      assert.deepStrictEqual(Object.keys(Object(body)), Object.keys(documented))
    }).pipe(Effect.provide(Testing.layer(emulated)))
  })

  it.effect("shows the newest first unless it is asked otherwise, and the latest in the conversation", () => {
    const emulated = emulation.start()
    const path = `${list}/${emulated.corpus.conversationIds.at(0)}`
    return Effect.gen(function* () {
      const newest = Object((yield* get(`${path}/messages`)).body).data.messages
      const oldest = Object((yield* get(`${path}/messages?sort=date_asc&page=8`)).body).data.messages
      assert.deepStrictEqual(newest, oldest.toReversed())
      assert.strictEqual(newest.length, 15)
      const conversation = Object((yield* get(path)).body).data
      assert.strictEqual(conversation.messages.length, 20)
      assert.deepStrictEqual(conversation.messages.slice(0, 15), newest)
    }).pipe(Effect.provide(Testing.layer(emulated)))
  })

  it.effect("allows 300 requests a minute, then 429 in the documented words, until the next minute", () =>
    Effect.gen(function* () {
      for (let request = 0; request < 300; request++) {
        assert.strictEqual((yield* get(list)).status, 200)
      }
      const refused = yield* get(list)
      assert.deepInclude(refused, { status: 429, body: { status: "error", message: "Too many requests" } })
      assert.isUndefined(refused.headers["retry-after"])
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* get(list)).status, 200)
    }).pipe(Effect.provide(over()))
  )
})

describe("each assumption shows", () => {
  const changed = Testing.changedBy(emulation, ({ conversationIds }) => {
    const messages = (index: number) => `${list}/${conversationIds.at(index)}/messages`
    return [messages(0), `${messages(0)}?page=99`, messages(3)]
  })
  it.effect.each([
    [{}, []],
    [{ chatlingMessageIds: true }, [0]],
    [{ pastTheEnd: "notFound" }, [1]],
    [{ pastTheEnd: "badRequest" }, [1]],
    [{ chatlingEmptyLastPage: 0 }, [2]]
  ] as const)("%j", ([assumptions, where]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* changed(assumptions), [...where])
    })
  )
})
