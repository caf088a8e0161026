/**
 * Intercom's listings and their paging facts.
 *
 * | | messages | conversations |
 * |---|---|---|
 * | paging | none: a conversation comes with its source and its last 500 parts | `starting_after`; `per_page` up to 150, default 20 |
 * | end | the answer | `pages` without `next` |
 * | order | undocumented | undocumented |
 * | ids | yes | yes |
 * | total | `total_count` of parts; the source is one more | `total_count` |
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

/** The version of the API that the facts are of. Without it, the app's own version answers. */
const headers = { "Intercom-Version": "2.14" }

/** The parts that an answer holds at most: the last ones. */
export const mostParts = 500

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

const isConversation = Schema.is(Wire.MessagesEnvelope)

/** The source comes first. */
const rowsOf = ({ conversation_parts, source }: Wire.MessagesEnvelope): ReadonlyArray<unknown> => {
  const parts = conversation_parts.conversation_parts
  return source == null ? parts : [source, ...parts]
}

/** The source has no time of its own, and takes the conversation's. */
const withTime = (row: unknown, body: unknown): unknown =>
  isConversation(body) && body.source != null && row === body.source && body.created_at != null
    ? { created_at: body.created_at, ...body.source }
    : row

/**
 * The count of messages; null where the answer is full and counts no more than came: whether it counts parts that were left
 * out is not documented.
 */
const totalOf = ({ conversation_parts, source }: Wire.MessagesEnvelope): number | null => {
  const { conversation_parts: parts, total_count = null } = conversation_parts
  if (total_count === null || (parts.length >= mostParts && total_count <= parts.length)) return null
  return total_count + (source == null ? 0 : 1)
}

/** The messages of a conversation: its source and its parts. */
export const messages = Listing.make({
  codec: Codecs.messages,
  path: "/conversations/:conversationId",
  query: {},
  headers,
  paging: { by: "oneAnswer", size: null, maxSize: mostParts },
  envelope: (body) => (isConversation(body) ? { rows: rowsOf(body), total: totalOf(body) } : undefined),
  reshape: withTime
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

const isConversations = Schema.is(Wire.ConversationsEnvelope)

/** The workspace's conversations. */
export const conversations = Listing.make({
  codec: Codecs.conversations,
  path: "/conversations",
  query: { per_page: "size", starting_after: "cursor" },
  headers,
  paging: { by: "cursor", size: 150, maxSize: 150 },
  envelope: (body) =>
    isConversations(body)
      ? {
          rows: body.conversations,
          total: body.total_count ?? null,
          next: body.pages?.next?.starting_after ?? null
        }
      : undefined
})
