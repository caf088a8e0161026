/**
 * GPTBots keeps the rules of the conformance kit: what its documents allow, and how its answers are meant.
 */
import { Conformance, type KnownAnswer } from "@colloquy/conformance"
import { Codecs, Gptbots, Wire } from "@colloquy/gptbots"
import { emulation } from "@colloquy/gptbots/emulation"
import { Schema } from "effect"

// ---------------------------------------------------------------------------------------------------------------
// Rows
// ---------------------------------------------------------------------------------------------------------------

const times = Schema.optionalKey(
  Schema.Literals([1_683_871_849_906, "1683871849906", -1, 0, 1.5, 9e18, "", "soon", "007"])
)

const v1 = Schema.Struct({
  create_time: times,
  message_type: Schema.optionalKey(
    Schema.Literals(["ANSWER", "QUESTION", "answer", "TOOL", "", "constructor"])
  ),
  parent_message_id: Schema.optionalKey(Schema.Literals(["", "645dd86906931c4a9e0ffb1f"]))
})

const part = Schema.Struct({
  type: Schema.Literals(["text", "image", "file", "__proto__"]),
  text: Schema.optionalKey(Schema.String),
  image: Schema.optionalKey(
    Schema.Array(Schema.Struct({ url: Schema.String, size: Schema.optionalKey(Schema.Finite) }))
  )
})

const v2 = Schema.Struct({
  create_time: times,
  role: Schema.optionalKey(
    Schema.Literals(["assistant", "user", "USER", "system", "agent", "", "constructor"])
  ),
  feedback: Schema.optionalKey(Schema.NullOr(Schema.Literals(["POSITIVE", "NEGATIVE", "", "CANCELED"]))),
  content: Schema.optionalKey(
    Schema.Union([
      Schema.Json,
      Schema.String,
      Schema.Array(
        Schema.Struct({
          from_component_branch: Schema.optionalKey(Schema.Literals(["", "b1"])),
          branch_content: Schema.Array(part)
        })
      )
    ])
  )
})

// ---------------------------------------------------------------------------------------------------------------
// Answers
// ---------------------------------------------------------------------------------------------------------------

const codes: Readonly<Record<number, KnownAnswer["means"]>> = {
  40000: "InvalidRequest",
  40005: "InvalidRequest",
  40008: "RateLimited",
  40127: "Unauthorized",
  40353: "Forbidden",
  40356: "NotFound",
  40358: "InvalidRequest",
  40378: "NotFound",
  40379: "QuotaExhausted",
  20022: "QuotaExhausted",
  20055: "Forbidden",
  20059: "NotFound",
  50000: "Unavailable"
}

/** A code means the same whatever the status, as a number and as text. */
const byCode = Object.entries(codes).flatMap(([code, means]): ReadonlyArray<KnownAnswer> =>
  [Number(code), code].map((code) => ({ status: [200, 400, 401, 500], body: { code, message: "no" }, means }))
)

const answers: ReadonlyArray<KnownAnswer> = [
  ...byCode,
  { status: 200, body: { code: 0, message: "success" }, means: "success" },
  { status: 200, body: { code: "0" }, means: "success" },
  { status: 200, body: { total: 0, messages: [] }, means: "success" },
  { status: 200, body: { total: 1, messages: [], message: "hi" }, means: "success" },
  { status: 404, body: { code: 0, message: "no" }, means: "NotFound" },
  { status: 429, body: { code: 99999, message: "new" }, means: "RateLimited" },
  { status: 200, body: { code: 99999, message: "new" }, means: "InvalidResponse" },
  { status: 200, body: { code: "constructor" }, means: "InvalidResponse" },
  { status: 401, body: { message: "who?" }, means: "Unauthorized" }
]

Conformance.suite({
  vendor: Gptbots,
  emulation,
  messages: [
    { codec: Codecs.messages, rows: Conformance.rows(Wire.Message, v1) },
    { codec: Codecs.messagesV2, rows: Conformance.rows(Wire.MessageV2, v2) }
  ],
  conversations: [
    {
      codec: Codecs.conversations,
      rows: Conformance.rows(Wire.Conversation, Schema.Struct({ recent_chat_time: times }))
    }
  ],
  checkpoints: [
    {
      options: { until: 9 },
      messages: "d1_7ab8ab3724c7de34d48d3316a2a3edae",
      conversations: "d1_b9ee0c61730e3321602ce2fd51c2bc4b"
    },
    {
      options: { api: "v2", since: 5, type: "API", until: 9, userId: "u" },
      account: "eu",
      pageSize: 50,
      messages: "d1_5681ac2d33cc7af54dac2fc04f37d34d",
      conversations: "d1_c7306d94413bb5d8caea28494b5e46ba"
    }
  ],
  answers
})
