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
  notLists: [{ data: [] }]
})
