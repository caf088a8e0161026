/**
 * Matrix keeps the rules of the conformance kit: what its specification allows, and how its answers are meant.
 */
import { Conformance } from "@colloquy/conformance"
import { Codecs, Matrix, Wire } from "@colloquy/matrix"
import { emulation } from "@colloquy/matrix/emulation"
import { Schema } from "effect"

const Text = Schema.Struct({
  msgtype: Schema.Literals(["m.text", "m.notice", "m.sticker", "constructor", ""]),
  body: Schema.Union([Schema.String, Schema.Null])
})
const File = Schema.Struct({
  msgtype: Schema.Literals(["m.image", "m.file"]),
  body: Schema.optionalKey(Schema.String),
  url: Schema.optionalKey(Schema.String),
  file: Schema.optionalKey(Schema.Struct({ url: Schema.String })),
  info: Schema.optionalKey(Schema.Struct({ size: Schema.Json }))
})
const Reply = Schema.Struct({
  ...Text.fields,
  "m.relates_to": Schema.Struct({ "m.in_reply_to": Schema.Struct({ event_id: Schema.Json }) })
})

const odd = Schema.Struct({
  type: Schema.Literals(["m.room.message", "m.room.encrypted", "m.sticker", "constructor"]),
  origin_server_ts: Schema.optionalKey(Schema.Literals([1_795_626_373_361, 0, -1, 0.5, 9e15])),
  content: Schema.Union([Schema.Struct({}), Text, File, Reply])
})

const rejected = (status: number, errcode: string) => ({ status, body: { errcode, error: "no" } })

Conformance.suite({
  vendor: Matrix,
  emulation,
  messages: [{ codec: Codecs.messages, rows: Conformance.rows(Wire.Message, odd) }],
  conversations: [{ codec: Codecs.conversations, rows: Conformance.rows(Wire.Conversation) }],
  answers: [
    { ...rejected(401, "M_MISSING_TOKEN"), means: "Unauthorized" },
    { ...rejected(401, "M_UNKNOWN_TOKEN"), means: "Unauthorized" },
    { ...rejected(403, "M_USER_DEACTIVATED"), means: "Unauthorized" },
    { ...rejected(403, "M_FORBIDDEN"), means: "NotFound" },
    { ...rejected(404, "M_NOT_FOUND"), means: "NotFound" },
    { ...rejected(429, "M_LIMIT_EXCEEDED"), means: "RateLimited" },
    { ...rejected(404, "M_UNRECOGNIZED"), means: "InvalidRequest" },
    { ...rejected(400, "M_INVALID_PARAM"), means: "InvalidRequest" },
    { ...rejected(400, "M_UNKNOWN"), means: "InvalidRequest" },
    { ...rejected(200, "M_UNKNOWN"), means: "InvalidResponse" },
    { status: 502, body: "Bad Gateway", means: "Unavailable" },
    { status: 200, body: { chunk: [], start: "t1" }, means: "success" },
    { status: 200, body: { joined_rooms: [] }, means: "success" }
  ],
  notLists: [{ chunk: {} }, { chunk: [], end: 7 }, { joined_rooms: null }, { rooms: [], total_rooms: 0 }],
  checkpoints: [
    {
      options: {},
      messages: "d1_0bfaa22a7a2ea32229f48ca9e43e4b58",
      conversations: "d1_8c713f83880086d9249d5f7a365a5280"
    },
    {
      options: { bot: "@b:a" },
      pageSize: 40,
      messages: "d1_824d4cfd6b6fab71262a4f190c9aaef4",
      conversations: "d1_8c713f83880086d9249d5f7a365a5280"
    }
  ]
})
