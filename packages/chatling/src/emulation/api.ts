/**
 * Chatling's endpoints.
 */
import { Listing } from "@colloquy/core/vendor"
import {
  type Answer,
  type Api,
  type ApiRequest,
  Assumption,
  ok,
  Paging,
  Rows,
  statusOf
} from "@colloquy/engine"
import * as Listings from "../Listings.ts"
import { chatlingEmptyLastPage } from "./assumptions.ts"
import type { ChatlingCorpus } from "./corpus.ts"

/** Errors are `{status: "error", message}`; the message of the rate limit is documented. */
const failure: Api["failure"] = (failure, message) => ({
  status: statusOf[failure],
  body: { status: "error", message: failure === "rateLimited" ? "Too many requests" : message }
})

/** The page sizes of the documents' examples. The server chooses; there is no parameter. */
const messagesPerPage = 15
const conversationsPerPage = 5

/** The API over this corpus. */
export const make = (corpus: ChatlingCorpus, assumed: Assumption.Assumed): Api => ({
  failure,
  handle: (request) => {
    const [, , chatbotId, area] = request.path
    if (chatbotId !== corpus.chatbotId) return failure("notFound", "Chatbot not found")
    if (Listing.match(Listings.conversations, request.path)) {
      const page = paged(request, corpus.conversations, conversationsPerPage, "id", assumed)
      return list(page, Listings.conversations, assumed)
    }
    const one = Listing.match(conversation, request.path)
    if (one !== undefined) return found(corpus.conversation(one("conversationId")))
    const asked = Listing.match(Listings.messages, request.path)
    if (asked === undefined || area !== "conversations") return failure("notFound", "Not found")
    const rows = corpus.messages(asked("conversationId"))
    if (rows === undefined) return failure("notFound", "Conversation not found")
    const sort = request.query.get("sort") ?? "date_desc"
    if (sort !== "date_desc" && sort !== "date_asc") return failure("badRequest", "The sort is invalid")
    const sorted = sort === "date_asc" ? rows : Rows.reverse(rows)
    return list(paged(request, sorted, messagesPerPage, "role", assumed), Listings.messages, assumed)
  }
})

/** One conversation, which no listing reads. */
const conversation = { path: "/v2/chatbots/:chatbotId/conversations/:conversationId" } as const

const found = (data: object | undefined): Answer =>
  data === undefined ? failure("notFound", "Conversation not found") : ok({ status: "success", data })

interface Paged<A> extends Paging.Served<A> {
  readonly page: number
  readonly lastPage: number
  readonly total: number
}

const paged = <A extends object>(
  { faults, query }: ApiRequest,
  rows: Rows.Rows<A>,
  perPage: number,
  keyField: keyof A & string,
  assumed: Assumption.Assumed
): Paged<A> | undefined => {
  const page = Paging.whole(query, "page", 1)
  if (!Paging.isFromOne(page)) return undefined
  const served = Paging.serve(rows, { page }, perPage, keyField, faults)
  const lastPage = rows.length === 0 ? assumed(chatlingEmptyLastPage) : Math.ceil(rows.length / served.size)
  return { ...served, page, lastPage, total: rows.length }
}

const list = <A>(
  page: Paged<A> | undefined,
  listing: Pick<typeof Listings.messages, "render">,
  assumed: Assumption.Assumed
): Answer => {
  if (page === undefined) return failure("badRequest", "The page must be a whole number from 1")
  const pastTheEnd = assumed(Assumption.pastTheEnd)
  if (page.pastEnd && pastTheEnd !== "empty") return failure(pastTheEnd, "There is no such page")
  return ok(Listing.render(listing, page.rows, page))
}
