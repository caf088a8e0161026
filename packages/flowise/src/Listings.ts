/**
 * Flowise's listings and their paging facts.
 *
 * | | messages | conversations |
 * |---|---|---|
 * | paging | all in one answer; `page` and `limit` are ignored, or page sessions | derived from the flow's messages |
 * | end | the answer | the answer with the flow's messages |
 * | order | oldest first, by `order=ASC` | by the first message |
 * | ids | yes | the session's |
 * | total | none | none |
 *
 * A session that is not there is an empty list.
 */
import { DerivedListing, Listing } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import * as Wire from "./Wire.ts"

// ---------------------------------------------------------------------------------------------------------------
// Paging facts
// ---------------------------------------------------------------------------------------------------------------

/** What is read: a session of a flow, or all of it without `conversationId`. */
export interface Params {
  readonly flowId: string
  readonly conversationId?: string | undefined
  /** Only messages of this kind, such as `EXTERNAL`. Default all. */
  readonly chatType?: string | undefined
}

const isEnvelope = Schema.is(Wire.Envelope)

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** The messages of a session, or of a flow. */
export const messages = Listing.make({
  codec: Codecs.messages,
  path: "/api/v1/chatmessage/:flowId",
  query: {
    sessionId: ({ conversationId }: Params) => conversationId,
    chatType: ({ chatType }: Params) => chatType,
    order: () => "ASC",
    // Adds the rating to each message.
    feedback: () => "true"
  },
  paging: { by: "oneAnswer", size: null },
  order: () => "oldestFirst",
  unknownIsEmpty: true,
  envelope: (body) => Listing.rowsOf(isEnvelope(body) ? body : undefined)
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Old messages without a session are those of their chat. */
const sessionOf = ({ chatId, sessionId }: Wire.Message): string => sessionId || chatId || ""

/** The sessions of a flow. */
export const conversations = DerivedListing.make({
  from: messages,
  by: sessionOf,
  add: (
    row: Wire.Conversation | undefined,
    { chatType = null, createdDate = null, ...wire }
  ): Wire.Conversation => ({
    sessionId: sessionOf(wire),
    chatType: row?.chatType ?? chatType,
    messages: (row?.messages ?? 0) + 1,
    createdDate: row?.createdDate ?? createdDate,
    lastDate: createdDate ?? row?.lastDate ?? null
  }),
  codec: Codecs.conversations
})
