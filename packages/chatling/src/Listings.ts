/**
 * Chatling's listings and their paging facts.
 *
 * | | messages | conversations |
 * |---|---|---|
 * | paging | page from 1, the server sets the size | the same |
 * | end | `current_page` has reached `last_page`; else an empty page, or a refusal after the last | the same |
 * | order | `date_desc`, or `date_asc` on request | undocumented |
 * | ids | none documented | yes |
 * | total | none | none |
 */
import type { Pagination } from "@colloquy/core"
import { Listing } from "@colloquy/core/vendor"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import * as Wire from "./Wire.ts"

// ---------------------------------------------------------------------------------------------------------------
// Paging facts
// ---------------------------------------------------------------------------------------------------------------

const paging: Listing.Paging = {
  by: "page",
  size: null,
  ends: ["lastPage", "emptyPage", "endOfPagesError"]
}

const render =
  (field: "messages" | "conversations") =>
  (rows: ReadonlyArray<unknown>, { lastPage, page, size }: Listing.Claims) => ({
    status: "success",
    data: { pages: { current_page: page, last_page: lastPage, per_page: size }, [field]: rows }
  })

const claims = (pages: Wire.Pages | undefined) => ({
  page: pages?.current_page ?? null,
  lastPage: pages?.last_page ?? null
})

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** Oldest or newest message first. */
export type Sort = "date_asc" | "date_desc"

/** The order of messages. */
export interface Sorting {
  /**
   * Default here `date_asc`, which does not shift while a conversation grows. The vendor's default is `date_desc`.
   */
  readonly sort?: Sort | undefined
}

/** The order of messages in a sort. */
export const orderOf = ({ sort }: Sorting): Pagination.Order =>
  sort === "date_desc" ? "newestFirst" : "oldestFirst"

const sortOf = ({ sort = "date_asc" }: Sorting): Sort => sort

const decodeMessages = Schema.decodeUnknownOption(Wire.MessagesEnvelope)

/** The messages of a conversation. */
export const messages = Listing.make({
  codec: Codecs.messages,
  path: "/v2/chatbots/:chatbotId/conversations/:conversationId/messages",
  query: { page: "page", sort: sortOf },
  paging,
  order: orderOf,
  decodedBy: (sorting: Sorting) => ({ sort: sortOf(sorting) }),
  envelope: (body) =>
    Option.getOrUndefined(
      Option.map(decodeMessages(body), ({ data }) => ({ rows: data.messages, ...claims(data.pages) }))
    ),
  render: render("messages")
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

const decodeConversations = Schema.decodeUnknownOption(Wire.ConversationsEnvelope)

/** The conversations of a chatbot. */
export const conversations = Listing.make({
  codec: Codecs.conversations,
  path: "/v2/chatbots/:chatbotId/conversations",
  query: { page: "page" },
  paging,
  envelope: (body) =>
    Option.getOrUndefined(
      Option.map(decodeConversations(body), ({ data }) => ({
        rows: data.conversations,
        ...claims(data.pages)
      }))
    ),
  render: render("conversations")
})
