import { Emulator, Faults } from "@colloquy/emulator"
import type { Options, Readings } from "@colloquy/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { always, get } from "./support.ts"

const over = (options: Options = {}) => Layer.provideMerge(Emulator.layerHttpClient, Emulator.layer(options))

const paths = {
  opencopilot: "/backend/conversations/demo-bot",
  history: "/backend/chat/demo-organization",
  chatling: "/v2/chatbots/demo-chatbot/conversations",
  botuj: "/v1/api/conversations",
  gptbots:
    "/v1/bot/conversation/page?conversation_type=ALL&start_time=0&end_time=4000000000000&page=1&page_size=5"
}

const rows = (path: string, field?: string) =>
  Effect.map(get(path), ({ body }): ReadonlyArray<Record<string, unknown>> =>
    field === undefined ? Object(body) : Object(body)[field]
  )

const list = (query: string) =>
  Effect.map(get(`/v1/bot/conversation/page?page=1&page_size=100&${query}`), ({ body }) => Object(body))

describe("a token that is missing or wrong", () => {
  it.effect.each([null, "", "wrong", "emulator-token "])("%s", (bearer) =>
    Effect.gen(function* () {
      const answers = yield* Effect.forEach(Object.values(paths), (path) => get(path, bearer))
      assert.deepStrictEqual(
        answers.map(({ body, status }) => [status, body]),
        [
          [401, { error: "Unauthorized", message: "Authentication failed." }],
          [401, { error: "Unauthorized", message: "Authentication failed." }],
          [401, { status: "error", message: "Authentication failed." }],
          [401, { error: "Authentication failed." }],
          [200, { code: 40127, message: "Authentication failed." }]
        ]
      )
    }).pipe(Effect.provide(over()))
  )

  it.effect("another token can be the good one", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* get(paths.botuj, "other")).status, 200)
      assert.strictEqual((yield* get(paths.botuj)).status, 401)
      assert.strictEqual((yield* get(paths.gptbots)).status, 401)
    }).pipe(Effect.provide(over({ token: "other", readings: { gptbotsErrorStatus: 400 } })))
  )
})

describe("what is not there", () => {
  it.effect.each([
    ["/backend/conversations/another", 404, { error: "Not Found", message: "Bot not found" }],
    [
      "/backend/conversations/demo-bot/messages/0",
      404,
      { error: "Not Found", message: "Conversation not found" }
    ],
    ["/backend/chat/another", 404, { error: "Not Found", message: "Organization not found" }],
    ["/backend/else", 404, { error: "Not Found", message: "The requested URL was not found on the server" }],
    ["/v2/chatbots/another/conversations", 404, { status: "error", message: "Chatbot not found" }],
    [`${paths.chatling}/1`, 404, { status: "error", message: "Conversation not found" }],
    [`${paths.chatling}/1/messages`, 404, { status: "error", message: "Conversation not found" }],
    ["/v1/api/conversation-messages/1", 404, { error: "Conversation not found" }],
    ["/v1/api/conversation-messages/abc", 404, { error: "Conversation not found" }],
    [
      "/v1/messages?conversation_id=x&page=1&page_size=1",
      200,
      { code: 40356, message: "Conversation does not exist." }
    ],
    [
      "/v2/messages?conversation_id=x&page=1&page_size=1",
      200,
      { code: 40356, message: "Conversation does not exist." }
    ],
    ["/elsewhere", 404, { error: "No vendor has this path" }],
    [
      "/backend/conversations/demo-bot/messages/%E0%A4",
      404,
      { error: "Not Found", message: "Conversation not found" }
    ]
  ] as const)("%s", ([path, status, body]) =>
    Effect.gen(function* () {
      assert.deepInclude(yield* get(path), { status, body })
    }).pipe(Effect.provide(over()))
  )
})

describe("what is asked wrongly", () => {
  it.effect.each([
    [`${paths.opencopilot}?offset=-1`, 400],
    [`${paths.opencopilot}?limit=0`, 400],
    [`${paths.history}?page=0`, 400],
    [`${paths.history}?sortDirection=UP`, 400],
    [`${paths.chatling}?page=x`, 400],
    [`${paths.botuj}?page=0`, 400],
    [`${paths.botuj}?per_page=0`, 400]
  ] as const)("%s", ([path, status]) =>
    Effect.gen(function* () {
      assert.strictEqual((yield* get(path)).status, status)
    }).pipe(Effect.provide(over()))
  )

  it.effect("GPTBots requires what it documents as required", () =>
    Effect.gen(function* () {
      const { corpus } = yield* Emulator
      const id = corpus.gptbots.conversationIds.at(0)
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
    }).pipe(Effect.provide(over()))
  )

  it.effect("only GET is answered", () =>
    Effect.gen(function* () {
      const client = yield* HttpClient.HttpClient
      const response = yield* client.post(`http://127.0.0.1${paths.botuj}`, {
        headers: { authorization: "Bearer emulator-token" }
      })
      assert.strictEqual(response.status, 405)
    }).pipe(Effect.provide(over()))
  )
})

describe("defaults, maxima and orders", () => {
  it.effect("as documented", () =>
    Effect.gen(function* () {
      const { botuj, chatling, gptbots, opencopilot } = (yield* Emulator).corpus
      const botujPath = `/v1/api/conversation-messages/${botuj.conversationIds.at(0)}`
      const opencopilotPath = `${paths.opencopilot}/messages/${encodeURIComponent(opencopilot.conversationIds.at(0))}`
      const gptbotsPath = `/v1/messages?conversation_id=${gptbots.conversationIds.at(0)}`
      assert.strictEqual((yield* rows(opencopilotPath)).length, 50)
      assert.strictEqual((yield* rows(`${opencopilotPath}?limit=1000`)).length, 120)
      assert.strictEqual((yield* rows(paths.history)).length, 10)
      assert.strictEqual((yield* rows(botujPath)).length, 20)
      assert.strictEqual((yield* rows(`${botujPath}?per_page=1000`)).length, 100)
      assert.strictEqual((yield* rows(`${gptbotsPath}&page=1&page_size=1000`, "messages")).length, 100)
      const times = (yield* rows(`${paths.history}?limit=20`)).map((row) => row["created_at"])
      assert.deepStrictEqual(times, times.toSorted())
      assert.deepStrictEqual(
        (yield* rows(`${paths.history}?limit=20&sortDirection=DESC`)).map((row) => row["created_at"]),
        times.toReversed()
      )
      const chatlingPath = `${paths.chatling}/${chatling.conversationIds.at(0)}`
      const newest = Object((yield* get(`${chatlingPath}/messages`)).body).data.messages
      const oldest = Object((yield* get(`${chatlingPath}/messages?sort=date_asc&page=8`)).body).data.messages
      assert.deepStrictEqual(newest, oldest.toReversed())
      assert.strictEqual(newest.length, 15)
      const conversation = Object((yield* get(chatlingPath)).body).data
      assert.strictEqual(conversation.messages.length, 20)
      assert.deepStrictEqual(conversation.messages.slice(0, 15), newest)
    }).pipe(Effect.provide(over()))
  )

  it.effect("sizes above the maximum are refused where that is the reading", () =>
    Effect.gen(function* () {
      const { gptbots } = (yield* Emulator).corpus
      const path = `/v1/messages?conversation_id=${gptbots.conversationIds.at(0)}&page=1&page_size=101`
      assert.deepInclude(Object((yield* get(path)).body), { code: 40000 })
      assert.strictEqual((yield* get(`${paths.botuj}?per_page=101`)).status, 400)
      assert.strictEqual((yield* get(`${paths.botuj}?per_page=100`)).status, 200)
    }).pipe(Effect.provide(over({ readings: { overMaximum: "error" } })))
  )

  it.effect("GPTBots' list heeds channel, time and user", () =>
    Effect.gen(function* () {
      const { gptbots } = (yield* Emulator).corpus
      const row = gptbots.conversations.at(4)
      const time = Number(row.recent_chat_time)
      const one = yield* list(`conversation_type=ALL&start_time=${time}&end_time=${time}`)
      assert.deepStrictEqual(one, { total: 1, list: [row] })
      const typed = yield* list(
        `conversation_type=${row.conversation_type}&start_time=0&end_time=${always.until}`
      )
      assert.isTrue(typed.total >= 1 && typed.total < 12)
      const user = yield* list(
        `conversation_type=ALL&start_time=0&end_time=${always.until}&user_id=${row.user_id}`
      )
      assert.isTrue(user.total >= 1 && user.total < 12)
      assert.deepStrictEqual(yield* list("conversation_type=ALL&start_time=0&end_time=1"), {
        total: 0,
        list: []
      })
    }).pipe(Effect.provide(over()))
  )
})

describe("Chatling's rate limit", () => {
  it.effect("300 requests a minute, then 429 in the documented words, until the next minute", () =>
    Effect.gen(function* () {
      for (let request = 0; request < 300; request++) {
        assert.strictEqual((yield* get(paths.chatling)).status, 200)
      }
      const refused = yield* get(paths.chatling)
      assert.deepInclude(refused, { status: 429, body: { status: "error", message: "Too many requests" } })
      assert.isUndefined(refused.headers["retry-after"])
      assert.strictEqual((yield* get(paths.botuj)).status, 200)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* get(paths.chatling)).status, 200)
    }).pipe(Effect.provide(over()))
  )
})

describe("the truth over HTTP", () => {
  it.effect("lists conversations, rows and counts", () =>
    Effect.gen(function* () {
      const { corpus } = yield* Emulator
      const truth = Object((yield* get("/emulator/truth", null)).body)
      assert.deepStrictEqual(Object.keys(truth), ["opencopilot", "chatling", "botuj", "gptbots"])
      assert.deepStrictEqual(truth.opencopilot[0], {
        botId: "demo-bot",
        conversationId: corpus.opencopilot.conversationIds.at(0),
        messages: 120
      })
      assert.deepStrictEqual(truth.gptbots[4], {
        conversationId: corpus.gptbots.conversationIds.at(4),
        messages: 1
      })
      const client = yield* HttpClient.HttpClient
      const id = encodeURIComponent(corpus.opencopilot.conversationIds.at(2))
      const response = yield* client.get(`http://127.0.0.1/emulator/truth/opencopilot/${id}`)
      const lines = (yield* response.text).trimEnd().split("\n")
      assert.strictEqual(lines.length, 15)
      assert.deepStrictEqual(JSON.parse(lines[3] ?? ""), {
        ...corpus.opencopilot.messages(corpus.opencopilot.conversationIds.at(2))?.at(3)
      })
      const missing = yield* client.get("http://127.0.0.1/emulator/truth/botuj/1")
      assert.strictEqual(missing.status, 404)
      yield* get(paths.botuj)
      yield* get(paths.botuj, "wrong")
      assert.deepStrictEqual((yield* get("/emulator/requests", null)).body, { botuj: { 200: 1, 401: 1 } })
    }).pipe(
      Effect.provide(over({ faults: [{ _tag: "Fault", kind: "latency", value: 0, which: { _tag: "All" } }] }))
    )
  )
})

describe("faults as they are on the wire", () => {
  it.effect.each([
    ["429=7", 429, "7"],
    ["429", 429, undefined],
    ["429-date=2", 429, "Thu, 01 Jan 1970 00:00:02 GMT"],
    ["503", 503, undefined]
  ] as const)("%s", ([text, status, retryAfter]) =>
    Effect.gen(function* () {
      const answer = yield* get(paths.chatling)
      assert.strictEqual(answer.status, status)
      assert.strictEqual(answer.headers["retry-after"], retryAfter)
    }).pipe(Effect.provide(Layer.unwrap(Effect.map(Faults.parse(text), (faults) => over({ faults })))))
  )
})

describe("each reading shows", () => {
  /** Something of every endpoint, the empty conversations among them. */
  const everySign = Effect.gen(function* () {
    const { botuj, chatling, gptbots, opencopilot } = (yield* Emulator).corpus
    const message = `${paths.opencopilot}/messages/${encodeURIComponent(opencopilot.conversationIds.at(0))}`
    const id = gptbots.conversationIds.at(0)
    const answers = yield* Effect.forEach(
      [
        `${message}?limit=3`,
        `${message}?offset=500`,
        `${paths.history}?page=9`,
        `${paths.chatling}/${chatling.conversationIds.at(0)}/messages`,
        `${paths.chatling}/${chatling.conversationIds.at(0)}/messages?page=99`,
        `${paths.chatling}/${chatling.conversationIds.at(3)}/messages`,
        `${paths.botuj}?page=99`,
        `/v1/api/conversation-messages/${botuj.conversationIds.at(0)}?per_page=101`,
        `/v1/messages?conversation_id=${id}&page=1&page_size=3`,
        `/v1/messages?conversation_id=${id}&page=99&page_size=3`,
        `/v2/messages?conversation_id=${id}&page=1&page_size=30`,
        `/v1/messages?conversation_id=${gptbots.conversationIds.at(3)}&page=1&page_size=3`,
        paths.gptbots
      ],
      (path) => Effect.map(get(path), ({ body, status }) => JSON.stringify([status, body]))
    )
    return answers
  })
  const changed = (readings: Partial<Readings.Readings>) =>
    Effect.gen(function* () {
      const usual = yield* Effect.provide(everySign, over())
      const read = yield* Effect.provide(everySign, over({ readings }))
      return read.flatMap((answer, index) => (answer === usual[index] ? [] : [index]))
    })

  const cases: ReadonlyArray<readonly [Partial<Readings.Readings>, ReadonlyArray<number>]> = [
    [{}, []],
    [{ opencopilotSpelling: "knowledgebase_called" }, [0]],
    [{ pastTheEnd: "notFound" }, [1, 2, 4, 6]],
    [{ pastTheEnd: "badRequest" }, [1, 2, 4, 6]],
    [{ chatlingMessageIds: true }, [3]],
    [{ chatlingEmptyLastPage: 0 }, [5]],
    [{ botujEnvelope: "messages" }, [6, 7]],
    [{ botujEnvelope: "data" }, [6, 7]],
    [{ overMaximum: "error" }, [7]],
    [{ gptbotsTotal: "string" }, [8, 10, 11, 12]],
    [{ gptbotsErrorStatus: 400 }, [9]],
    [{ gptbotsNullFeedback: "" }, [10]],
    [{ gptbotsNullFeedback: null }, [10]],
    [{ gptbotsEmpty: "40005" }, [11]],
    [{ gptbotsListTotal: "page" }, [12]]
  ]
  it.effect.each(cases)("%j", ([readings, where]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* changed(readings), where)
    })
  )
})
