/**
 * OpenCopilot's listings and their paging facts.
 *
 * | | messages | conversations of a bot (v1) | conversations of an organization (v2) |
 * |---|---|---|---|
 * | paging | `offset` and `limit` | `offset` and `limit` | `page` from 1 and `limit` |
 * | default size | 50 | 50 (of messages) | 10 |
 * | end | an empty page, or a refusal behind the last | the same | the same |
 * | order | undocumented; the example is oldest first | undocumented | `sortBy`, `sortDirection` |
 * | ids | none | yes | yes |
 * | total | none; the v2 list's `total_messages` | none | none |
 */
import { Pagination } from "@colloquy/core"
import { Listing } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** Which messages. */
export interface MessagesOptions extends Paging, Pagination.ReadOptions {
  readonly botId: string
  readonly conversationId: string
  /** Messages that the list of conversations counted (`total_messages`). Default null. */
  readonly expectedCount?: number | null | undefined
}

/** Messages, whatever the walk that brought them. */
export const messageRows: Listing.Rows<Wire.Message> = {
  operation: "OpenCopilot.messages",
  row: Listing.rows(Wire.Message)
}

/** `GET /backend/conversations/:bot_id/messages/:conversation_id?offset&limit` */
export const messages = (options: MessagesOptions): Listing.Listing<Wire.Message> => ({
  ...messageRows,
  strategy: offsetStrategy(options),
  request: ({ offset, size }) => ({
    path: ["backend", "conversations", options.botId, "messages", options.conversationId],
    query: { offset, limit: size ?? defaultPageSize }
  }),
  envelope,
  expectedCount: options.expectedCount
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations of a bot (v1)
// ---------------------------------------------------------------------------------------------------------------

/** Whose conversations. */
export interface ConversationsOptions extends Paging, Pagination.ReadOptions {
  readonly botId: string
}

/** Conversations, whatever the walk that brought them. */
export const conversationRows: Listing.Rows<Wire.Conversation> = {
  operation: "OpenCopilot.conversations",
  row: Listing.rows(Wire.Conversation)
}

/** `GET /backend/conversations/:bot_id?offset&limit` */
export const conversations = (options: ConversationsOptions): Listing.Listing<Wire.Conversation> => ({
  ...conversationRows,
  strategy: offsetStrategy(options),
  request: ({ offset, size }) => ({
    path: ["backend", "conversations", options.botId],
    query: { offset, limit: size ?? defaultPageSize }
  }),
  envelope,
  key: Listing.keyOf("conversation_id")
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations of an organization (v2)
// ---------------------------------------------------------------------------------------------------------------

/** Whose conversations, and in which order. */
export interface OrganizationConversationsOptions extends Pagination.ReadOptions {
  readonly organizationId: string
  /** Rows in a page. Default 10, the documented default; no maximum is documented. */
  readonly pageSize?: number | undefined
  /** The field to sort by. Default `created_at`; the documents name no other. */
  readonly sortBy?: string | undefined
  /** Default `ASC`, oldest first: it cannot shift while conversations are added. */
  readonly sortDirection?: "ASC" | "DESC" | undefined
}

/** Conversations of the v2 list, whatever the walk that brought them. */
export const organizationRows: Listing.Rows<Wire.OrganizationConversation> = {
  operation: "OpenCopilot.organizationConversations",
  row: Listing.rows(Wire.OrganizationConversation)
}

/** `GET /backend/chat/{organization_id}?page&limit&sortBy&sortDirection` */
export const organizationConversations = (
  options: OrganizationConversationsOptions
): Listing.Listing<Wire.OrganizationConversation> => ({
  ...organizationRows,
  strategy: Pagination.pageNumber({
    size: options.pageSize ?? defaultOrganizationPageSize,
    ends: ["emptyPage", "endOfPagesError"]
  }),
  request: ({ page, size }) => ({
    path: ["backend", "chat", options.organizationId],
    query: {
      page,
      limit: size ?? defaultOrganizationPageSize,
      sortBy: options.sortBy ?? "created_at",
      sortDirection: options.sortDirection ?? "ASC"
    }
  }),
  envelope,
  key: Listing.keyOf("id")
})

// ---------------------------------------------------------------------------------------------------------------
// Paging facts
// ---------------------------------------------------------------------------------------------------------------

/** How an offset listing is paged. */
export interface Paging {
  /** Rows in a page. Default 50, the documented default; no maximum is documented. */
  readonly pageSize?: number | undefined
}

/** The documented default of `limit` for messages. */
export const defaultPageSize = 50
/** The documented default of `limit` for an organization's conversations. */
export const defaultOrganizationPageSize = 10

const offsetStrategy = ({ pageSize = defaultPageSize }: Paging) =>
  Pagination.offset({ size: pageSize, ends: ["emptyPage", "endOfPagesError"] })

const isEnvelope = Schema.is(Wire.Envelope)
const envelope = (body: unknown) => Listing.rowsOf(isEnvelope(body) ? body : undefined)
