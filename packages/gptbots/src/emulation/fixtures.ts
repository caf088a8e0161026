/**
 * GPTBots' rows of conversations that a test gives. A conversation without times was active when its last message came,
 * or in 1970.
 */
import type { Attachment, Conversation, Message, Role } from "@colloquy/core"
import { Timestamp } from "@colloquy/core/vendor"
import { Fixtures, Rows } from "@colloquy/engine"
import type * as Schema from "effect/Schema"
import * as Codecs from "../Codecs.ts"
import type { GptbotsCorpus } from "./corpus.ts"

/** Makes the rows. */
export const make = ({ conversationIds, conversations, messages }: Fixtures.Given): GptbotsCorpus => ({
  conversationIds,
  conversations: Rows.reverse(
    conversations((conversation, own) =>
      Fixtures.fitting(Codecs.conversations, {
        recent_chat_time: activity(conversation, own),
        ...Codecs.conversations.encode(conversation)
      })
    )
  ),
  messages: messages((message) =>
    Fixtures.fitting(Codecs.messages, {
      message_type: types[message.role] ?? message.role,
      ...Codecs.messages.encode(message)
    })
  ),
  messagesV2: messages((message) =>
    Fixtures.fitting(Codecs.messagesV2, { content: contentOf(message), ...Codecs.messagesV2.encode(message) })
  )
})

const types: Partial<Record<Role, string>> = { assistant: "ANSWER", user: "QUESTION" }

const activity = (conversation: Conversation, messages: ReadonlyArray<Message>): number => {
  const time = messages.findLast(({ createdAt }) => createdAt !== null)?.createdAt ?? conversation.createdAt
  return time === null ? 0 : Timestamp.toMillis(time)
}

/** The text and the files of a message, which `encode` leaves to `extra` if there are files. */
const contentOf = ({ attachments, text }: Message): Schema.Json => [
  { branch_content: [...(text === "" ? [] : [{ type: "text", text }]), ...attachments.map(fileOf)] }
]

const fileOf = ({ kind, ...file }: Attachment): Schema.JsonObject => ({ type: kind, [kind]: [file] })
