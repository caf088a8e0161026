/**
 * Botuj's listings and their paging facts.
 *
 * | | messages | conversations |
 * |---|---|---|
 * | paging | page from 1, `per_page` 1 to 100, default 20 | the same |
 * | end | an empty page, or a refusal after the last | the same |
 * | order | undocumented | undocumented |
 * | ids | yes | yes |
 * | total | none; the list's `count` | none |
 */
import { ErrorTable, Listing } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import * as Wire from "./Wire.ts"

// ---------------------------------------------------------------------------------------------------------------
// Paging facts
// ---------------------------------------------------------------------------------------------------------------

const paging: Listing.Paging = { by: "page", size: 100, maxSize: 100, ends: ["emptyPage", "endOfPagesError"] }
const query = { page: "page", per_page: "size" } as const

const isEnvelope = Schema.is(Wire.Envelope)

/** Names of lists of errors. */
const errorListName = /^(?:errors?|details?|issues|violations|warnings)$/i

/** Messages that mean success. */
const successMessage = /^(?:ok|success)/i

/**
 * The list in an answer: the answer itself, or its only array. An empty array next to an error message is not an
 * empty list, and an array named `errors` or similar is not a list.
 */
export const listIn = (body: unknown): ReadonlyArray<unknown> | undefined => {
  if (!isEnvelope(body)) return undefined
  if (isArray(body)) return body
  const arrays = Object.entries(body).filter(([, value]) => isArray(value))
  const [only] = arrays
  if (only === undefined || arrays.length > 1 || errorListName.test(only[0])) return undefined
  const [, list] = only
  const message = ErrorTable.readMessage(body)?.message
  const isFailure = message != null && message !== "" && !successMessage.test(message)
  return isArray(list) && !(list.length === 0 && isFailure) ? list : undefined
}

const isArray = (value: unknown): value is ReadonlyArray<unknown> => Array.isArray(value)

const envelope = (body: unknown) => Listing.rowsOf(listIn(body))

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** The messages of a conversation. */
export const messages = Listing.make({
  codec: Codecs.messages,
  path: "/v1/api/conversation-messages/:conversationId",
  query,
  paging,
  envelope
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** The account's conversations. */
export const conversations = Listing.make({
  codec: Codecs.conversations,
  path: "/v1/api/conversations",
  query,
  paging,
  envelope
})
