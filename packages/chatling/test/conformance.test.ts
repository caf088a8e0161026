/**
 * Chatling keeps the rules of the conformance kit: what its documents allow, and how its answers are meant.
 */
import { Chatling, Codecs, Wire } from "@colloquy/chatling"
import { emulation } from "@colloquy/chatling/emulation"
import { Conformance } from "@colloquy/conformance"
import { Schema } from "effect"

const date = Schema.optionalKey(
  Schema.Literals([
    "2024-06-17T16:09:52+00:00",
    "2024-06-17T16:09:52+02:00",
    "2024-06-17T16:09:52Z",
    "2024-06-17T16:09:52.123456+00:00",
    "2024-06-17T16:09:52",
    "2024-06-17T12:13:35:00+00:00",
    ""
  ])
)

const messages = Schema.Struct({
  created_at: date,
  role: Schema.Literals(["bot", "user", "system", "human", "", "constructor"]),
  id: Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.Finite, Schema.Literals(["", "17", "x"])]))),
  data: Schema.optionalKey(
    Schema.Union([
      Schema.Json,
      Schema.Struct({
        helpful_value: Schema.optionalKey(Schema.NullOr(Schema.Literals(["1", "0", "-1", ""]))),
        sources: Schema.optionalKey(Schema.Array(Wire.Citation))
      })
    ])
  )
})

Conformance.suite({
  vendor: Chatling,
  emulation,
  messages: [{ codec: Codecs.messages, rows: Conformance.rows(Wire.Message, messages) }],
  conversations: [
    {
      codec: Codecs.conversations,
      rows: Conformance.rows(Wire.Conversation, Schema.Struct({ created_at: date }))
    }
  ],
  checkpoints: [
    {
      options: { chatbotId: "b-1", sort: "date_asc" },
      messages: "d1_e965b4dc10f18cf05d8fa31c8050d32c",
      conversations: "d1_01bede3cfadb92b4a50c2474a3a55fae"
    },
    {
      options: { chatbotId: "b-1", sort: "date_desc" },
      messages: "d1_b30cb52f5d1202bce8f3851c12bfc139",
      conversations: "d1_01bede3cfadb92b4a50c2474a3a55fae"
    }
  ],
  answers: [
    {
      status: [200, 400, 429],
      body: { status: "error", message: "Too many requests" },
      means: "RateLimited"
    },
    { status: 200, body: { status: "error", message: "Chatbot not found" }, means: "InvalidResponse" },
    { status: 200, body: { status: "error", message: null }, means: "InvalidResponse" },
    { status: 200, body: { status: "error" }, means: "InvalidResponse" },
    { status: 200, body: { status: "error", message: "constructor" }, means: "InvalidResponse" },
    { status: 404, body: { status: "error", message: "no" }, means: "NotFound" },
    { status: 401, body: { message: "no" }, means: "Unauthorized" },
    { status: 200, body: { status: "success", data: { messages: [] } }, means: "success" },
    { status: 200, body: { status: "success" }, means: "success" },
    { status: 200, body: { data: { messages: [] }, message: "hello" }, means: "success" }
  ]
})
