/**
 * The kit tries the vendor of `docs/your-own-vendor.md`; the code below is that page's.
 */
import { Conformance } from "@colloquy/conformance"
import { Schema } from "effect"
import { closed, Desk, messages, Wire } from "#examples/vendor"

const times = Schema.Struct({ sent: Schema.optionalKey(Schema.Literals([0, 1_704_103_200_000, 4e15])) })

Conformance.suite({
  vendor: Desk,
  sources: {
    "Desk, open chats": { team: "support" },
    "Desk, closed chats": { team: "support", state: "closed" }
  },
  messages: [{ codec: messages.codec, rows: Conformance.rows(Wire.Message, times) }],
  conversations: [{ codec: closed.codec, rows: Conformance.rows(Wire.Chat) }],
  answers: [
    { status: [200, 404], body: { code: "no_such_chat", message: "no" }, means: "NotFound" },
    { status: [200, 429], body: { code: "slow_down", message: "wait" }, means: "RateLimited" },
    { status: 200, body: { data: [], total: 0 }, means: "success" },
    { status: 200, body: { message: "maintenance" }, means: "InvalidResponse" }
  ],
  notLists: [{ data: [] }, { data: { "0": {} }, total: 1 }]
})
