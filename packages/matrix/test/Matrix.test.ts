/**
 * What is Matrix's own: events as Synapse 1.160.0 gives them, their roles, and where its pages end.
 */
import { Codecs, Matrix } from "@colloquy/matrix"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Redacted, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"

const event = (content: object, more: object = {}) => ({
  type: "m.room.message",
  event_id: "$e1",
  room_id: "!r:example.org",
  sender: "@ann:example.org",
  origin_server_ts: 1_795_626_373_361,
  content: { ...content },
  ...more
})

const decode = (content: object, more: object = {}, options: Readonly<Record<string, string>> = {}) =>
  Codecs.messages.decode(event(content, more), {
    account: "default",
    conversationId: "!r:example.org",
    index: 0,
    options,
    outOfOrder: false,
    carried: undefined
  })

describe("an event of Matrix", () => {
  it("with a text is a message, and nothing of it is left over", () => {
    assert.deepInclude(decode({ msgtype: "m.text", body: "Hello" }), {
      id: "$e1",
      role: "user",
      text: "Hello",
      createdAt: "2026-11-25T17:06:13.361Z",
      userId: "@ann:example.org",
      kind: "m.text",
      extra: {}
    })
  })

  it("is the bot's if it is a notice, or if the bot is named and sent it", () => {
    const bot = "@bot:example.org"
    const notice = { msgtype: "m.notice", body: "Hello" }
    assert.strictEqual(decode(notice).role, "assistant")
    assert.strictEqual(decode(notice, {}, { bot }).role, "user")
    assert.strictEqual(decode({ msgtype: "m.text" }, { sender: bot }, { bot }).role, "assistant")
  })

  it("that was redacted, or is encrypted, has no text", () => {
    assert.deepInclude(decode({}), { text: "", kind: null, extra: { content: {} } })
    const content = { algorithm: "m.megolm.v1.aes-sha2", ciphertext: "AwgA" }
    const encrypted = decode(content, { type: "m.room.encrypted" })
    assert.deepInclude(encrypted, { text: "", kind: "m.room.encrypted", extra: { content } })
  })

  it("with a file has it attached, and one that replies says to what", () => {
    const url = "mxc://example.org/abc"
    const image = decode({ msgtype: "m.image", body: "cat.png", url, info: { size: 7, w: 2 } })
    assert.deepStrictEqual(image.attachments, [{ kind: "m.image", url, name: "cat.png", size: 7 }])
    const relation = { "m.relates_to": { "m.in_reply_to": { event_id: "$e0" } } }
    assert.strictEqual(decode({ msgtype: "m.text", body: "Yes", ...relation }).parentId, "$e0")
  })
})

/**
 * A room of five messages, served as Synapse serves it: the last full page has `end`, and the page behind it has none. The first
 * request is refused.
 */
const synapse = () => {
  const asked: Array<URLSearchParams> = []
  const answerTo = (asked: URLSearchParams, age: number): Response => {
    const error = { errcode: "M_LIMIT_EXCEEDED", error: "Too Many Requests", retry_after_ms: 40_000 }
    if (age === 1) return Response.json(error, { status: 429 })
    const from = Number(asked.get("from") ?? 0)
    const unsigned = { age, transaction_id: "t", redacted_because: { age, content: { age: "thirty" } } }
    const chunk = [0, 1, 2, 3, 4]
      .slice(from, from + Number(asked.get("limit")))
      .map((index) => event({ msgtype: "m.text", age: 7 }, { event_id: `$e${index}`, age, unsigned }))
    return Response.json(chunk.length === 0 ? { chunk } : { chunk, end: String(from + chunk.length) })
  }
  const client = HttpClient.make((request, { searchParams }) => {
    const age = asked.push(searchParams)
    return Effect.succeed(HttpClientResponse.fromWeb(request, answerTo(searchParams, age)))
  })
  return { asked, provide: Effect.provideService(HttpClient.HttpClient, client) }
}

describe("a room of Matrix", () => {
  it.effect("is read behind its last full page, after the wait that a refusal names, without ages", () =>
    Effect.gen(function* () {
      const { asked, provide } = synapse()
      const source = yield* provide(Matrix.source({ token: Redacted.make("token"), pageSize: 5 }))
      const pages = source.messagePages({ conversationId: "!r:example.org" })
      const reading = yield* Effect.forkChild(Stream.runCollect(pages))
      yield* TestClock.adjust("39 seconds")
      assert.strictEqual(asked.length, 1)
      yield* TestClock.adjust("2 seconds")
      const read = yield* Fiber.join(reading)
      const items = read.flatMap(({ items }) => items)
      assert.deepStrictEqual(
        items.map(({ id }) => id),
        ["$e0", "$e1", "$e2", "$e3", "$e4"]
      )
      assert.strictEqual(read.at(-1)?.completion?.proof, "noNext")
      const unsigned = { redacted_because: { content: { age: "thirty" } } }
      assert.deepStrictEqual(items[0]?.extra, { content: { msgtype: "m.text", age: 7 }, unsigned })
      const filter = '{"types":["m.room.message","m.room.encrypted","m.sticker"]}'
      const last = Object.fromEntries(asked.at(-1) ?? [])
      assert.deepStrictEqual(last, { dir: "f", from: "5", limit: "5", filter })
    })
  )
})
