import type { Codec } from "@colloquy/core/vendor"
import { Codecs } from "@colloquy/mastra"
import { assert, describe, it } from "@effect/vitest"

const place: Codec.Place = {
  account: "default",
  conversationId: "thread-1",
  index: 0,
  options: {},
  outOfOrder: false,
  carried: undefined
}

const measured = {
  id: "m-1",
  role: "user",
  type: "text",
  threadId: "thread-1",
  resourceId: "reader",
  createdAt: "2026-09-21T14:13:20.000Z",
  content: { format: 2, parts: [{ type: "text", text: "hi" }] }
}

const said = (content: Codec.KeptRow["json"]) => Codecs.messages.decode({ ...measured, content }, place)

describe("a message of Mastra", () => {
  it("as the server gives it leaves only its thread in extra", () => {
    assert.deepStrictEqual(Codecs.messages.decode(measured, place), {
      vendor: "mastra",
      account: "default",
      conversationId: "thread-1",
      id: "m-1",
      idOrigin: "vendor",
      position: null,
      role: "user",
      text: "hi",
      createdAt: "2026-09-21T14:13:20.000Z",
      parentId: null,
      userId: "reader",
      kind: "text",
      citations: [],
      attachments: [],
      feedback: null,
      extra: { threadId: "thread-1" }
    })
  })

  it("has the texts of its parts in lines of their own, and keeps the other parts", () => {
    const content = {
      format: 2,
      parts: [
        { type: "step-start" },
        { type: "tool-invocation", toolInvocation: { state: "result", toolName: "calc", result: 42 } },
        { type: "text", text: "It is 42." },
        { type: "text", text: "Anything else?" }
      ],
      content: "It is 42.Anything else?"
    }
    const message = said(content)
    assert.strictEqual(message.text, "It is 42.\nAnything else?")
    assert.deepStrictEqual(message.extra["content"], content)
  })

  it.each(["plain", [{ type: "text", text: "plain" }], { format: 2, parts: [], content: "plain" }])(
    "of an older format has its text: %j",
    (content) => {
      assert.strictEqual(said(content).text, "plain")
    }
  )

  it("has a file by its address, and one without an address, too", () => {
    const file = { type: "file", mimeType: "image/png", filename: "a.png" }
    const { attachments } = said({
      format: 2,
      parts: [
        { ...file, data: "https://files.example/a.png" },
        { ...file, data: "aGk=" }
      ]
    })
    assert.deepStrictEqual(attachments, [
      { kind: "image/png", url: "https://files.example/a.png", name: "a.png", size: null },
      { kind: "image/png", url: null, name: "a.png", size: null }
    ])
  })
})
