/**
 * OpenCopilot's listings and their paging facts.
 *
 * | | messages | conversations of a bot (v1) | conversations of an organization (v2) |
 * |---|---|---|---|
 * | paging | `offset` and `limit` | `offset` and `limit` | `page` from 1 and `limit` |
 * | default size | 50 | 50 (of messages) | 10 |
 * | end | an empty page, or a refusal after the last | the same | the same |
 * | order | undocumented; the example is oldest first | undocumented | `sortBy`, `sortDirection` |
 * | ids | none | yes | yes |
 * | total | none; the v2 list's `total_messages` | none | none |
 */
import { Listing } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import * as Wire from "./Wire.ts"

// ---------------------------------------------------------------------------------------------------------------
// Paging facts
// ---------------------------------------------------------------------------------------------------------------

const offsets: Listing.Paging = { by: "offset", size: 50, ends: ["emptyPage", "endOfPagesError"] }
const pages: Listing.Paging = { by: "page", size: 10, ends: ["emptyPage", "endOfPagesError"] }

const isEnvelope = Schema.is(Wire.Envelope)
const envelope = (body: unknown) => Listing.rowsOf(isEnvelope(body) ? body : undefined)

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** The messages of a conversation. */
export const messages = Listing.make({
  codec: Codecs.messages,
  path: "/backend/conversations/:botId/messages/:conversationId",
  query: { offset: "offset", limit: "size" },
  paging: offsets,
  envelope
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations of a bot (v1)
// ---------------------------------------------------------------------------------------------------------------

/** The conversations of a bot. */
export const conversations = Listing.make({
  codec: Codecs.conversations,
  path: "/backend/conversations/:botId",
  query: { offset: "offset", limit: "size" },
  paging: offsets,
  envelope
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations of an organization (v2)
// ---------------------------------------------------------------------------------------------------------------

/** The order of an organization's conversations. */
export interface Sorting {
  /** The field to sort by. Default `created_at`; the documents name no other. */
  readonly sortBy?: string | undefined
  /** Default `ASC`, oldest first, which does not shift while conversations are added. */
  readonly sortDirection?: "ASC" | "DESC" | undefined
}

/** The conversations of an organization. */
export const organizationConversations = Listing.make({
  codec: Codecs.organizationConversations,
  host: "v2",
  path: "/backend/chat/:organizationId",
  query: {
    page: "page",
    limit: "size",
    sortBy: ({ sortBy = "created_at" }: Sorting) => sortBy,
    sortDirection: ({ sortDirection = "ASC" }: Sorting) => sortDirection
  },
  paging: pages,
  envelope
})
