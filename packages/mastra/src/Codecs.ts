/**
 * Mastra's codecs.
 *
 * Identity: the ids of messages and threads, which the application chooses.
 */
import type { Attachment, Role } from "@colloquy/core"
import { Codec, Extra, Timestamp } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

/** The vendor's name in canonical values. */
export const vendor = "mastra"

const timeOf = (text: string | null | undefined): string | null =>
  text == null ? null : Timestamp.fromIso(text)

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

const roles: Readonly<Record<string, Role>> = { user: "user", assistant: "assistant", system: "system" }

const isPart = Schema.is(Wire.Part)
const isContent = Schema.is(Wire.Content)
const isList = Schema.is(Schema.Array(Schema.Json))

interface Said {
  readonly text: string
  readonly attachments: ReadonlyArray<Attachment>
}

/** The texts of the parts, in lines of their own, and the files among them. */
const saidIn = (content: Schema.Json): Said => {
  if (typeof content === "string") return { text: content, attachments: [] }
  const all = isContent(content) ? content.parts : isList(content) ? content : []
  const parts = all.filter(isPart)
  const texts = parts.flatMap(({ text, type }) => (type === "text" && text != null ? [text] : []))
  const files = parts.filter(({ type }) => type === "file")
  return {
    text: texts.length > 0 ? texts.join("\n") : ((isContent(content) ? content.content : null) ?? ""),
    attachments: files.map(({ data, filename, mimeType }) => ({
      kind: mimeType || "file",
      // A file may also be in the part itself: it stays in `extra`.
      url: data != null && /^https?:/.test(data) ? data : null,
      name: filename || null,
      size: null
    }))
  }
}

/** Messages. */
export const messages = Codec.messages<Wire.Message>({
  vendor,
  operation: "Mastra.messages",
  wire: Wire.Message,
  id: "id",
  decode: ({ content, createdAt, id, resourceId, role, type }) => ({
    id,
    role: Extra.lookup(roles, role) ?? "unknown",
    ...saidIn(content),
    createdAt: timeOf(createdAt),
    userId: resourceId || null,
    kind: type || null
  }),
  encode: ({ createdAt, id, kind, role, text, userId }) => ({
    id,
    role: Extra.lookup(roles, role),
    content: { format: 2, parts: [{ type: "text", text }] },
    createdAt: createdAt ?? undefined,
    resourceId: userId ?? undefined,
    type: kind ?? undefined
  })
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Threads. `updatedAt` is the time of the last message that was saved. */
export const conversations = Codec.conversations<Wire.Conversation>({
  vendor,
  operation: "Mastra.conversations",
  wire: Wire.Conversation,
  id: "id",
  impersonal: ["id", "createdAt", "updatedAt"],
  decode: ({ createdAt, id, updatedAt }) => ({
    id,
    createdAt: timeOf(createdAt),
    updatedAt: timeOf(updatedAt)
  }),
  encode: ({ createdAt, id, updatedAt }) => ({
    id,
    createdAt: createdAt ?? undefined,
    updatedAt: updatedAt ?? undefined
  })
})
