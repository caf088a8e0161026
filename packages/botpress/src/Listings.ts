/**
 * Botpress's listings and their paging facts.
 *
 * | | messages | conversations |
 * |---|---|---|
 * | paging | `nextToken`; the server chooses the size, 20 by default | the same |
 * | end | `meta` without `nextToken` | the same |
 * | order | newest first | by `createdAt`, oldest first, which is asked for |
 * | ids | yes | yes |
 * | total | none; the list's `messageCount` | none |
 *
 * What a token stands for is not documented, so that it counts as a place in the list.
 */
import { Listing } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import * as Wire from "./Wire.ts"

// ---------------------------------------------------------------------------------------------------------------
// Paging facts
// ---------------------------------------------------------------------------------------------------------------

const paging: Listing.Paging = { by: "cursor", size: null }

/** The bot whose conversations are read. */
export interface OfBot {
  readonly botId: string
}

const headers = { "x-bot-id": ({ botId }: OfBot) => botId }

const metaOf = (next: string | null | undefined) => (next == null ? {} : { nextToken: next })

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** Which messages to read. */
export interface MessagesOptions extends OfBot {
  readonly conversationId: string
}

const isMessages = Schema.is(Wire.MessagesEnvelope)

/** The messages of a conversation. What an unknown conversation answers is not documented. */
export const messages = Listing.make({
  codec: Codecs.messages,
  path: "/v1/chat/messages",
  query: { conversationId: ({ conversationId }: MessagesOptions) => conversationId, nextToken: "cursor" },
  headers,
  paging,
  order: () => "newestFirst",
  unknownIsEmpty: true,
  envelope: (body) =>
    isMessages(body) ? { rows: body.messages, next: body.meta.nextToken ?? null } : undefined,
  render: (messages, { next }) => ({ messages, meta: metaOf(next) })
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

const isConversations = Schema.is(Wire.ConversationsEnvelope)

/** The bot's conversations. Oldest first, a list that grows does not move. */
export const conversations = Listing.make({
  codec: Codecs.conversations,
  path: "/v1/chat/conversations",
  query: { sortField: () => "createdAt", sortDirection: () => "asc", nextToken: "cursor" },
  headers,
  paging,
  order: () => "oldestFirst",
  envelope: (body) =>
    isConversations(body) ? { rows: body.conversations, next: body.meta.nextToken ?? null } : undefined,
  render: (conversations, { next }) => ({ conversations, meta: metaOf(next) })
})
