/**
 * Chatling's rows of conversations that a test gives. Roles that Chatling has no word for keep their own.
 */
import type { Message } from "@colloquy/core"
import { Fixtures, Rows } from "@colloquy/engine"
import * as Codecs from "../Codecs.ts"
import type * as Wire from "../Wire.ts"
import { type ChatlingCorpus, chatbotId, latest } from "./corpus.ts"

/** Makes the rows. */
export const make = ({ conversationIds, conversations, messages }: Fixtures.Given): ChatlingCorpus => {
  const all = conversations((conversation, own): Wire.Conversation =>
    Fixtures.fitting(Codecs.conversations, {
      ...Codecs.conversations.encode(conversation),
      messages: own.slice(-latest).toReversed().map(encode)
    })
  )
  const byId = new Map(Rows.toArray(all).map((row) => [String(row.id), row]))
  return {
    chatbotId,
    conversationIds,
    conversations: Rows.reverse(all),
    conversation: (id) => byId.get(id),
    messages: messages((message) => Fixtures.fitting(Codecs.messages, encode(message)))
  }
}

const encode = (message: Message) => ({ role: message.role, ...Codecs.messages.encode(message) })
