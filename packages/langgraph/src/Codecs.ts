/**
 * LangGraph's codecs.
 *
 * Identity: the ids of messages and threads. A graph whose state does not give its messages ids has messages without: their
 * ids are derived from thread, index, type and text.
 */
import type { Attachment, Role } from "@colloquy/core"
import { Codec, DerivedId, Extra, Timestamp } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

/** The vendor's name in canonical values. */
export const vendor = "langgraph"

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

const roles: Readonly<Record<string, Role>> = { human: "user", ai: "assistant", system: "system" }
const words: Partial<Record<Role, string>> = { user: "human", assistant: "ai", system: "system" }

const isBlock = Schema.is(Wire.Block)
const isList = Schema.is(Schema.Array(Schema.Json))

interface Said {
  readonly text: string
  readonly attachments: ReadonlyArray<Attachment>
}

/** The texts among the blocks, in lines of their own, and all that has a URL. */
const saidIn = (content: Schema.Json): Said => {
  if (typeof content === "string") return { text: content, attachments: [] }
  const all = isList(content) ? content : []
  const texts = all.flatMap((block) => {
    if (typeof block === "string") return [block]
    return isBlock(block) && block.type === "text" && block.text != null ? [block.text] : []
  })
  const attachments = all.filter(isBlock).flatMap(({ image_url: image, type, url: own }) => {
    const url = typeof image === "object" ? image.url : (image ?? own)
    // An image may also be in the block itself: it stays in `extra`.
    return url != null && /^https?:/.test(url) ? [{ kind: type, url, name: null, size: null }] : []
  })
  return { text: texts.join("\n"), attachments }
}

/** Messages. A message's index in the state is its position. */
export const messages = Codec.messages<Wire.Message>({
  vendor,
  operation: "LangGraph.messages",
  wire: Wire.Message,
  id: "id",
  decode: ({ content, id, type }, { conversationId, index }) => {
    const said = saidIn(content)
    return {
      id: id || DerivedId.make([conversationId, index, type, said.text]),
      idOrigin: id ? "vendor" : "derived",
      position: index,
      role: Extra.lookup(roles, type) ?? "unknown",
      ...said
    }
  },
  encode: ({ id, idOrigin, role, text }) => ({
    id: idOrigin === "vendor" ? id : undefined,
    type: words[role],
    content: text
  })
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Threads. Their `updated_at` stays in `extra`: messages may be added without changing it. */
export const conversations = Codec.conversations<Wire.Conversation>({
  vendor,
  operation: "LangGraph.conversations",
  wire: Wire.Conversation,
  id: "thread_id",
  impersonal: ["thread_id", "created_at", "updated_at", "status"],
  decode: ({ created_at: createdAt, status, thread_id: id }) => ({
    id,
    createdAt: createdAt == null ? null : Timestamp.fromIso(createdAt),
    status: status || null
  }),
  encode: ({ createdAt, id, status }) => ({
    thread_id: id,
    created_at: createdAt ?? undefined,
    status: status ?? undefined
  })
})
