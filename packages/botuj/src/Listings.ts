/**
 * Botuj's listings and their paging facts.
 *
 * | | messages | conversations |
 * |---|---|---|
 * | paging | page from 1, `per_page` 1 to 100, default 20 | the same |
 * | end | an empty page, or a refusal behind the last | the same |
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

/** Names of lists that hold what is wrong, not what was asked for. */
const ofErrors = /^(?:errors?|details?|issues|violations|warnings)$/i

/** Words that come with a success. */
const ofSuccess = /^(?:ok|success)/i

/**
 * The list in an answer: the answer itself, or the only array in it. An empty array beside words of failure is no empty
 * list, and one under a name such as `errors` is no list at all.
 */
export const listIn = (body: unknown): ReadonlyArray<unknown> | undefined => {
  if (!isEnvelope(body)) return undefined
  if (isArray(body)) return body
  const arrays = Object.entries(body).filter(([, value]) => isArray(value))
  const [only] = arrays
  if (only === undefined || arrays.length > 1 || ofErrors.test(only[0])) return undefined
  const [, list] = only
  const words = ErrorTable.readWords(body)?.message
  const isFailure = words != null && words !== "" && !ofSuccess.test(words)
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
