/**
 * Mastra keeps the rules of the conformance kit. `pnpm live mastra` tries it on a real server.
 */
import { Conformance } from "@colloquy/conformance"
import { Codecs, Mastra, Wire } from "@colloquy/mastra"
import { emulation } from "@colloquy/mastra/emulation"
import { Schema } from "effect"

const date = Schema.optionalKey(
  Schema.Literals(["2026-09-21T14:13:20.000Z", "2026-09-21T14:13:20Z", "2026-09-21", "yesterday", ""])
)

const part = Schema.Union([
  Schema.Struct({ type: Schema.Literals(["text", "reasoning"]), text: Schema.String }),
  Schema.Struct({
    type: Schema.Literal("file"),
    data: Schema.optionalKey(Schema.Literals(["https://files.example/a.png", "aGk=", ""])),
    mimeType: Schema.optionalKey(Schema.Literals(["image/png", ""])),
    filename: Schema.optionalKey(Schema.Literals(["a.png", ""]))
  }),
  Schema.Json
])

const messages = Schema.Struct({
  createdAt: date,
  role: Schema.Literals(["user", "assistant", "system", "tool", "constructor", ""]),
  type: Schema.optionalKey(Schema.Literals(["text", "tool-call", ""])),
  content: Schema.Union([
    Schema.String,
    Schema.Json,
    Schema.Array(part),
    Schema.Struct({
      format: Schema.Literal(2),
      parts: Schema.Array(part),
      content: Schema.optionalKey(Schema.String)
    })
  ])
})

const conversations = Schema.Struct({ createdAt: date, updatedAt: date })

const counts = { total: 0, page: 0, perPage: 100, hasMore: false }

Conformance.suite({
  vendor: Mastra,
  emulation,
  messages: [{ codec: Codecs.messages, rows: Conformance.rows(Wire.Message, messages) }],
  conversations: [{ codec: Codecs.conversations, rows: Conformance.rows(Wire.Conversation, conversations) }],
  answers: [
    { status: 401, body: { error: "Invalid or expired token" }, means: "Unauthorized" },
    {
      status: 403,
      body: { error: "Access denied: thread belongs to a different resource" },
      means: "Forbidden"
    },
    { status: 404, body: { error: "Thread not found" }, means: "NotFound" },
    {
      status: 400,
      body: { error: "Invalid query parameters", issues: [{ field: "page", message: "Too small" }] },
      means: "InvalidRequest"
    },
    { status: 200, body: { error: "Thread not found" }, means: "InvalidResponse" },
    { status: 200, body: { messages: [], uiMessages: null, ...counts }, means: "success" },
    { status: 200, body: { threads: [], ...counts }, means: "success" }
  ],
  // A memory behind a gateway does not count its messages.
  notLists: [{ messages: [], uiMessages: [] }, { threads: [], page: 0 }, counts],
  checkpoints: [
    {
      options: {},
      messages: "d1_15ff831b3b0bfddd402263c1fd9db317",
      conversations: "d1_e2160d15eee9c3e81311682b04dd1c85"
    },
    {
      options: { agentId: "a-1", resourceId: "r-1" },
      messages: "d1_6beff2c7635585ac2bbcf2da4375c34c",
      conversations: "d1_a4294d4482ab94a3657bc85593d0112e"
    }
  ]
})
