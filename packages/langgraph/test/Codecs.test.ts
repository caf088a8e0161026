import type { Codec } from "@colloquy/core/vendor"
import { Codecs, Listings } from "@colloquy/langgraph"
import { assert, describe, it } from "@effect/vitest"
import { Headers } from "effect/http"

const place: Codec.Place = {
  account: "default",
  conversationId: "t-1",
  index: 3,
  options: {},
  outOfOrder: false,
  carried: undefined
}

const rest = { additional_kwargs: {}, response_metadata: {} }

describe("a message of LangGraph", () => {
  it("as the server gives it has its place, and no time", () => {
    const { createdAt, extra, id, idOrigin, position, role, text } = Codecs.messages.decode(
      { ...rest, id: "m-1", type: "human", content: "hi" },
      place
    )
    assert.deepStrictEqual(
      { createdAt, extra, id, idOrigin, position, role, text },
      { createdAt: null, extra: rest, id: "m-1", idOrigin: "vendor", position: 3, role: "user", text: "hi" }
    )
  })

  it("in blocks has their texts in lines of their own, and what has an address", () => {
    const { attachments, text } = Codecs.messages.decode(
      {
        id: "m-1",
        type: "human",
        content: [
          { type: "text", text: "look" },
          "here",
          { type: "image_url", image_url: { url: "https://files.example/a.png" } },
          { type: "image_url", image_url: "data:image/png;base64,aGk=" }
        ]
      },
      place
    )
    assert.strictEqual(text, "look\nhere")
    assert.deepStrictEqual(attachments, [
      { kind: "image_url", url: "https://files.example/a.png", name: null, size: null }
    ])
  })

  it("without an id has one by its place", () => {
    const decode = (index: number) =>
      Codecs.messages.decode({ id: null, type: "ai", content: "ok" }, { ...place, index })
    assert.strictEqual(decode(3).idOrigin, "derived")
    assert.strictEqual(decode(3).id, decode(3).id)
    assert.notStrictEqual(decode(3).id, decode(4).id)
  })
})

describe("a thread of LangGraph", () => {
  it("is not said to be active at its last run: its state may have changed since", () => {
    const thread = Codecs.conversations.decode(
      { thread_id: "t-1", updated_at: "2026-11-25T17:07:00.581Z", status: "idle" },
      place
    )
    assert.isNull(thread.updatedAt)
    assert.strictEqual(thread.extra["updated_at"], "2026-11-25T17:07:00.581Z")
  })

  it.each([
    ["that never had one is empty", { values: {}, checkpoint: null }, { rows: [] }],
    ["without messages is not understood", { values: { chat: [] }, checkpoint: {} }, undefined],
    ["with nothing in it is not understood", { values: {}, checkpoint: {} }, undefined]
  ])("whose state %s", (_, body, expected) => {
    assert.deepStrictEqual(Listings.messages.envelope(body, Headers.empty), expected)
  })
})
