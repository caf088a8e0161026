/**
 * Intercom's rows of conversations that a test gives. The first message of each is its source.
 */
import { Fixtures, Rows } from "@colloquy/engine"
import * as Codecs from "../Codecs.ts"
import { html, type IntercomCorpus } from "./corpus.ts"

/** Makes the rows. */
export const make = ({ conversationIds, conversations, messages }: Fixtures.Given): IntercomCorpus => ({
  conversationIds,
  conversations: Rows.reverse(
    conversations((conversation) =>
      Fixtures.fitting(Codecs.conversations, Codecs.conversations.encode(conversation))
    )
  ),
  messages: messages((message) => {
    const body = /[<&]/.test(message.text) ? { body: html(message.text) } : {}
    return Fixtures.fitting(Codecs.messages, { ...Codecs.messages.encode(message), ...body })
  })
})
