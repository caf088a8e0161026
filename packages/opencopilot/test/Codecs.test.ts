import { type Codec, DerivedId } from "@colloquy/core/vendor"
import * as WireRows from "@colloquy/engine/WireRows"
import { Codecs, Wire } from "@colloquy/opencopilot"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"

const { copy } = WireRows
const place: Codec.Place = {
  account: "default",
  conversationId: "web|1710711935",
  index: 0,
  options: {},
  outOfOrder: false,
  carried: undefined
}

const toMessage = (wire: Wire.Message, index: number, told: Partial<Codec.Place> = {}) =>
  Codecs.messages.decode(wire, { ...place, ...told, index })

describe("a message of OpenCopilot", () => {
  it("as the document shows it", () => {
    const wire = {
      action_called: false,
      client_extra_params: {},
      from: "copilot",
      knowldgebase_called: false,
      message: "Hi! What can I do for you?"
    }
    assert.deepStrictEqual(toMessage(wire, 0), {
      vendor: "opencopilot",
      account: "default",
      conversationId: "web|1710711935",
      id: DerivedId.make(["web|1710711935", 0, "copilot", "Hi! What can I do for you?"]),
      idOrigin: "derived",
      position: 0,
      role: "assistant",
      text: "Hi! What can I do for you?",
      createdAt: null,
      parentId: null,
      userId: null,
      kind: null,
      citations: [],
      attachments: [],
      feedback: null,
      extra: { action_called: false, client_extra_params: {}, knowldgebase_called: false }
    })
  })

  it("keeps both spellings of the knowledge base", () => {
    const wire = { from: "user", message: "hey", knowldgebase_called: true, knowledgebase_called: false }
    assert.deepStrictEqual(toMessage(wire, 1).extra, {
      knowldgebase_called: true,
      knowledgebase_called: false
    })
  })

  it("of a sender that nobody documents has an unknown role and keeps the word", () => {
    const message = toMessage({ from: "supervisor", message: "hold on" }, 1)
    assert.strictEqual(message.role, "unknown")
    assert.deepStrictEqual(message.extra, { from: "supervisor" })
  })

  it.each([{ from: "user" }, { from: "user", message: null }, { from: "user", message: "" }])(
    "without text (%j) has an empty one and comes back the same",
    (wire) => {
      const message = toMessage(wire, 0)
      assert.strictEqual(message.text, "")
      assert.deepStrictEqual(Codecs.messages.encode(message), wire)
    }
  )
})

const id = (wire: Wire.Message, index: number, conversationId = place.conversationId) =>
  toMessage(wire, index, { conversationId }).id

describe("the id of a message of OpenCopilot", () => {
  it("comes from conversation, place, sender and text", () => {
    const ok = { from: "user", message: "ok" }
    assert.strictEqual(id(ok, 4), DerivedId.make([place.conversationId, 4, "user", "ok"]))
    const ids = [
      id(ok, 4),
      id(ok, 5),
      id({ ...ok, from: "copilot" }, 4),
      id({ ...ok, message: "OK" }, 4),
      id(ok, 4, "other")
    ]
    assert.strictEqual(new Set(ids).size, ids.length)
  })

  it("does not depend on what was called for it, nor on the account", () => {
    const ok = { from: "user", message: "ok" }
    assert.strictEqual(id({ ...ok, action_called: true, knowldgebase_called: true }, 4), id(ok, 4))
    assert.strictEqual(toMessage(ok, 4, { account: "eu" }).id, id(ok, 4))
  })
})

describe("a conversation of a bot of OpenCopilot", () => {
  it("as the vendor's page shows it", () => {
    const conversation = Codecs.conversations.decode(
      {
        conversation_id: "a1b2|1710711935",
        created_at: "Sun, 17 Mar 2024 21:45:35 GMT",
        handoff_sentiment: null,
        handoff_summary: null,
        was_handoff: false
      },
      place
    )
    assert.deepStrictEqual(conversation, {
      vendor: "opencopilot",
      account: "default",
      id: "a1b2|1710711935",
      createdAt: "2024-03-17T21:45:35Z",
      updatedAt: null,
      channel: null,
      status: null,
      summary: null,
      classification: null,
      assignee: null,
      handoff: false,
      sentiment: null,
      messageCount: null,
      extra: { handoff_sentiment: null, handoff_summary: null }
    })
  })
})

describe("a conversation of an organization of OpenCopilot", () => {
  const documented = {
    id: "5003584a-be1f-4754-a0c7-703f48589e03",
    copilot_id: "4ef0737b-976a-450e-8188-4f1f5a1a1b0b",
    created_at: "2024-06-03T11:57:48.000Z",
    channel: "web",
    summary: "A customer wants the money back.",
    classification: "REFUND_REQUEST",
    assignee_id: "copilot",
    handoff: true,
    handoff_sentiment: "neutral",
    status: "OPEN",
    meta: null,
    action_called: 1,
    total_messages: 9
  }

  it("as the document shows it", () => {
    assert.deepStrictEqual(Codecs.organizationConversations.decode(documented, { ...place, account: "eu" }), {
      vendor: "opencopilot",
      account: "eu",
      id: "5003584a-be1f-4754-a0c7-703f48589e03",
      createdAt: "2024-06-03T11:57:48.000Z",
      updatedAt: null,
      channel: "web",
      status: "OPEN",
      summary: "A customer wants the money back.",
      classification: "REFUND_REQUEST",
      assignee: "copilot",
      handoff: true,
      sentiment: "neutral",
      messageCount: 9,
      extra: { copilot_id: "4ef0737b-976a-450e-8188-4f1f5a1a1b0b", meta: null, action_called: 1 }
    })
  })

  it.each([
    { field: "status", value: 2, canonical: "2" },
    { field: "assignee_id", value: 0, canonical: "0" },
    { field: "total_messages", value: "9", canonical: 9 },
    { field: "handoff_sentiment", value: {}, canonical: null }
  ])(
    "whose $field is $value, as earlier drafts had it, still maps and comes back",
    ({ canonical, field, value }) => {
      const wire = Schema.decodeSync(Wire.OrganizationConversation)({ ...documented, [field]: value })
      const conversation = Codecs.organizationConversations.decode(wire, place)
      assert.deepStrictEqual(copy(Codecs.organizationConversations.encode(conversation)), copy(wire))
      const { assignee, messageCount, sentiment, status } = conversation
      const mapped = {
        status,
        assignee_id: assignee,
        total_messages: messageCount,
        handoff_sentiment: sentiment
      }
      assert.strictEqual(Object.entries(mapped).find(([name]) => name === field)?.[1], canonical)
    }
  )

  it("tells whose messages to read", () => {
    const conversation = Codecs.organizationConversations.decode(documented, place)
    assert.strictEqual(Codecs.botIdOf(conversation), documented.copilot_id)
    const { copilot_id: _, ...without } = documented
    assert.isNull(Codecs.botIdOf(Codecs.organizationConversations.decode(without, place)))
  })
})
