/**
 * OpenCopilot's rows of conversations that a test gives. Roles that OpenCopilot has no word for keep their own.
 */
import { Fixtures, Rows } from "@colloquy/engine"
import * as Codecs from "../Codecs.ts"
import { botId, type OpenCopilotCorpus, organizationId } from "./corpus.ts"

/** Makes the rows. */
export const make = ({ conversationIds, conversations, messages }: Fixtures.Given): OpenCopilotCorpus => ({
  organizationId,
  botId,
  conversationIds,
  conversations: Rows.reverse(
    conversations((conversation) =>
      Fixtures.fitting(Codecs.conversations, Codecs.conversations.encode(conversation))
    )
  ),
  organizationConversations: conversations((conversation) =>
    Fixtures.fitting(Codecs.organizationConversations, {
      copilot_id: botId,
      ...Codecs.organizationConversations.encode(conversation)
    })
  ),
  messages: messages((message) =>
    Fixtures.fitting(Codecs.messages, { from: message.role, ...Codecs.messages.encode(message) })
  )
})
