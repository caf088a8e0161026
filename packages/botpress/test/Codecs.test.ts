import { Botpress, Codecs } from "@colloquy/botpress"
import { Source } from "@colloquy/core"
import type { Codec } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"

const owner = { account: "default", conversationId: "conv_1" }
const place: Codec.Place = { ...owner, index: 0, options: {}, outOfOrder: false, carried: undefined }
const at = "2026-03-07T05:31:56.123Z"
const text = { type: "text", payload: { text: "Is it open on Sunday?" } }
const ids = { id: "msg_01HKZ0", conversationId: "conv_1", userId: "user_01HKZ0" }
const documented = { ...ids, ...text, direction: "incoming", createdAt: at, updatedAt: at, tags: {} }
const image = { kind: "image", url: "https://f.example/1.png", name: null, size: null }
const soup = { title: "Soup", subtitle: "hot", imageUrl: image.url, actions: [] }
const picture = { type: "image", payload: { imageUrl: image.url } }

describe("a message of Botpress", () => {
  it("as the reference shows it is a text of its user", () => {
    assert.deepInclude(Codecs.messages.decode(documented, place), {
      id: "msg_01HKZ0",
      role: "user",
      text: "Is it open on Sunday?",
      createdAt: at,
      userId: "user_01HKZ0",
      kind: "text",
      extra: { conversationId: "conv_1", updatedAt: at, tags: {} }
    })
  })

  it.each([
    ["choice", { text: "Which?", options: [{ label: "A", value: "a" }] }, "Which?", []],
    ["markdown", { markdown: "**Yes**" }, "**Yes**", []],
    ["image", picture.payload, "", [image]],
    ["file", { fileUrl: image.url, title: "Menu" }, "", [{ ...image, kind: "file", name: "Menu" }]],
    ["location", { latitude: 1, longitude: 2, title: "Shop", address: "1 Main St" }, "Shop\n1 Main St", []],
    ["carousel", { items: [soup, { title: "Tea" }] }, "Soup\nhot\nTea", [{ ...image, name: "Soup" }]],
    ["bloc", { items: [text, picture] }, "Is it open on Sunday?", [image]],
    ["custom", { name: "chart", data: { n: 1 } }, "", []]
  ])("of the type %s keeps its payload", (type, payload, text, attachments) => {
    const message = Codecs.messages.decode({ ...documented, type, payload, direction: "outgoing" }, place)
    assert.deepInclude(message, { kind: type, role: "assistant", text, attachments })
    assert.deepStrictEqual(message.extra["payload"], payload)
  })
})

describe("a conversation of Botpress", () => {
  it("has no activity: no document says that a message updates it", () => {
    const wire = { id: "conv_1", channel: "channel", integration: "webchat", updatedAt: at, messageCount: 4 }
    const { channel, messageCount, updatedAt } = Codecs.conversations.decode(wire, place)
    assert.deepStrictEqual([channel, messageCount, updatedAt], ["channel", 4, null])
  })

  it.effect("that is in no list is unknown if it is empty, and its bot is named in a header", () =>
    Effect.gen(function* () {
      const asked: Array<string | undefined> = []
      const client = HttpClient.make((request) => {
        asked.push(request.headers["x-bot-id"])
        const response = Response.json({ messages: [], meta: {} })
        return Effect.succeed(HttpClientResponse.fromWeb(request, response))
      })
      const source = Botpress.layerSource({ botId: "b-1", token: Redacted.make("key") })
      const reason = yield* Stream.runDrain(Source.messages({ conversationId: "conv_1" })).pipe(
        Effect.provide(Layer.provide(source, Layer.succeed(HttpClient.HttpClient, client))),
        Effect.catchReason("SourceError", "NotFound", ({ _tag }) => Effect.succeed(_tag))
      )
      assert.deepStrictEqual([reason, asked], ["NotFound", ["b-1"]])
    })
  )
})
