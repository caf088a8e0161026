/**
 * Botpress keeps the rules of the conformance kit: what its documents allow, and how its answers are meant.
 */
import { Botpress, Codecs, errors, Wire } from "@colloquy/botpress"
import { emulation } from "@colloquy/botpress/emulation"
import { Conformance, type KnownAnswer } from "@colloquy/conformance"
import { Schema } from "effect"

const date = Schema.optionalKey(
  Schema.Literals(["2026-03-07T05:31:56.123Z", "2026-03-07T05:31:56Z", "2026-03-07", "yesterday", ""])
)

const card = { title: "A card", subtitle: "of two", imageUrl: "https://files.example/1.png", actions: [] }

const messages = Schema.Struct({
  createdAt: date,
  updatedAt: date,
  direction: Schema.optionalKey(Schema.Literals(["incoming", "outgoing", "", "constructor"])),
  type: Schema.optionalKey(Schema.Literals(["text", "image", "bloc", ""])),
  payload: Schema.optionalKey(
    Schema.Union([
      Schema.Json,
      Schema.Struct({ text: Schema.String }),
      Schema.Null,
      Schema.Struct({
        title: Schema.optionalKey(Schema.String),
        fileUrl: Schema.optionalKey(Schema.Literals(["", "https://files.example/1.pdf"])),
        items: Schema.optionalKey(
          Schema.Array(Schema.Union([Schema.Json, Schema.Struct({ payload: Schema.Json })]))
        )
      })
    ])
  )
})

const conversations = Schema.Struct({ createdAt: date, updatedAt: date })

const failure = (type: string) => ({ id: "err_1", code: 400, type, message: "no" })

Conformance.suite({
  vendor: Botpress,
  emulation,
  messages: [{ codec: Codecs.messages, rows: Conformance.rows(Wire.Message, messages) }],
  conversations: [{ codec: Codecs.conversations, rows: Conformance.rows(Wire.Conversation, conversations) }],
  answers: [
    ...Object.entries(errors.codes).map(([type, means]): KnownAnswer => ({
      status: [200, 400],
      body: failure(type),
      means
    })),
    { status: 200, body: failure("Runtime"), means: "InvalidResponse" },
    { status: 413, body: failure("LimitExceeded"), means: "InvalidRequest" },
    { status: 403, body: failure("constructor"), means: "Forbidden" },
    { status: 404, body: { message: "no" }, means: "NotFound" },
    { status: 200, body: { messages: [], meta: {} }, means: "success" }
  ],
  notLists: [{ messages: [], conversations: [] }, { messages: [], meta: null }, { messages: [card] }],
  checkpoints: [
    {
      options: { botId: "b-1" },
      messages: "d1_99536517d8259eb85fbd962902476ee7",
      conversations: "d1_6b3a27dc75dd2228bab5cdfac8408949"
    }
  ]
})
