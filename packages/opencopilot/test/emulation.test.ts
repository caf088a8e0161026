import { type Emulation, Rows, Testing } from "@colloquy/engine"
import { Wire } from "@colloquy/opencopilot"
import { emulation } from "@colloquy/opencopilot/emulation"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"

const { get } = Testing
const botId = "demo-bot"
const organizationId = "demo-organization"
const list = `/backend/conversations/${botId}`
const history = `/backend/chat/${organizationId}`

const over = (options?: Emulation.Options) => Testing.layer(emulation.start(options))

/** What a client may add of its own is any object. */
const shapes = (rows: ReadonlyArray<unknown>) => Testing.shapes(rows, "client_extra_params")

const rowsAt = (path: string) =>
  Effect.map(get(path), ({ body }): ReadonlyArray<Record<string, unknown>> => Object(body))

/** "Conversation messages" in our own words: the documented fields and types. */
const documentedMessages = [
  {
    action_called: false,
    client_extra_params: {},
    from: "copilot",
    knowldgebase_called: false,
    message: "Hi, what can I do for you?"
  },
  {
    action_called: false,
    client_extra_params: {},
    from: "user",
    knowldgebase_called: false,
    message: "good morning"
  }
]

/** "Conversation history" v2. */
const documentedConversations = [
  {
    id: "0f8b6c1e-7a2d-4f3b-9c5e-1d2a3b4c5d6e",
    copilot_id: "9e8d7c6b-5a49-4838-8271-605f4e3d2c1b",
    created_at: "2024-02-11T09:15:30.000Z",
    channel: "web",
    summary: "A customer waits for a replacement and asks for a colleague.",
    classification: "DELIVERY",
    assignee_id: "copilot",
    handoff: true,
    handoff_sentiment: "neutral",
    status: "OPEN",
    meta: null,
    action_called: 2,
    total_messages: 14
  }
]

describe("rows of OpenCopilot's emulation", () => {
  const { corpus } = emulation.start({ conversations: 40, messages: 200 })

  it("have the document's fields of a message, in their order and of their types", () => {
    const rows = Testing.everyConversation(corpus.conversationIds, corpus.messages).flat()
    assert.isTrue(documentedMessages.every(Schema.is(Wire.Message)))
    for (const from of ["copilot", "user"]) {
      assert.deepStrictEqual(
        shapes(rows.filter((row) => row.from === from)),
        shapes(documentedMessages.filter((row) => row.from === from))
      )
    }
    assert.strictEqual(shapes(rows).length, 1)
  })

  it("have the document's fields of a conversation, v2", () => {
    const rows = Rows.toArray(corpus.organizationConversations)
    assert.isTrue(documentedConversations.every(Schema.is(Wire.OrganizationConversation)))
    const handedOver = rows.filter((row) => row.handoff === true)
    const others = rows.filter((row) => row.handoff !== true)
    assert.deepStrictEqual(shapes(handedOver), shapes(documentedConversations))
    assert.isNotEmpty(others)
    for (const row of others) {
      assert.deepStrictEqual(Object.keys(row), Object.keys(documentedConversations[0] ?? {}))
      assert.isNull(row.summary)
    }
  })

  it("have ids of the documented forms, and one that a path cannot hold", () => {
    const ids = Rows.toArray(emulation.start().corpus.conversationIds)
    assert.isTrue(ids.filter((id) => id.includes("|")).length > 6)
    assert.isTrue(ids.some((id) => /[/].*[ ].*[^ -~]/.test(id)))
  })

  it("are ok and ok again in one conversation", () => {
    const { corpus } = emulation.start()
    const [, oks = []] = Testing.everyConversation(corpus.conversationIds, corpus.messages)
    assert.isAbove(oks.length, 100)
    assert.strictEqual(new Set(oks.map((row) => JSON.stringify(row))).size, 1)
  })
})

describe("the API of OpenCopilot's emulation", () => {
  it.effect.each([
    ["/backend/conversations/another", "Bot not found"],
    [`${list}/messages/0`, "Conversation not found"],
    [`${list}/messages/%E0%A4`, "Conversation not found"],
    ["/backend/chat/another", "Organization not found"],
    ["/backend/else", "The requested URL was not found on the server"]
  ] as const)("has no %s", ([path, message]) =>
    Effect.gen(function* () {
      assert.deepInclude(yield* get(path), { status: 404, body: { error: "Not Found", message } })
    }).pipe(Effect.provide(over()))
  )

  it.effect.each([
    `${list}?offset=-1`,
    `${list}?limit=0`,
    `${history}?page=0`,
    `${history}?sortDirection=UP`
  ])("refuses %s", (path) =>
    Effect.gen(function* () {
      assert.strictEqual((yield* get(path)).status, 400)
    }).pipe(Effect.provide(over()))
  )

  it.effect("has the documented sizes and orders, in bare arrays", () => {
    const emulated = emulation.start()
    const path = `${list}/messages/${encodeURIComponent(emulated.corpus.conversationIds.at(0))}`
    return Effect.gen(function* () {
      assert.isArray((yield* get(`${path}?offset=1&limit=2`)).body)
      assert.isArray((yield* get(`${history}?limit=2`)).body)
      assert.strictEqual((yield* rowsAt(path)).length, 50)
      assert.strictEqual((yield* rowsAt(`${path}?limit=1000`)).length, 120)
      assert.strictEqual((yield* rowsAt(history)).length, 10)
      const times = (yield* rowsAt(`${history}?limit=20`)).map((row) => row["created_at"])
      assert.deepStrictEqual(times, times.toSorted())
      assert.deepStrictEqual(
        (yield* rowsAt(`${history}?limit=20&sortDirection=DESC`)).map((row) => row["created_at"]),
        times.toReversed()
      )
    }).pipe(Effect.provide(Testing.layer(emulated)))
  })
})

describe("each assumption shows", () => {
  const changed = Testing.changedBy(emulation, ({ conversationIds }) => {
    const messages = `${list}/messages/${encodeURIComponent(conversationIds.at(0))}`
    return [`${messages}?limit=3`, `${messages}?offset=500`, `${history}?page=9`]
  })
  it.effect.each([
    [{}, []],
    [{ opencopilotSpelling: "knowledgebase_called" }, [0]],
    [{ pastTheEnd: "notFound" }, [1, 2]],
    [{ pastTheEnd: "badRequest" }, [1, 2]]
  ] as const)("%j", ([assumptions, where]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* changed(assumptions), [...where])
    })
  )
})
