/**
 * Chatling's endpoints.
 */
import { type Answer, type Api, type Ask, Assumption, ok, Paging, Rows, statusOf } from "@colloquy/engine"
import { chatlingEmptyLastPage } from "./assumptions.ts"
import type { ChatlingCorpus } from "./corpus.ts"

/** Errors are `{status: "error", message}`; the words of the rate limit are documented. */
const failure: Api["failure"] = (failure, message) => ({
  status: statusOf[failure],
  body: { status: "error", message: failure === "rateLimited" ? "Too many requests" : message }
})

/** The sizes of the documents' examples: the server chooses, there is no parameter. */
const messagesPerPage = 15
const conversationsPerPage = 5

/** The API over this corpus. */
export const make = (corpus: ChatlingCorpus, assumed: Assumption.Assumed): Api => ({
  failure,
  handle: (ask) => {
    const [, , chatbotId, area, conversationId, sub, ...rest] = ask.path
    if (chatbotId !== corpus.chatbotId) return failure("notFound", "Chatbot not found")
    if (area !== "conversations" || rest.length > 0) return failure("notFound", "Not found")
    if (conversationId === undefined) {
      const page = paged(ask, corpus.conversations, conversationsPerPage, "id", assumed)
      return list(page, "conversations", assumed)
    }
    const rows = corpus.messages(conversationId)
    if (rows === undefined) return failure("notFound", "Conversation not found")
    if (sub === undefined) return ok({ status: "success", data: corpus.conversation(conversationId) })
    if (sub !== "messages") return failure("notFound", "Not found")
    const sort = ask.query.get("sort") ?? "date_desc"
    if (sort !== "date_desc" && sort !== "date_asc") return failure("badRequest", "The sort is invalid")
    const sorted = sort === "date_asc" ? rows : Rows.reverse(rows)
    return list(paged(ask, sorted, messagesPerPage, "role", assumed), "messages", assumed)
  }
})

interface Paged<A> extends Paging.Served<A> {
  readonly page: number
  readonly lastPage: number
}

const paged = <A extends object>(
  { faults, query }: Ask,
  rows: Rows.Rows<A>,
  perPage: number,
  keyField: keyof A & string,
  assumed: Assumption.Assumed
): Paged<A> | undefined => {
  const page = Paging.whole(query, "page", 1)
  if (!Paging.isFromOne(page)) return undefined
  const served = Paging.serve(rows, { page }, perPage, keyField, faults)
  const lastPage = rows.length === 0 ? assumed(chatlingEmptyLastPage) : Math.ceil(rows.length / served.size)
  return { ...served, page, lastPage }
}

const list = <A>(page: Paged<A> | undefined, field: string, assumed: Assumption.Assumed): Answer => {
  if (page === undefined) return failure("badRequest", "The page must be a whole number from 1")
  const pastTheEnd = assumed(Assumption.pastTheEnd)
  if (page.pastEnd && pastTheEnd !== "empty") return failure(pastTheEnd, "There is no such page")
  const pages = { current_page: page.page, last_page: page.lastPage, per_page: page.size }
  return ok({ status: "success", data: { pages, [field]: page.rows } })
}
