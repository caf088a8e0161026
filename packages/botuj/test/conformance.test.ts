/**
 * Botuj keeps the rules of the conformance kit: what its documents allow, and how its answers are meant.
 */
import { Botuj, Codecs, Wire } from "@colloquy/botuj"
import { emulation } from "@colloquy/botuj/emulation"
import { Conformance } from "@colloquy/conformance"
import { Schema } from "effect"

const odd = Schema.Struct({
  createdOn: Schema.optionalKey(
    Schema.Literals([
      "2024-06-23T11:58:10.169778Z",
      "2024-06-23T11:58:10.169778+02:00",
      "2024-06-23T11:58:10Z",
      "2024-06-23T11:58:10.169778",
      "2024-02-30T11:58:10Z",
      "yesterday",
      ""
    ])
  ),
  id: Schema.Union([Schema.Int, Schema.Literals(["10906", "010906", "1e3", "abc", " 7"])])
})

const row = { id: 10906, message: "hi", isUser: true, createdOn: "2024-06-23T11:58:10.169778Z" }

Conformance.suite({
  vendor: Botuj,
  emulation,
  messages: [{ codec: Codecs.messages, rows: Conformance.rows(Wire.Message, odd) }],
  conversations: [{ codec: Codecs.conversations, rows: Conformance.rows(Wire.Conversation, odd) }],
  answers: [
    { status: 404, body: { message: "nie" }, means: "NotFound" },
    { status: 401, body: { error: "nie", details: [] }, means: "Unauthorized" },
    { status: 200, body: { message: "invalid conversation id" }, means: "InvalidResponse" },
    { status: 200, body: { error: "gone" }, means: "InvalidResponse" },
    { status: 200, body: [row], means: "success" },
    { status: 200, body: { data: [row] }, means: "success" },
    { status: 200, body: { message: "ok", items: [] }, means: "success" }
  ],
  checkpoints: [
    {
      options: {},
      messages: "d1_dfd36e2752be1554d7bc29b7b1ae4684",
      conversations: "d1_afc855a4cc293aa0803b3c7880064050"
    },
    {
      options: {},
      pageSize: 40,
      messages: "d1_8c08ce437e2a2b84e33e2343a7ff121d",
      conversations: "d1_8fef41f8266e9d20edf5876df96fba73"
    }
  ],
  notLists: [{ data: [row], included: [] }, { data: { messages: [row] } }]
})
