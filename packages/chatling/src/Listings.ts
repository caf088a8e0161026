/**
 * Chatling's listings and their paging facts.
 *
 * | | messages | conversations |
 * |---|---|---|
 * | paging | page from 1, the server sets the size | the same |
 * | end | `current_page` has reached `last_page`; failing that, an empty page or a refusal behind the last | the same |
 * | order | `date_desc`, or `date_asc` on request | undocumented |
 * | ids | none documented | yes |
 * | total | none | none |
 */
import { Pagination } from "@colloquy/core"
import { Listing } from "@colloquy/core/vendor"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** Oldest or newest message first. */
export type Sort = "date_asc" | "date_desc"

/** Which messages, and in which order. */
export interface MessagesOptions extends Pagination.ReadOptions {
  readonly chatbotId: string
  readonly conversationId: string
  /** `date_asc`, the default here, cannot shift while a conversation grows. The vendor's default is `date_desc`. */
  readonly sort?: Sort | undefined
  /** Messages that the list of conversations counted. Chatling's list counts none; default null. */
  readonly expectedCount?: number | null | undefined
}

/** How messages run in a sort. */
export const orderOf = (sort: Sort = "date_asc"): Pagination.Order =>
  sort === "date_asc" ? "oldestFirst" : "newestFirst"

const decodeMessages = Schema.decodeUnknownOption(Wire.MessagesEnvelope)
/** Messages, whatever the walk that brought them. */
export const messageRows: Listing.Rows<Wire.Message> = {
  operation: "Chatling.messages",
  row: Listing.rows(Wire.Message)
}

/** `GET /v2/chatbots/{chatbotId}/conversations/{conversationId}/messages?page&sort` */
export const messages = (options: MessagesOptions): Listing.Listing<Wire.Message> => ({
  ...messageRows,
  decodedBy: { sort: options.sort ?? "date_asc" },
  strategy: Pagination.pageNumber({
    ends: ["lastPage", "emptyPage", "endOfPagesError"]
  }),
  order: orderOf(options.sort),
  request: ({ page }) => ({
    path: ["v2", "chatbots", options.chatbotId, "conversations", options.conversationId, "messages"],
    query: { page, sort: options.sort ?? "date_asc" }
  }),
  envelope: (body) =>
    Option.getOrUndefined(
      Option.map(decodeMessages(body), ({ data }) => ({ rows: data.messages, ...claims(data.pages) }))
    ),
  expectedCount: options.expectedCount
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Whose conversations. */
export interface ConversationsOptions extends Pagination.ReadOptions {
  readonly chatbotId: string
}

const decodeConversations = Schema.decodeUnknownOption(Wire.ConversationsEnvelope)
/** Conversations, whatever the walk that brought them. */
export const conversationRows: Listing.Rows<Wire.Conversation> = {
  operation: "Chatling.conversations",
  row: Listing.rows(Wire.Conversation)
}

/** `GET /v2/chatbots/{chatbotId}/conversations?page` */
export const conversations = (options: ConversationsOptions): Listing.Listing<Wire.Conversation> => ({
  ...conversationRows,
  strategy: Pagination.pageNumber({
    ends: ["lastPage", "emptyPage", "endOfPagesError"]
  }),
  request: ({ page }) => ({ path: ["v2", "chatbots", options.chatbotId, "conversations"], query: { page } }),
  envelope: (body) =>
    Option.getOrUndefined(
      Option.map(decodeConversations(body), ({ data }) => ({
        rows: data.conversations,
        ...claims(data.pages)
      }))
    ),
  key: Listing.keyOf("id")
})

// ---------------------------------------------------------------------------------------------------------------
// Paging facts
// ---------------------------------------------------------------------------------------------------------------

const claims = (pages: Wire.Pages | undefined) => ({
  page: pages?.current_page ?? null,
  lastPage: pages?.last_page ?? null
})
