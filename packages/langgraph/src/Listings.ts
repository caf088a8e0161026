/**
 * LangGraph's listings and their paging facts.
 *
 * | | messages | conversations |
 * |---|---|---|
 * | paging | none: the state has all of them | POST; `offset` from 0, `limit` 1 to 1000, default 10 |
 * | end | the one answer | an empty page |
 * | order | oldest first | oldest first, which is asked for |
 * | ids | yes, unless a graph gives none | yes |
 * | total | none | none |
 *
 * The header `X-Pagination-Total` of a list is the offset and a count, and `X-Pagination-Next` is missing though more threads
 * follow: neither is read. `/history` has earlier states, each with all messages of its time, and is not read.
 */
import { Listing } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import * as Wire from "./Wire.ts"

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

const isState = Schema.is(Wire.State)
const isNoState = Schema.is(Wire.NoState)

/** The messages in the state of a thread. A state that has no `messages` is not taken for an empty one. */
export const messages = Listing.make({
  codec: Codecs.messages,
  path: "/threads/:conversationId/state",
  query: {},
  paging: { by: "oneAnswer", size: null },
  order: () => "oldestFirst",
  envelope: (body) =>
    isState(body) ? { rows: body.values.messages } : isNoState(body) ? { rows: [] } : undefined,
  render: (messages) => ({ values: { messages }, next: [], tasks: [] })
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Which threads are listed. */
export interface Scope {
  readonly graphId?: string | undefined
}

const isList = Schema.is(Wire.List)

/** The fields of a thread that are asked for. Its `values` would be all its messages. */
const fields = ["thread_id", "created_at", "updated_at", "metadata", "status"]

/** The threads. */
export const conversations = Listing.make({
  codec: Codecs.conversations,
  path: "/threads/search",
  query: {},
  body: {
    limit: "size",
    offset: "offset",
    sort_by: () => "created_at",
    sort_order: () => "asc",
    select: () => fields,
    metadata: ({ graphId }: Scope) => (graphId === undefined ? undefined : { graph_id: graphId })
  },
  paging: { by: "offset", size: 100, maxSize: 1000, ends: ["emptyPage"] },
  order: () => "oldestFirst",
  envelope: (body) => Listing.rowsOf(isList(body) ? body : undefined)
})
