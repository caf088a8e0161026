/**
 * GPTBots' listings and their paging facts.
 *
 * | | messages v1, v2 | conversations |
 * |---|---|---|
 * | paging | page from 1, `page_size` 1 to 100, both required | the same |
 * | end | `total` reached; failing that, error 40005 or an empty page | the same; `total` only where it counts more than the page |
 * | order | undocumented | undocumented |
 * | ids | yes | yes |
 * | total | yes, a number or a string | of the page or of the whole: the documents do not say |
 */
import { Pagination } from "@colloquy/core"
import { Listing, Extra } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import { pastEndCode } from "./Errors.ts"
import * as Wire from "./Wire.ts"

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** Which messages. */
export interface MessagesOptions extends Paging, Pagination.ReadOptions {
  readonly conversationId: string
  /** Sent as `user_id`, which the v1 document shows in its example and not in its table. Default: not sent. */
  readonly userId?: string | undefined
  /** Messages that the list of conversations counted (`message_count`). Default null. */
  readonly expectedCount?: number | null | undefined
}

const isMessages = Schema.is(Wire.MessagesEnvelope)
/** Messages of v1, whatever the walk that brought them. */
export const messageRows: Listing.Rows<Wire.Message> = {
  operation: "Gptbots.messages",
  row: Listing.rows(Wire.Message)
}

/** `GET /v1/messages?conversation_id&user_id&page&page_size` */
export const messages = (options: MessagesOptions): Listing.Listing<Wire.Message> => ({
  ...messageRows,
  strategy: strategy(options, { totalMayCountPage: false }),
  request: (page) => ({ path: ["v1", "messages"], query: messagesQuery(options, page) }),
  envelope: (body) =>
    isMessages(body) ? { rows: body.messages, total: Extra.wholeNumber(body.total) } : undefined,
  key: Listing.keyOf("message_id"),
  pastEndCode,
  expectedCount: options.expectedCount
})

const isMessagesV2 = Schema.is(Wire.MessagesV2Envelope)
/** Messages of v2, whatever the walk that brought them. */
export const messageV2Rows: Listing.Rows<Wire.MessageV2> = {
  operation: "Gptbots.messagesV2",
  row: Listing.rows(Wire.MessageV2)
}

/** `GET /v2/messages?conversation_id&user_id&page&page_size` */
export const messagesV2 = (options: MessagesOptions): Listing.Listing<Wire.MessageV2> => ({
  ...messageV2Rows,
  strategy: strategy(options, { totalMayCountPage: false }),
  request: (page) => ({ path: ["v2", "messages"], query: messagesQuery(options, page) }),
  envelope: (body) =>
    isMessagesV2(body)
      ? { rows: body.conversation_content, total: Extra.wholeNumber(body.total) }
      : undefined,
  key: Listing.keyOf("message_id"),
  pastEndCode,
  expectedCount: options.expectedCount
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Which conversations. */
export interface ConversationsOptions extends Paging, Pagination.ReadOptions {
  /** The vendor's word for a channel, such as `API` or `WIDGET`. Default `ALL`. */
  readonly type?: string | undefined
  /** Only those with a recent chat at or after this time, epoch milliseconds. */
  readonly since: number
  /** Only those with a recent chat at or before this time, epoch milliseconds. */
  readonly until: number
  /** Only those of this user. Default all. */
  readonly userId?: string | undefined
}

const isConversations = Schema.is(Wire.ConversationsEnvelope)
/** Conversations, whatever the walk that brought them. */
export const conversationRows: Listing.Rows<Wire.Conversation> = {
  operation: "Gptbots.conversations",
  row: Listing.rows(Wire.Conversation)
}

/** `GET /v1/bot/conversation/page?conversation_type&start_time&end_time&user_id&page&page_size` */
export const conversations = (options: ConversationsOptions): Listing.Listing<Wire.Conversation> => ({
  ...conversationRows,
  strategy: strategy(options, { totalMayCountPage: true }),
  request: ({ page, size }) => ({
    path: ["v1", "bot", "conversation", "page"],
    query: {
      conversation_type: options.type ?? "ALL",
      start_time: options.since,
      end_time: options.until,
      ...(options.userId === undefined ? {} : { user_id: options.userId }),
      page,
      page_size: size ?? maxPageSize
    }
  }),
  envelope: (body) =>
    isConversations(body) ? { rows: body.list, total: Extra.wholeNumber(body.total) } : undefined,
  key: Listing.keyOf("conversation_id"),
  pastEndCode
})

// ---------------------------------------------------------------------------------------------------------------
// Paging facts
// ---------------------------------------------------------------------------------------------------------------

/** How a listing is paged. */
export interface Paging {
  /** Rows in a page, 1 to 100. Default 100; the vendor has no default. */
  readonly pageSize?: number | undefined
}

/** The documented maximum of `page_size`. */
export const maxPageSize = 100

const strategy = ({ pageSize = maxPageSize }: Paging, facts: { readonly totalMayCountPage: boolean }) =>
  Pagination.pageNumber({
    size: pageSize,
    maxSize: maxPageSize,
    ends: ["total", "endOfPagesError", "emptyPage"],
    ...facts
  })

const messagesQuery = (options: MessagesOptions, { page, size }: Pagination.PageRequest) => ({
  conversation_id: options.conversationId,
  ...(options.userId === undefined ? {} : { user_id: options.userId }),
  page,
  page_size: size ?? maxPageSize
})
