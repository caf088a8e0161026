/**
 * GPTBots' listings and their paging facts.
 *
 * | | messages v1, v2 | conversations |
 * |---|---|---|
 * | paging | page from 1, `page_size` 1 to 100, both required | the same |
 * | end | `total` reached; else error 40005 or an empty page | the same; `total` only if it exceeds the page |
 * | order | undocumented | undocumented |
 * | ids | yes | yes |
 * | total | yes, a number or a string | of the page or of the whole: the documents do not say |
 */
import { Extra, Listing } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import { pastEndCode } from "./Errors.ts"
import * as Wire from "./Wire.ts"

// ---------------------------------------------------------------------------------------------------------------
// Paging facts
// ---------------------------------------------------------------------------------------------------------------

const paging: Listing.Paging = {
  by: "page",
  size: 100,
  maxSize: 100,
  ends: ["total", "endOfPagesError", "emptyPage"]
}

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** Which messages to read. */
export interface MessagesOptions {
  readonly conversationId: string
  /** Sent as `user_id`, which is in the v1 document's example but not in its table. Default: not sent. */
  readonly userId?: string | undefined
}

const query = {
  conversation_id: ({ conversationId }: MessagesOptions) => conversationId,
  user_id: ({ userId }: MessagesOptions) => userId,
  page: "page",
  page_size: "size"
} as const

const isMessages = Schema.is(Wire.MessagesEnvelope)

/** The messages of a conversation, by v1. */
export const messages = Listing.make({
  codec: Codecs.messages,
  path: "/v1/messages",
  query,
  paging,
  pastEndCode,
  envelope: (body) =>
    isMessages(body) ? { rows: body.messages, total: Extra.wholeNumber(body.total) } : undefined,
  render: (messages, { total }) => ({ total, messages })
})

const isMessagesV2 = Schema.is(Wire.MessagesV2Envelope)

/** The messages of a conversation, by v2, with roles, files and feedback. */
export const messagesV2 = Listing.make({
  codec: Codecs.messagesV2,
  path: "/v2/messages",
  query,
  paging,
  pastEndCode,
  envelope: (body) =>
    isMessagesV2(body)
      ? { rows: body.conversation_content, total: Extra.wholeNumber(body.total) }
      : undefined,
  render: (rows, { total }) => ({ total, conversation_content: rows })
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Which conversations to read. */
export interface ConversationsOptions {
  /** The vendor's word for a channel, such as `API` or `WIDGET`. Default `ALL`. */
  readonly type?: string | undefined
  /** Only conversations with a recent chat at or after this time, in epoch milliseconds. */
  readonly since: number
  /** Only conversations with a recent chat at or before this time, in epoch milliseconds. */
  readonly until: number
  /** Only conversations of this user. Default: of all users. */
  readonly userId?: string | undefined
}

const isConversations = Schema.is(Wire.ConversationsEnvelope)

/** The agent's conversations in a span of time. */
export const conversations = Listing.make({
  codec: Codecs.conversations,
  path: "/v1/bot/conversation/page",
  query: {
    conversation_type: ({ type = "ALL" }: ConversationsOptions) => type,
    start_time: ({ since }: ConversationsOptions) => since,
    end_time: ({ until }: ConversationsOptions) => until,
    user_id: ({ userId }: ConversationsOptions) => userId,
    page: "page",
    page_size: "size"
  },
  paging: { ...paging, totalMayCountPage: true },
  pastEndCode,
  envelope: (body) =>
    isConversations(body) ? { rows: body.list, total: Extra.wholeNumber(body.total) } : undefined,
  render: (list, { total }) => ({ total, list })
})
