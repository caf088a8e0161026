import type { Codec } from "@colloquy/core/vendor"
import { Codecs } from "@colloquy/gptbots"
import { assert, describe, it } from "@effect/vitest"

const place: Codec.Place = {
  account: "default",
  conversationId: "c-1",
  index: 0,
  options: {},
  outOfOrder: false,
  carried: undefined
}

describe("a message of GPTBots v1", () => {
  const documented = {
    message_id: "745dd86906931c4a9e0ffb1f",
    parent_message_id: "645dd86906931c4a9e0ffb1f",
    message_type: "QUESTION",
    text: "What does it cost?",
    create_time: 1_683_871_849_906
  }

  it("as the document shows it", () => {
    assert.deepStrictEqual(Codecs.messages.decode(documented, place), {
      vendor: "gptbots",
      account: "default",
      conversationId: "c-1",
      id: "745dd86906931c4a9e0ffb1f",
      idOrigin: "vendor",
      position: null,
      role: "user",
      text: "What does it cost?",
      createdAt: "2023-05-12T06:10:49.906Z",
      parentId: "645dd86906931c4a9e0ffb1f",
      userId: null,
      kind: "QUESTION",
      citations: [],
      attachments: [],
      feedback: null,
      extra: {}
    })
  })

  it("at the root has no parent, and the empty word for it is kept", () => {
    const message = Codecs.messages.decode(
      {
        ...documented,
        parent_message_id: "",
        message_type: "ANSWER"
      },
      place
    )
    assert.isNull(message.parentId)
    assert.strictEqual(message.role, "assistant")
    assert.deepStrictEqual(message.extra, { parent_message_id: "" })
  })

  it("of a type that nobody documents has an unknown role and keeps the word", () => {
    const message = Codecs.messages.decode({ ...documented, message_type: "TOOL" }, place)
    assert.strictEqual(message.role, "unknown")
    assert.strictEqual(message.kind, "TOOL")
  })

  it("takes a time that comes as text", () => {
    const message = Codecs.messages.decode({ ...documented, create_time: "1683871849906" }, place)
    assert.strictEqual(message.createdAt, "2023-05-12T06:10:49.906Z")
    assert.deepStrictEqual(message.extra, { create_time: "1683871849906" })
  })
})

describe("a message of GPTBots v2", () => {
  const documented = {
    message_id: "745dd86906931c4a9e0ffb1f",
    parent_message_id: "645dd86906931c4a9e0ffb1f",
    create_time: 1_683_871_849_906,
    feedback: "POSITIVE",
    role: "assistant",
    content: [{ from_component_branch: "", branch_content: [{ type: "text", text: "Here it is." }] }]
  }

  it("as the vendor's page shows it", () => {
    assert.deepStrictEqual(Codecs.messagesV2.decode(documented, place), {
      vendor: "gptbots",
      account: "default",
      conversationId: "c-1",
      id: "745dd86906931c4a9e0ffb1f",
      idOrigin: "vendor",
      position: null,
      role: "assistant",
      text: "Here it is.",
      createdAt: "2023-05-12T06:10:49.906Z",
      parentId: "645dd86906931c4a9e0ffb1f",
      userId: null,
      kind: null,
      citations: [],
      attachments: [],
      feedback: "positive",
      extra: {}
    })
  })

  it("of several branches and files gives all texts and all files, and keeps the parts", () => {
    const content = [
      {
        from_component_branch: "search",
        branch_content: [
          { type: "text", text: "First." },
          {
            type: "image",
            image: [{ url: "https://f.test/1.png", format: "png", name: "1.png", size: 2048 }]
          }
        ]
      },
      {
        from_component_branch: "answer",
        branch_content: [
          { type: "text", text: "Second." },
          { type: "audio", audio: [{ url: "https://f.test/2.mp3", transcript: "hello" }] }
        ]
      }
    ]
    const message = Codecs.messagesV2.decode({ ...documented, content }, place)
    assert.strictEqual(message.text, "First.\nSecond.")
    assert.deepStrictEqual(message.attachments, [
      { kind: "image", url: "https://f.test/1.png", name: "1.png", size: 2048 },
      { kind: "audio", url: "https://f.test/2.mp3", name: null, size: null }
    ])
    assert.deepStrictEqual(message.extra, { content })
  })

  it("whose content is plain text has that text", () => {
    const message = Codecs.messagesV2.decode({ ...documented, content: "Here it is." }, place)
    assert.strictEqual(message.text, "Here it is.")
    assert.deepStrictEqual(message.extra, { content: "Here it is." })
  })

  it("reads the branches that are whole where others are not", () => {
    const content = [
      { from_component_branch: "odd" },
      { branch_content: [{ type: "text", text: "Whole." }] },
      7
    ]
    assert.strictEqual(Codecs.messagesV2.decode({ ...documented, content }, place).text, "Whole.")
  })

  it.each(["", null, "CANCELED"])("with the feedback %j has none and keeps the word", (feedback) => {
    const message = Codecs.messagesV2.decode({ ...documented, feedback }, place)
    assert.isNull(message.feedback)
    assert.deepStrictEqual(message.extra, { feedback })
  })

  it("keeps its id when it is edited or rated", () => {
    const edited = { ...documented, content: "edited", feedback: "NEGATIVE" }
    assert.strictEqual(Codecs.messagesV2.decode(edited, place).id, documented.message_id)
  })
})

describe("a conversation of GPTBots", () => {
  it("as the vendor's page shows it", () => {
    const wire = {
      conversation_id: "rKlhJ9pMlT5YnE2wXq7a",
      user_id: "u-1",
      recent_chat_time: 1_683_871_849_906,
      subject: "Prices",
      conversation_type: "API",
      message_count: 2,
      cost_credit: 0.25,
      bot_id: "b-1"
    }
    assert.deepStrictEqual(Codecs.conversations.decode(wire, place), {
      vendor: "gptbots",
      account: "default",
      id: "rKlhJ9pMlT5YnE2wXq7a",
      createdAt: null,
      updatedAt: "2023-05-12T06:10:49.906Z",
      channel: "API",
      status: null,
      summary: null,
      classification: null,
      assignee: null,
      handoff: null,
      sentiment: null,
      messageCount: 2,
      extra: { user_id: "u-1", subject: "Prices", cost_credit: 0.25, bot_id: "b-1" }
    })
  })
})
