import { Corpus, Emulator, emulations, Faults, type Options } from "@colloquy/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { HttpClient } from "effect/http"
import { get, inProcess, listsOfMessages, readMessages, reasonOf, settle } from "./support.ts"

/** A path of each vendor, as its own reader asks for it. */
const paths = Effect.gen(function* () {
  const emulator = yield* Emulator
  yield* readLargest
  const records = yield* emulator.requests
  return new Map(records.map(({ path, query, vendor }) => [vendor, `${path}?${query}`]))
})

/** The largest conversation of each vendor. */
const readLargest = Effect.gen(function* () {
  const { emulated } = yield* Emulator
  return yield* Effect.forEach(Object.values(emulated), ({ corpus, readers: [reader] }) =>
    reader === undefined
      ? Effect.die("a vendor has no reader")
      : settle(readMessages(reader, corpus.conversationIds.at(0)))
  )
})

describe("every vendor", () => {
  it.effect.each([null, "", "wrong", "emulator-token "])("refuses another token: %s", (bearer) =>
    Effect.gen(function* () {
      const good = yield* paths
      assert.deepStrictEqual([...good.keys()], [...Corpus.Vendor.literals])
      for (const [vendor, path] of good) {
        const usual = yield* get(path)
        const refused = yield* get(path, bearer)
        assert.strictEqual(usual.status, 200)
        assert.notDeepEqual(refused.body, usual.body, vendor)
        assert.include(JSON.stringify(refused.body), "Authentication failed.", vendor)
      }
    }).pipe(Effect.provide(inProcess()))
  )

  it.effect("accepts the token that it is given, and no other", () =>
    Effect.gen(function* () {
      for (const exit of yield* readLargest) assert.strictEqual(reasonOf(exit)?._tag, "Unauthorized")
      for (const { path, query } of yield* (yield* Emulator).requests) {
        const { status } = yield* get(`${path}?${query}`, "other")
        assert.strictEqual(status, 200, path)
      }
    }).pipe(Effect.provide(inProcess({ token: "other" })))
  )

  it.effect("is answered only what it GETs", () =>
    Effect.gen(function* () {
      const client = yield* HttpClient.HttpClient
      for (const path of (yield* paths).values()) {
        const response = yield* client.post(`http://127.0.0.1${path}`, {
          headers: { authorization: "Bearer emulator-token" }
        })
        assert.strictEqual(response.status, 405)
      }
    }).pipe(Effect.provide(inProcess()))
  )

  it.effect("has a limit of requests of its own", () =>
    Effect.gen(function* () {
      const good = yield* paths
      const chatling = good.get("chatling") ?? ""
      const others = [...good].filter(([vendor]) => vendor !== "chatling")
      for (let request = 0; request < 400; request++) yield* get(chatling)
      assert.strictEqual((yield* get(chatling)).status, 429)
      for (const [, path] of others) assert.strictEqual((yield* get(path)).status, 200)
    }).pipe(Effect.provide(inProcess()))
  )

  it("has its name in the registry, and assumptions with distinct names and values", () => {
    for (const [name, { assumptions, usage, vendor }] of Object.entries(emulations)) {
      assert.strictEqual(vendor, name)
      assert.include(usage({ token: "t", baseUrl: "http://x" }), ` colloquy pull ${name} `)
      assert.strictEqual(new Set(assumptions.map(({ name }) => name)).size, assumptions.length)
      for (const { description, values } of assumptions) {
        assert.match(description, /^[A-Z].*\.$/)
        assert.strictEqual(new Set<unknown>(values).size, values.length)
      }
    }
  })

  it("shares an assumption with others only as a whole", () => {
    const all = Object.values(emulations).flatMap(
      ({ assumptions }): ReadonlyArray<{ readonly name: string }> => assumptions
    )
    const byName = new Map(all.map((each) => [each.name, each]))
    for (const each of all) assert.strictEqual(byName.get(each.name), each)
  })
})

it.effect("what no vendor has is not there", () =>
  Effect.gen(function* () {
    assert.deepInclude(yield* get("/elsewhere"), { status: 404, body: { error: "No vendor has this path" } })
  }).pipe(Effect.provide(inProcess()))
)

describe("the truth over HTTP", () => {
  const latency: Options = {
    faults: [{ _tag: "Fault", kind: "latency", value: 0, which: { _tag: "All" } }]
  }
  it.effect("lists the conversations of every vendor", () =>
    Effect.gen(function* () {
      const { corpus } = yield* Emulator
      const truth = Object((yield* get("/emulator/truth", null)).body)
      assert.deepStrictEqual(Object.keys(truth), [...Corpus.Vendor.literals])
      for (const vendor of Corpus.Vendor.literals) {
        // The fourth of the others has no messages.
        const fifth = listsOfMessages.includes(vendor) ? 3 : 4
        assert.deepInclude(truth[vendor][fifth], {
          conversationId: corpus[vendor].conversationIds.at(fifth),
          messages: 1
        })
      }
      assert.deepStrictEqual(truth.opencopilot[0], {
        botId: "demo-bot",
        conversationId: corpus.opencopilot.conversationIds.at(0),
        messages: 120
      })
      assert.deepStrictEqual(Object.keys(truth.chatling[0]), ["chatbotId", "conversationId", "messages"])
      assert.deepStrictEqual(truth.gptbots[4], {
        conversationId: corpus.gptbots.conversationIds.at(4),
        messages: 1
      })
    }).pipe(Effect.provide(inProcess(latency)))
  )

  it.effect("has every row, and the counts of requests", () =>
    Effect.gen(function* () {
      const { corpus } = yield* Emulator
      const client = yield* HttpClient.HttpClient
      const linesAt = (path: string) =>
        client.get(`http://127.0.0.1/emulator/truth/${path}`).pipe(
          Effect.flatMap((response) => response.text),
          Effect.map((text) =>
            text
              .trimEnd()
              .split("\n")
              .map((line): unknown => JSON.parse(line))
          )
        )
      for (const vendor of Corpus.Vendor.literals) {
        const id = corpus[vendor].conversationIds.at(2)
        const lines = yield* linesAt(`${vendor}/${encodeURIComponent(id)}`)
        assert.strictEqual(lines.length, 15)
        assert.deepStrictEqual(lines[3], { ...Corpus.messages(corpus, vendor, id)?.at(3) })
      }
      const id = corpus.gptbots.conversationIds.at(2)
      const v2 = yield* linesAt(`gptbots/${id}?api=v2`)
      assert.deepStrictEqual(v2[3], { ...corpus.gptbots.messagesV2(id)?.at(3) })
      const missing = yield* client.get("http://127.0.0.1/emulator/truth/botuj/1")
      assert.strictEqual(missing.status, 404)
      yield* get("/v1/api/conversations")
      yield* get("/v1/api/conversations", "wrong")
      assert.deepStrictEqual((yield* get("/emulator/requests", null)).body, { botuj: { 200: 1, 401: 1 } })
    }).pipe(Effect.provide(inProcess(latency)))
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
      const answer = yield* get("/v2/chatbots/demo-chatbot/conversations")
      assert.strictEqual(answer.status, status)
      assert.strictEqual(answer.headers["retry-after"], retryAfter)
    }).pipe(Effect.provide(Layer.unwrap(Effect.map(Faults.parse(text), (faults) => inProcess({ faults })))))
  )
})
