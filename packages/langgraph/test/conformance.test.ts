/**
 * LangGraph keeps the rules of the conformance kit. `pnpm live langgraph` tries it on a real server.
 */
import { Conformance } from "@colloquy/conformance"
import { Codecs, LangGraph, Wire } from "@colloquy/langgraph"
import { emulation } from "@colloquy/langgraph/emulation"
import { Schema } from "effect"

const date = Schema.optionalKey(
  Schema.Literals([
    "2026-11-25T17:07:00.581Z",
    "2026-11-25T17:07:00.581234+00:00",
    "2026-11-25",
    "yesterday",
    ""
  ])
)

const url = Schema.Literals(["https://files.example/a.png", "data:image/png;base64,aGk=", ""])

const block = Schema.Union([
  Schema.String,
  Schema.Struct({ type: Schema.Literals(["text", "reasoning"]), text: Schema.String }),
  Schema.Struct({
    type: Schema.Literals(["image_url", "file"]),
    url: Schema.optionalKey(url),
    image_url: Schema.optionalKey(Schema.Union([url, Schema.Struct({ url })]))
  }),
  Schema.Json
])

const messages = Schema.Struct({
  id: Schema.optionalKey(Schema.NullOr(Schema.Literals(["m-1", "run-7", ""]))),
  type: Schema.Literals(["human", "ai", "system", "tool", "constructor", ""]),
  content: Schema.Union([Schema.String, Schema.Array(block), Schema.Json])
})

const conversations = Schema.Struct({
  created_at: date,
  updated_at: date,
  status: Schema.optionalKey(Schema.Literals(["idle", "busy", ""]))
})

const rest = { next: [], tasks: [], created_at: null, parent_checkpoint: null }

Conformance.suite({
  vendor: LangGraph,
  emulation,
  messages: [{ codec: Codecs.messages, rows: Conformance.rows(Wire.Message, messages) }],
  conversations: [{ codec: Codecs.conversations, rows: Conformance.rows(Wire.Conversation, conversations) }],
  answers: [
    { status: 401, body: "Unauthorized", means: "Unauthorized" },
    { status: 404, body: "Thread with ID 1 not found", means: "NotFound" },
    {
      status: 400,
      body: { success: false, error: { issues: [{ message: "Invalid uuid" }], name: "ZodError" } },
      means: "InvalidRequest"
    },
    { status: 200, body: { message: "no" }, means: "InvalidResponse" },
    { status: 200, body: { values: { messages: [] }, checkpoint: { id: "1" }, ...rest }, means: "success" },
    { status: 200, body: { values: {}, checkpoint: null, ...rest }, means: "success" },
    { status: 200, body: [], means: "success" }
  ],
  notLists: [
    { values: {}, checkpoint: { checkpoint_id: "1" }, ...rest },
    { values: { chat: [] }, checkpoint: null, ...rest },
    { values: [], checkpoint: null, ...rest }
  ],
  checkpoints: [
    {
      options: {},
      messages: "d1_2d9136d52d96ece39fc2dd67075c85d6",
      conversations: "d1_00e4de3cf716003a23667ba2be179519"
    },
    {
      options: { graphId: "g-1" },
      messages: "d1_2d9136d52d96ece39fc2dd67075c85d6",
      conversations: "d1_35860ec66f1e763a07a6d804c1e4068d"
    }
  ]
})
