import { Codecs } from "@colloquy/botuj"
import type { Codec } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"

const place: Codec.Place = {
  account: "default",
  conversationId: "1234",
  index: 0,
  options: {},
  outOfOrder: false,
  carried: undefined
}

const documented = {
  id: 10906,
  message: "Who am I talking to?",
  userId: "781a207d-8ca7-44e5-9939-03d18e9a99a8",
  isUser: true,
  type: "freeshot",
  createdOn: "2024-06-23T11:58:10.169778Z"
}

describe("a message of Botuj", () => {
  it("as the document shows it keeps its microseconds", () => {
    assert.deepStrictEqual(Codecs.messages.decode(documented, place), {
      vendor: "botuj",
      account: "default",
      conversationId: "1234",
      id: "10906",
      idOrigin: "vendor",
      position: null,
      role: "user",
      text: "Who am I talking to?",
      createdAt: "2024-06-23T11:58:10.169778Z",
      parentId: null,
      userId: "781a207d-8ca7-44e5-9939-03d18e9a99a8",
      kind: "freeshot",
      citations: [],
      attachments: [],
      feedback: null,
      extra: {}
    })
  })

  it.each([
    [true, "user"],
    [false, "assistant"],
    [null, "unknown"]
  ] as const)("with isUser %s is from %s", (isUser, role) => {
    const message = Codecs.messages.decode({ ...documented, isUser }, place)
    assert.strictEqual(message.role, role)
    assert.deepStrictEqual(Codecs.messages.encode(message), { ...documented, isUser })
  })

  it.each([
    { createdOn: "2024-06-23T13:58:10.169778+02:00", createdAt: "2024-06-23T11:58:10.169778Z" },
    { createdOn: "2024-06-23T11:58:10.169778", createdAt: null },
    { createdOn: "", createdAt: null }
  ])("with the odd time '$createdOn' keeps it", ({ createdAt, createdOn }) => {
    const message = Codecs.messages.decode({ ...documented, createdOn }, place)
    assert.strictEqual(message.createdAt, createdAt)
    assert.deepStrictEqual(message.extra, { createdOn })
  })

  it("keeps its id whatever else of it changes", () => {
    const edited = { ...documented, message: "edited", userId: null, type: "other" }
    assert.strictEqual(Codecs.messages.decode(edited, place).id, "10906")
    assert.strictEqual(Codecs.messages.decode({ ...documented, id: "10906" }, place).id, "10906")
  })
})

describe("a conversation of Botuj", () => {
  it("as the vendor's page shows it", () => {
    const wire = {
      id: 7202,
      type: "freeshot",
      count: 4,
      sessionid: "s-781a207d-8ca7-44e5-9939-03d18e9a99a8",
      firstUserMessage: "Who am I talking to?",
      firstBotMessage: '{"message":"A bot."}',
      createdOn: "2024-06-23T11:58:10.169778Z"
    }
    assert.deepStrictEqual(Codecs.conversations.decode(wire, place), {
      vendor: "botuj",
      account: "default",
      id: "7202",
      createdAt: "2024-06-23T11:58:10.169778Z",
      updatedAt: null,
      channel: null,
      status: null,
      summary: null,
      classification: null,
      assignee: null,
      handoff: null,
      sentiment: null,
      messageCount: 4,
      extra: {
        type: "freeshot",
        sessionid: "s-781a207d-8ca7-44e5-9939-03d18e9a99a8",
        firstUserMessage: "Who am I talking to?",
        firstBotMessage: '{"message":"A bot."}'
      }
    })
  })
})
