import { Wire as BotujWire } from "@colloquy/botuj"
import { Wire as ChatlingWire } from "@colloquy/chatling"
import { Corpus, Emulator, Rows } from "@colloquy/emulator"
import { Wire as GptbotsWire } from "@colloquy/gptbots"
import { Wire as OpenCopilotWire } from "@colloquy/opencopilot"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Fixtures from "./fixtures.ts"
import { get, inProcess } from "./support.ts"

/** A value's shape: its keys in order, and the JSON type of everything in it. */
const shape = (value: unknown): unknown => {
  if (value === null) return "null"
  if (Array.isArray(value)) return value.map(shape)
  if (typeof value !== "object") return typeof value
  return Object.entries(value).map(([key, field]) => [
    key,
    // What a client may add of its own is any object.
    key === "client_extra_params" ? typeof field : shape(field)
  ])
}

const isUser = ({ role }: ChatlingWire.Message) => role === "user"
const bare = (row: ChatlingWire.Message) => ({ ...row, data: {} })
const first = (ids: Rows.Rows<string>) => encodeURIComponent(ids.at(0))

const shapes = (rows: ReadonlyArray<unknown>) => [...new Set(rows.map((row) => JSON.stringify(shape(row))))]
const corpus = Corpus.make({ conversations: 40, messages: 200 })
const all = <A>(ids: Rows.Rows<string>, of: (id: string) => Rows.Rows<A> | undefined): ReadonlyArray<A> =>
  Rows.toArray(ids).flatMap((id) => Rows.toArray(of(id) ?? { length: 0, at: () => assert.fail("no rows") }))

describe("every row has its document's fields, in their order and of their types", () => {
  it("OpenCopilot's messages", () => {
    const rows = all(corpus.opencopilot.conversationIds, corpus.opencopilot.messages)
    assert.isTrue(Fixtures.opencopilotMessages.every(Schema.is(OpenCopilotWire.Message)))
    for (const from of ["copilot", "user"]) {
      assert.deepStrictEqual(
        shapes(rows.filter((row) => row.from === from)),
        shapes(Fixtures.opencopilotMessages.filter((row) => row.from === from))
      )
    }
    assert.strictEqual(shapes(rows).length, 1)
  })

  it("Chatling's messages", () => {
    const rows = all(corpus.chatling.conversationIds, corpus.chatling.messages)
    assert.isTrue(Schema.is(ChatlingWire.MessagesEnvelope)(Fixtures.chatlingMessages))
    const fixtures: ReadonlyArray<ChatlingWire.Message> = Fixtures.chatlingMessages.data.messages
    assert.isTrue(fixtures.every(Schema.is(ChatlingWire.Message)))
    assert.deepStrictEqual(shapes(rows.filter(isUser)), shapes(fixtures.filter(isUser)))
    // Bots' rows by what may vary in a documented way: rated or not, and each source by its type.
    const bots = rows.filter((row) => !isUser(row))
    const answers = bots.map(({ data }) => Schema.decodeUnknownSync(ChatlingWire.Answer)(data))
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

  it("OpenCopilot's conversations, v2", () => {
    const rows = Rows.toArray(corpus.opencopilot.organizationConversations)
    assert.isTrue(
      Fixtures.opencopilotOrganizationConversations.every(Schema.is(OpenCopilotWire.OrganizationConversation))
    )
    const handedOver = rows.filter((row) => row.handoff === true)
    const others = rows.filter((row) => row.handoff !== true)
    assert.deepStrictEqual(shapes(handedOver), shapes(Fixtures.opencopilotOrganizationConversations))
    assert.isNotEmpty(others)
    for (const row of others) {
      assert.deepStrictEqual(
        Object.keys(row),
        Object.keys(Fixtures.opencopilotOrganizationConversations[0] ?? {})
      )
      assert.isNull(row.summary)
    }
  })

  it("Botuj's messages", () => {
    assert.isTrue(Schema.is(BotujWire.Message)(Fixtures.botujMessage))
    const rows = all(corpus.botuj.conversationIds, corpus.botuj.messages)
    assert.deepStrictEqual(shapes(rows), shapes([Fixtures.botujMessage]))
    for (const { createdOn } of rows)
      assert.match(createdOn ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  })

  it("GPTBots' messages", () => {
    assert.isTrue(Schema.is(GptbotsWire.MessagesEnvelope)(Fixtures.gptbotsMessages))
    const fixtures: ReadonlyArray<GptbotsWire.Message> = Fixtures.gptbotsMessages.messages
    assert.isTrue(fixtures.every(Schema.is(GptbotsWire.Message)))
    const rows = all(corpus.gptbots.conversationIds, corpus.gptbots.messages)
    assert.deepStrictEqual(shapes(rows), shapes(fixtures))
    for (const row of rows) assert.match(row.message_id, /^[0-9a-f]{24}$/)
    assert.sameMembers([...new Set(rows.map((row) => row.message_type))], ["ANSWER", "QUESTION"])
    const conversation = Rows.toArray(corpus.gptbots.messages(corpus.gptbots.conversationIds.at(0)) ?? none)
    assert.deepStrictEqual(
      conversation.map((row) => row.parent_message_id),
      ["", ...conversation.slice(0, -1).map((row) => row.message_id)]
    )
    assert.isTrue(conversation.some((row, index) => row.create_time === conversation[index + 1]?.create_time))
  })
})

const none = { length: 0, at: () => assert.fail("no rows") }

describe("every answer has its document's envelope", () => {
  it.effect("OpenCopilot, Chatling, GPTBots as documented; Botuj as read", () =>
    Effect.gen(function* () {
      const { botuj, chatling, gptbots, opencopilot } = (yield* Emulator).corpus
      const bodies = {
        messages: yield* get(
          `/backend/conversations/demo-bot/messages/${first(opencopilot.conversationIds)}?offset=1&limit=2`
        ),
        history: yield* get("/backend/chat/demo-organization?limit=2"),
        chatling: yield* get(
          `/v2/chatbots/demo-chatbot/conversations/${first(chatling.conversationIds)}/messages`
        ),
        gptbots: yield* get(
          `/v1/messages?conversation_id=${first(gptbots.conversationIds)}&user_id=1&page=1&page_size=3`
        ),
        botuj: yield* get(`/v1/api/conversation-messages/${first(botuj.conversationIds)}?page=2&per_page=50`)
      }
      assert.deepStrictEqual(
        Object.values(bodies).map(({ status }) => status),
        [200, 200, 200, 200, 200]
      )
      assert.isArray(bodies.messages.body)
      assert.isArray(bodies.history.body)
      assert.isArray(bodies.botuj.body)
      assert.deepStrictEqual(shape(bodies.gptbots.body), shape(Fixtures.gptbotsMessages))
      const page = yield* Schema.decodeUnknownEffect(ChatlingWire.MessagesEnvelope)(bodies.chatling.body)
      assert.deepStrictEqual(
        shape({ ...page, data: { ...page.data, messages: [] } }),
        shape({
          data: { ...Fixtures.chatlingMessages.data, messages: [] }
        })
      )
      assert.deepStrictEqual(page.data.pages, { current_page: 1, last_page: 8, per_page: 15 })
      assert.deepStrictEqual(
        Object.keys(Object(bodies.chatling.body)),
        Object.keys(Fixtures.chatlingMessages)
      )
    }).pipe(Effect.provide(inProcess()))
  )
})
