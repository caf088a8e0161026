/**
 * Intercom's codecs.
 *
 * Identity: the vendor's id of a part, or of the source.
 */
import type { Attachment, Role } from "@colloquy/core"
import { Codec, Extra, Timestamp } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import { compile } from "html-to-text"
import * as Wire from "./Wire.ts"

/** The vendor's name in canonical values. */
export const vendor = "intercom"

const timeOf = (seconds: number | null | undefined): string | null => {
  const time = seconds == null ? null : Timestamp.fromMillis(seconds * 1000)
  return time === null ? null : `${time.slice(0, 19)}Z`
}

const secondsOf = (time: string | null) => (time === null ? undefined : Timestamp.toMillis(time) / 1000)

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** Parsing takes time by the square of the depth of tags, so that a body of more tags than this stays as it is. */
const mostTags = 20_000

const plain = compile({
  wordwrap: false,
  // As deep as browsers build a page.
  limits: { maxDepth: 512 },
  selectors: [
    { selector: "a", options: { hideLinkHrefIfSameAsText: true } },
    ...["td", "th"].map((selector) => ({ selector, format: "block" })),
    ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } }))
  ]
})

/** The words of a body. Links and pictures leave their addresses. */
export const textOf = (html: string): string =>
  !/[<&]/.test(html) || html.split("<").length > mostTags ? html : plain(html)

const roles: Readonly<Record<string, Role>> = {
  user: "user",
  lead: "user",
  contact: "user",
  admin: "agent",
  team: "agent",
  bot: "assistant"
}
const types: Partial<Record<Role, string>> = { user: "user", agent: "admin", assistant: "bot" }

const isAuthor = Schema.is(Wire.Author)
const isAttachments = Schema.is(Wire.Attachments)

/** A part without words and files, such as an assignment, is the system's, whoever caused it. */
const roleOf = (wire: Wire.Message, author: Wire.Author | undefined, says: boolean): Role => {
  if (!says && wire.part_type != null && wire.part_type !== "comment") return "system"
  return author?.from_ai_agent === true ? "assistant" : (Extra.lookup(roles, author?.type ?? "") ?? "unknown")
}

const toAttachment = ({ filesize, name, type, url }: Wire.Attachments[number]): Attachment => ({
  kind: type || "file",
  url: url || null,
  name: name || null,
  size: filesize ?? null
})

/** Messages: parts of every type, and the source. A body with markup is in `extra`, and so are attachments as they came. */
export const messages = Codec.messages<Wire.Message>({
  vendor,
  operation: "Intercom.messages",
  wire: Wire.Message,
  id: "id",
  decode: (wire) => {
    const author = isAuthor(wire.author) ? wire.author : undefined
    const attachments = isAttachments(wire.attachments) ? wire.attachments.map(toAttachment) : []
    const text = textOf(wire.body ?? "")
    return {
      id: String(wire.id),
      role: roleOf(wire, author, text !== "" || attachments.length > 0),
      text,
      createdAt: timeOf(wire.created_at),
      userId: String(author?.id ?? "") || null,
      kind: wire.part_type || null,
      attachments
    }
  },
  encode: ({ createdAt, id, kind, role, text, userId }) => ({
    id,
    part_type: kind ?? undefined,
    body: text || undefined,
    author: types[role] && { type: types[role], id: userId },
    created_at: secondsOf(createdAt)
  })
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

const isSource = Schema.is(Wire.Source)

/** Conversations. The channel is the type of the source. */
export const conversations = Codec.conversations<Wire.Conversation>({
  vendor,
  operation: "Intercom.conversations",
  wire: Wire.Conversation,
  id: "id",
  impersonal: ["type", "id", "state", "open", "created_at", "updated_at", "admin_assignee_id", "statistics"],
  decode: (wire) => ({
    id: String(wire.id),
    createdAt: timeOf(wire.created_at),
    updatedAt: timeOf(wire.updated_at),
    channel: isSource(wire.source) ? wire.source.type : null,
    status: wire.state || null,
    assignee: String(wire.admin_assignee_id ?? "") || null
  }),
  encode: ({ assignee, createdAt, id, status, updatedAt }) => ({
    id,
    state: status ?? undefined,
    created_at: secondsOf(createdAt),
    updated_at: secondsOf(updatedAt),
    admin_assignee_id: assignee === null ? undefined : Number(assignee)
  })
})
