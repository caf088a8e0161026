/**
 * Mastra's listings and their paging facts.
 *
 * | | messages | conversations |
 * |---|---|---|
 * | paging | page from 0, `perPage`, 40 by default, without a maximum | the same, 100 by default |
 * | end | `total` | the same |
 * | order | oldest first, which is asked for | the same |
 * | ids | yes | yes |
 * | total | of the thread, in each page | of all threads, in each page |
 *
 * Without an order, an agent's messages come in blocks, the newest block first, each oldest first inside. `perPage=0` counts 0
 * messages whatever there are, so it is never asked for. `hasMore` says no more than `total`.
 */
import { Listing } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import * as Wire from "./Wire.ts"

// ---------------------------------------------------------------------------------------------------------------
// Paging facts
// ---------------------------------------------------------------------------------------------------------------

/** Which conversations are read, by which agent's memory. */
export interface Scope {
  readonly agentId?: string | undefined
  readonly resourceId?: string | undefined
}

const paging: Listing.Paging = { by: "page", size: 100, firstPage: 0, ends: ["total"] }

const query = {
  page: "page",
  perPage: "size",
  "orderBy[field]": () => "createdAt",
  "orderBy[direction]": () => "ASC",
  agentId: ({ agentId }: Scope) => agentId,
  resourceId: ({ resourceId }: Scope) => resourceId
} as const

const render =
  (field: "messages" | "threads") =>
  (rows: ReadonlyArray<unknown>, { lastPage, page, size, total }: Listing.Claims) => ({
    [field]: rows,
    total,
    page,
    perPage: size,
    hasMore: page < lastPage
  })

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

const isMessages = Schema.is(Wire.MessagesEnvelope)

/** The messages of a thread. Reminders to the model are asked for, too: an agent's memory hides them, and counts them. */
export const messages = Listing.make({
  codec: Codecs.messages,
  path: "/api/memory/threads/:conversationId/messages",
  query: { ...query, includeSystemReminders: () => "true" },
  paging,
  order: () => "oldestFirst",
  envelope: (body) =>
    isMessages(body) ? { rows: body.messages, total: body.total, page: body.page } : undefined,
  render: render("messages")
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

const isConversations = Schema.is(Wire.ConversationsEnvelope)

/** The threads. */
export const conversations = Listing.make({
  codec: Codecs.conversations,
  path: "/api/memory/threads",
  query,
  paging,
  order: () => "oldestFirst",
  envelope: (body) =>
    isConversations(body) ? { rows: body.threads, total: body.total, page: body.page } : undefined,
  render: render("threads")
})
