/**
 * Flowise keeps the rules of the conformance kit: what its server allows, and how its answers are meant.
 */
import { Conformance } from "@colloquy/conformance"
import { Codecs, Flowise, Wire } from "@colloquy/flowise"
import { emulation } from "@colloquy/flowise/emulation"
import { Schema } from "effect"

const dates = Schema.NullOr(
  Schema.Literals([
    "2026-11-25T17:09:18.854Z",
    "2026-11-25T17:09:18+02:00",
    "2026-02-30T11:58:10Z",
    "soon",
    ""
  ])
)

const odd = Schema.Struct({
  role: Schema.optionalKey(Schema.Literals(["userMessage", "apiMessage", "user", "constructor", ""])),
  createdDate: Schema.optionalKey(dates),
  sourceDocuments: Schema.optionalKey(Schema.Union([Schema.Json, Schema.Array(Wire.SourceDocument)])),
  fileUploads: Schema.optionalKey(Schema.Union([Schema.Json, Schema.Array(Wire.FileUpload)])),
  feedback: Schema.optionalKey(
    Schema.Union([Schema.Null, Schema.Struct({ rating: Schema.Literals(["THUMBS_UP", "THUMBS_DOWN", ""]) })])
  )
})

const failed = (statusCode: number, message: string) => ({
  status: statusCode,
  body: { statusCode, success: false, message, stack: {} }
})

Conformance.suite({
  vendor: Flowise,
  emulation,
  messages: [{ codec: Codecs.messages, rows: Conformance.rows(Wire.Message, odd) }],
  conversations: [
    {
      codec: Codecs.conversations,
      rows: Conformance.rows(Wire.Conversation, Schema.Struct({ createdDate: dates, lastDate: dates }))
    }
  ],
  answers: [
    {
      ...failed(500, "Error: chatMessagesService.getAllChatMessages - Unauthorized access"),
      means: "NotFound"
    },
    {
      ...failed(500, "Error: chatMessagesService.getAllChatMessages - disk I/O error"),
      means: "Unavailable"
    },
    { ...failed(412, "Error: page cannot be negative!"), means: "InvalidRequest" },
    { ...failed(200, "Error"), means: "InvalidResponse" },
    { status: 401, body: { error: "Unauthorized Access" }, means: "Unauthorized" },
    { status: 404, body: "Not Found", means: "NotFound" },
    { status: 429, body: "Too many requests", means: "RateLimited" },
    { status: 200, body: [], means: "success" }
  ],
  notLists: [{ data: [], total: 0 }],
  checkpoints: [
    {
      options: { flowId: "f" },
      messages: "d1_b270d1456231eee007da5a2a7f6a73f9",
      conversations: "d1_f6a917d5116876e5c924af34fc097c45"
    },
    {
      options: { flowId: "f", chatType: "EXTERNAL" },
      messages: "d1_131183d19f13cf46b7a7cd567e331423",
      conversations: "d1_79e22d0f3d59e17d65abc2c16d682b3b"
    }
  ]
})
