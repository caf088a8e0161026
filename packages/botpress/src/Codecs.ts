/**
 * Botpress's codecs.
 *
 * Identity: the vendor's id.
 */
import type { Attachment, Message, Role } from "@colloquy/core"
import { Codec, Extra, Timestamp } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

/** The vendor's name in canonical values. */
export const vendor = "botpress"

const timeOf = (text: string | null | undefined): string | null =>
  text == null ? null : Timestamp.fromIso(text)

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

const roles: Readonly<Record<string, Role>> = { incoming: "user", outgoing: "assistant" }
const directions: Partial<Record<Role, string>> = { user: "incoming", assistant: "outgoing" }

/** What a payload says to a reader. */
interface Content {
  readonly text: string
  readonly attachments: ReadonlyArray<Attachment>
}

const isPayload = Schema.is(Wire.Payload)
const isItem = Schema.is(Wire.Item)

/** The content of a payload of any type; those of `items` one after the other. */
const contentOf = (payload: Schema.Json | undefined): Content => {
  if (!isPayload(payload)) return { text: "", attachments: [] }
  const items = (payload.items ?? []).map((item) => contentOf(isItem(item) ? item.payload : item))
  const attachments = attachmentsOf(payload)
  // The title of a file is its name; only a card has both a subtitle, or buttons, and an image.
  const isFile = attachments.length > 0 && !("actions" in payload) && payload.subtitle == null
  const words = isFile ? [] : [payload.title, payload.subtitle, payload.address]
  const texts = [payload.text ?? payload.markdown, ...words, ...items.map(({ text }) => text)]
  return {
    text: texts.filter(Boolean).join("\n"),
    attachments: [...attachments, ...items.flatMap(({ attachments }) => attachments)]
  }
}

const attachmentsOf = ({ title, ...urls }: Wire.Payload): ReadonlyArray<Attachment> =>
  (["image", "audio", "video", "file"] as const).flatMap((kind) => {
    const url = urls[`${kind}Url`]
    return url == null || url === "" ? [] : [{ kind, url, name: title || null, size: null }]
  })

/** The payload of a message of text alone. */
const payloadOf = ({ attachments, kind, text }: Message): Schema.Json | undefined =>
  text === "" || attachments.length > 0 || (kind !== null && kind !== "text") ? undefined : { text }

/** Messages. Payloads of other types than text are in `extra`, too. */
export const messages = Codec.messages<Wire.Message>({
  vendor,
  operation: "Botpress.messages",
  wire: Wire.Message,
  id: "id",
  decode: (wire) => ({
    ...contentOf(wire.payload),
    id: wire.id,
    role: Extra.lookup(roles, wire.direction ?? "") ?? "unknown",
    createdAt: timeOf(wire.createdAt),
    userId: wire.userId || null,
    kind: wire.type || null
  }),
  encode: (message) => ({
    id: message.id,
    userId: message.userId ?? undefined,
    type: message.kind ?? undefined,
    direction: directions[message.role],
    payload: payloadOf(message),
    createdAt: message.createdAt ?? undefined
  })
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/**
 * Conversations. `updatedAt` stays in `extra`: no document says that a message moves it, so that it shows no activity.
 */
export const conversations = Codec.conversations<Wire.Conversation>({
  vendor,
  operation: "Botpress.conversations",
  wire: Wire.Conversation,
  id: "id",
  impersonal: ["id", "channel", "integration", "createdAt", "updatedAt", "messageCount"],
  decode: (wire) => ({
    id: wire.id,
    createdAt: timeOf(wire.createdAt),
    channel: wire.channel || null,
    messageCount: Extra.wholeNumber(wire.messageCount)
  }),
  encode: (conversation) => ({
    id: conversation.id,
    channel: conversation.channel ?? undefined,
    createdAt: conversation.createdAt ?? undefined,
    messageCount: conversation.messageCount ?? undefined
  })
})
