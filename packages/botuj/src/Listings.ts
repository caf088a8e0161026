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
import { Pagination } from "@colloquy/core"
import { ErrorTable, Listing } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

/** Which messages. */
export interface MessagesOptions extends Paging, Pagination.ReadOptions {
  readonly conversationId: string
  /** Messages that the list of conversations counted (`count`). Default null. */
  readonly expectedCount?: number | null | undefined
}

/** Messages, whatever the walk that brought them. */
export const messageRows: Listing.Rows<Wire.Message> = {
  operation: "Botuj.messages",
  row: Listing.rows(Wire.Message)
}

/** `GET /v1/api/conversation-messages/:id?page&per_page` */
export const messages = (options: MessagesOptions): Listing.Listing<Wire.Message> => ({
  ...messageRows,
  strategy: strategy(options),
  request: ({ page, size }) => ({
    path: ["v1", "api", "conversation-messages", options.conversationId],
    query: { page, per_page: size ?? maxPageSize }
  }),
  envelope: (body) => Listing.rowsOf(listIn(body)),
  key: Listing.keyOf("id"),
  expectedCount: options.expectedCount
})

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** How the list of conversations is paged. */
export interface ConversationsOptions extends Paging, Pagination.ReadOptions {}

/** Conversations, whatever the walk that brought them. */
export const conversationRows: Listing.Rows<Wire.Conversation> = {
  operation: "Botuj.conversations",
  row: Listing.rows(Wire.Conversation)
}

/** `GET /v1/api/conversations?page&per_page` */
export const conversations = (options: ConversationsOptions): Listing.Listing<Wire.Conversation> => ({
  ...conversationRows,
  strategy: strategy(options),
  request: ({ page, size }) => ({
    path: ["v1", "api", "conversations"],
    query: { page, per_page: size ?? maxPageSize }
  }),
  envelope: (body) => Listing.rowsOf(listIn(body)),
  key: Listing.keyOf("id")
})

// ---------------------------------------------------------------------------------------------------------------
// Paging facts
// ---------------------------------------------------------------------------------------------------------------

/** How a listing is paged. */
export interface Paging {
  /** Rows in a page, 1 to 100. Default 100; the vendor's own default is 20. */
  readonly pageSize?: number | undefined
}

/** The documented maximum of `per_page`. */
export const maxPageSize = 100

const strategy = ({ pageSize = maxPageSize }: Paging) =>
  Pagination.pageNumber({
    size: pageSize,
    maxSize: maxPageSize,
    ends: ["emptyPage", "endOfPagesError"]
  })

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
