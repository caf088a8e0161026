/**
 * OpenCopilot keeps the rules of the conformance kit: what its documents allow, and how its answers are meant.
 */
import { Conformance } from "@colloquy/conformance"
import { Codecs, OpenCopilot, Wire } from "@colloquy/opencopilot"
import { emulation } from "@colloquy/opencopilot/emulation"
import { Schema } from "effect"

const senders = Schema.Struct({
  from: Schema.Literals(["copilot", "user", "agent", "Copilot", "", "constructor", "__proto__"])
})

const dates = Schema.Struct({
  created_at: Schema.optionalKey(
    Schema.Literals([
      "Sun, 17 Mar 2024 21:45:35 GMT",
      "Mon, 17 Mar 2024 21:45:35 GMT",
      "Sun, 31 Feb 2024 21:45:35 GMT",
      "2024-06-03T11:57:48.000Z",
      "2024-06-03T11:57:48.123456+02:00",
      "2024-06-03 11:57:48",
      "yesterday",
      ""
    ])
  )
})

Conformance.suite({
  vendor: OpenCopilot,
  emulation,
  messages: [
    {
      codec: Codecs.messages,
      rows: Conformance.rows(Wire.Message, Schema.Union([senders, Schema.Struct({})]))
    }
  ],
  conversations: [
    { codec: Codecs.conversations, rows: Conformance.rows(Wire.Conversation, dates) },
    { codec: Codecs.organizationConversations, rows: Conformance.rows(Wire.OrganizationConversation, dates) }
  ],
  answers: [
    { status: 404, body: { error: "Short", message: "The long story" }, means: "NotFound" },
    { status: 200, body: { error: "Internal" }, means: "InvalidResponse" },
    { status: 200, body: [{ from: "user", message: "error" }], means: "success" }
  ],
  checkpoints: [
    {
      options: { botId: "b-1" },
      messages: "d1_ba206b9202fcbe28c31b286041811d76",
      conversations: "d1_0c0058c33f0491c78342c80950c21386"
    },
    {
      options: { botId: "b-1" },
      pageSize: 20,
      messages: "d1_9ce800ebed141a572b5fb383bf548b29",
      conversations: "d1_611e106b11e6bf1a64d1b5e9f9202f42"
    },
    {
      options: { botId: "b-1", organizationId: "o-1" },
      messages: "d1_ba206b9202fcbe28c31b286041811d76",
      conversations: "d1_a8ab2e3dc4c57d6356707d721e65537a"
    }
  ],
  notLists: [{ data: [] }]
})
