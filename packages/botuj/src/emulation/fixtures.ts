/**
 * Botuj's rows of conversations that a test gives. Ids that are no numbers are text. Every role but a user's is the bot's.
 */
import { Fixtures, Rows } from "@colloquy/engine"
import * as Codecs from "../Codecs.ts"
import type { BotujCorpus } from "./corpus.ts"

/** Makes the rows. */
export const make = ({ conversationIds, conversations, messages }: Fixtures.Given): BotujCorpus => ({
  conversationIds,
  conversations: Rows.reverse(
    conversations((conversation) =>
      Fixtures.fitting(Codecs.conversations, {
        ...Codecs.conversations.encode(conversation),
        id: idOf(conversation.id)
      })
    )
  ),
  messages: messages((message) =>
    Fixtures.fitting(Codecs.messages, { ...Codecs.messages.encode(message), id: idOf(message.id) })
  )
})

/** A number if that gives the same id. */
const idOf = (id: string): number | string => (String(Number(id)) === id ? Number(id) : id)
