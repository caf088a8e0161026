/**
 * Intercom keeps the rules of the conformance kit: what its documents allow, and how its answers are meant.
 */
import { Conformance, type KnownAnswer } from "@colloquy/conformance"
import { Codecs, errors, Intercom, Wire } from "@colloquy/intercom"
import { emulation } from "@colloquy/intercom/emulation"
import { Schema } from "effect"

const seconds = Schema.optionalKey(Schema.Literals([1_734_537_460, 0, -1, 1.5, 9e15]))

const messages = Schema.Struct({
  created_at: seconds,
  id: Schema.Union([Schema.Int, Schema.Literals(["403918320", "007"])]),
  part_type: Schema.optionalKey(Schema.Literals(["comment", "note", "assignment", "close", ""])),
  body: Schema.optionalKey(
    Schema.Union([
      Schema.Null,
      Schema.Literals(["<p>Hi <b>you</b></p>", "a & b", "a\nb", "<p>"]),
      Schema.String
    ])
  ),
  author: Schema.optionalKey(
    Schema.Union([
      Schema.Json,
      Schema.Struct({ type: Schema.Literals(["user", "admin", "bot", "constructor"]), id: Schema.String }),
      Schema.Struct({ type: Schema.Literals(["lead", "admin"]), from_ai_agent: Schema.Boolean })
    ])
  ),
  attachments: Schema.optionalKey(Schema.Union([Schema.Json, Wire.Attachments]))
})

const conversations = Schema.Struct({
  created_at: seconds,
  updated_at: seconds,
  id: Schema.Union([Schema.Int, Schema.Literals(["471", "007"])]),
  admin_assignee_id: Schema.optionalKey(Schema.Union([Schema.Null, Schema.Literals([0, 274, "274", "abc"])]))
})

const failure = (...codes: ReadonlyArray<string>) => ({
  type: "error.list",
  request_id: null,
  errors: codes.map((code) => ({ code, message: "no" }))
})

const parts = { type: "conversation_part.list", conversation_parts: [], total_count: 0 }

Conformance.suite({
  vendor: Intercom,
  emulation,
  messages: [{ codec: Codecs.messages, rows: Conformance.rows(Wire.Message, messages) }],
  conversations: [{ codec: Codecs.conversations, rows: Conformance.rows(Wire.Conversation, conversations) }],
  answers: [
    ...Object.entries(errors.codes).map(([code, means]): KnownAnswer => ({
      status: [200, 400],
      body: failure(code, "other"),
      means
    })),
    { status: 200, body: failure("constructor"), means: "InvalidResponse" },
    { status: 200, body: failure(), means: "InvalidResponse" },
    { status: 409, body: failure("conflict"), means: "InvalidRequest" },
    { status: 200, body: { type: "conversation", conversation_parts: parts }, means: "success" }
  ],
  notLists: [{ type: "conversation", source: null }, { conversations: [] }, parts],
  checkpoints: [
    {
      options: {},
      messages: "d1_ef519d18104e311d3890a4511f1b50bd",
      conversations: "d1_3270795a54ecd7b7f5de2077b50ae859"
    },
    {
      options: { region: "eu" },
      pageSize: 40,
      messages: "d1_ef519d18104e311d3890a4511f1b50bd",
      conversations: "d1_fd260e223826cd7c3583e7940cbed4ca"
    }
  ]
})
