/**
 * Matrix's codecs.
 *
 * Identity: the event's id; the room's id.
 */
import { Codec, Timestamp } from "@colloquy/core/vendor"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

/** The vendor's name in canonical values. */
export const vendor = "matrix"

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** The type of a message that can be read; its `msgtype` says more. */
export const messageType = "m.room.message"

/** The types of other events that people say something with: `kind` has them. */
export const otherTypes: ReadonlyArray<string> = ["m.room.encrypted", "m.sticker"]

/** The `msgtype` of messages that bots write, by the specification. */
const notice = "m.notice"

const decodeFile = Schema.decodeUnknownOption(Wire.FileContent)
const decodeReply = Schema.decodeUnknownOption(Wire.ReplyContent)

const noFile: typeof Wire.FileContent.Type = {}

const attachments = (kind: string | null, content: Wire.Message["content"]) => {
  const { body, file, filename, info, url = file?.url } = Option.getOrElse(decodeFile(content), () => noFile)
  if (url === undefined) return []
  return [{ kind: kind ?? "file", url, name: filename ?? body ?? null, size: info?.size ?? null }]
}

const parentId = (content: Wire.Message["content"]): string | null =>
  Option.match(decodeReply(content), {
    onNone: () => null,
    onSome: (reply) => reply["m.relates_to"]["m.in_reply_to"].event_id
  })

const text = (value: Schema.Json | undefined): string | null => (Predicate.isString(value) ? value : null)

/** Messages. `options.bot` is the id of the user that is the bot; without it, notices are the bot's. */
export const messages = Codec.messages<Wire.Message>({
  vendor,
  operation: "Matrix.messages",
  wire: Wire.Message,
  id: "event_id",
  decode: ({ content, event_id, origin_server_ts, sender, type }, { options: { bot } }) => {
    const kind = type === messageType ? text(content["msgtype"]) : type
    const isBots = bot === undefined ? kind === notice : sender === bot
    return {
      id: event_id,
      role: isBots ? "assistant" : "user",
      text: text(content["body"]) ?? "",
      createdAt: origin_server_ts == null ? null : Timestamp.fromMillis(origin_server_ts),
      parentId: parentId(content),
      userId: sender || null,
      kind,
      attachments: attachments(kind, content)
    }
  },
  encode: ({ conversationId, createdAt, id, kind, role, text, userId }) => {
    const isOther = kind !== null && otherTypes.includes(kind)
    const msgtype = isOther ? undefined : (kind ?? (role === "user" ? "m.text" : notice))
    return {
      event_id: id,
      type: isOther ? kind : messageType,
      sender: userId ?? undefined,
      room_id: conversationId,
      origin_server_ts: createdAt === null ? undefined : Timestamp.toMillis(createdAt),
      content: msgtype === undefined ? { body: text } : { msgtype, body: text }
    }
  }
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Conversations: rooms. Their list has nothing but ids. */
export const conversations = Codec.conversations<Wire.Conversation>({
  vendor,
  operation: "Matrix.conversations",
  wire: Wire.Conversation,
  id: "room_id",
  impersonal: [],
  decode: ({ room_id }) => ({ id: room_id }),
  encode: ({ id }) => ({ room_id: id })
})
