/**
 * Chatling's endpoints.
 */
import type { Readings } from "../Readings.ts"
import { type Answer, type Api, type Ask, Paging, Rows, ok, statusOf } from "@colloquy/engine"
import type { ChatlingCorpus } from "./chatlingCorpus.ts"

/** Errors are `{status: "error", message}`; the words of the rate limit are documented. */
const failure: Api["failure"] = (failure, message) => ({
  status: statusOf[failure],
  body: { status: "error", message: failure === "rateLimited" ? "Too many requests" : message }
})

/** The sizes of the documents' examples: the server chooses, there is no parameter. */
const messagesPerPage = 15
const conversationsPerPage = 5

/** Requests in one minute and for one key. */
export const requestsPerMinute = 300

/** The API over this corpus. */
export const make = (corpus: ChatlingCorpus, readings: Readings): Api => ({
  failure,
  handle: (ask) => {
    const [, , chatbotId, area, conversationId, sub, ...rest] = ask.path
    if (chatbotId !== corpus.chatbotId) return failure("notFound", "Chatbot not found")
    if (area !== "conversations" || rest.length > 0) return failure("notFound", "Not found")
    if (conversationId === undefined) {
      const page = paged(ask, corpus.conversations, conversationsPerPage, "id", readings)
      return list(page, "conversations", readings)
    }
    const rows = corpus.messages(conversationId)
    if (rows === undefined) return failure("notFound", "Conversation not found")
    if (sub === undefined) return ok({ status: "success", data: corpus.conversation(conversationId) })
    if (sub !== "messages") return failure("notFound", "Not found")
    const sort = ask.query.get("sort") ?? "date_desc"
    if (sort !== "date_desc" && sort !== "date_asc") return failure("badRequest", "The sort is invalid")
    const sorted = sort === "date_asc" ? rows : Rows.reverse(rows)
    return list(paged(ask, sorted, messagesPerPage, "role", readings), "messages", readings)
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
  readings: Readings
): Paged<A> | undefined => {
  const page = Paging.whole(query, "page", 1)
  if (!Paging.isFromOne(page)) return undefined
  const served = Paging.serve(rows, { page }, perPage, keyField, faults)
  const lastPage = rows.length === 0 ? readings.chatlingEmptyLastPage : Math.ceil(rows.length / served.size)
  return { ...served, page, lastPage }
}

const list = <A>(page: Paged<A> | undefined, field: string, readings: Readings): Answer => {
  if (page === undefined) return failure("badRequest", "The page must be a whole number from 1")
  if (page.pastEnd && readings.pastTheEnd !== "empty") {
    return failure(readings.pastTheEnd, "There is no such page")
  }
  const pages = { current_page: page.page, last_page: page.lastPage, per_page: page.size }
  return ok({ status: "success", data: { pages, [field]: page.rows } })
}
