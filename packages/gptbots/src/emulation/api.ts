/**
 * GPTBots' endpoints.
 */
import { Listing } from "@colloquy/core/vendor"
import {
  type Answer,
  type Api,
  type ApiRequest,
  Assumption,
  type Failure,
  ok,
  Paging,
  Rows,
  statusOf
} from "@colloquy/engine"
import * as Listings from "../Listings.ts"
import { gptbotsEmpty, gptbotsErrorStatus, gptbotsListTotal, gptbotsTotal } from "./assumptions.ts"
import type { GptbotsCorpus } from "./corpus.ts"

const codes: Readonly<Record<Failure, number>> = {
  unauthorized: 40127,
  notFound: 40356,
  badRequest: 40000,
  rateLimited: 40008,
  internal: 50000,
  unavailable: 50000
}

const pastEndCode = 40005
const maxPageSize = 100

/** The API over this corpus. */
export const make = (corpus: GptbotsCorpus, assumed: Assumption.Assumed): Api => {
  const refuse = refusal(assumed)
  return {
    failure: (failure, message) => {
      // Rejected tokens and rate limits may have their own status; the others follow the assumption.
      const status =
        failure === "rateLimited" || failure === "internal" || failure === "unavailable"
          ? statusOf[failure]
          : failure === "unauthorized" && assumed(gptbotsErrorStatus) === 400
            ? 401
            : assumed(gptbotsErrorStatus)
      return { status, body: { code: codes[failure], message } }
    },
    handle: (request) => {
      const { path, query } = request
      if (Listing.match(Listings.conversations, path)) return conversations(request, corpus, assumed)
      const isV1 = Listing.match(Listings.messages, path) !== undefined
      if (!isV1 && Listing.match(Listings.messagesV2, path) === undefined) {
        return { status: 404, body: { code: codes.badRequest, message: "No such path" } }
      }
      const id = query.get("conversation_id")
      if (id === null || id === "") return refuse(codes.badRequest, "conversation_id is required")
      const rows = isV1 ? corpus.messages(id) : corpus.messagesV2(id)
      if (rows === undefined) return unknown(refuse)
      return list<Row>(request, rows, "message_id", isV1 ? Listings.messages : Listings.messagesV2, assumed)
    }
  }
}

interface Row {
  readonly message_id: string
}

type Refuse = (code: number, message: string) => Answer

/** Errors are `{code, message}`; their status is not documented. */
const refusal =
  (assumed: Assumption.Assumed): Refuse =>
  (code, message) => ({ status: assumed(gptbotsErrorStatus), body: { code, message } })

const unknown = (refuse: Refuse): Answer => refuse(codes.notFound, "Conversation does not exist.")

const list = <A extends object>(
  { faults, query }: ApiRequest,
  rows: Rows.Rows<A>,
  keyField: keyof A & string,
  listing: Pick<typeof Listings.messages, "render">,
  assumed: Assumption.Assumed
): Answer => {
  const refuse = refusal(assumed)
  const page = Paging.whole(query, "page")
  const pageSize = Paging.whole(query, "page_size")
  if (!Paging.isFromOne(page)) return refuse(codes.badRequest, "page is required, a whole number from 1")
  if (
    !Paging.isFromOne(pageSize) ||
    (pageSize > maxPageSize && assumed(Assumption.overMaximum) === "error")
  ) {
    return refuse(codes.badRequest, `page_size is required, a whole number from 1 to ${maxPageSize}`)
  }
  const served = Paging.serve(rows, { page }, Math.min(pageSize, maxPageSize), keyField, faults)
  if (served.pastEnd || (rows.length === 0 && (page > 1 || assumed(gptbotsEmpty) === "40005"))) {
    return refuse(pastEndCode, "Page number exceeds total.")
  }
  const countsPage = listing === Listings.conversations && assumed(gptbotsListTotal) === "page"
  const total = Paging.claimed(countsPage ? served.rows.length : rows.length, faults, served.start)
  return ok(
    Listing.render(listing, served.rows, {
      page,
      lastPage: Math.ceil(rows.length / served.size),
      size: served.size,
      total: assumed(gptbotsTotal) === "string" ? String(total) : total
    })
  )
}

/** A channel and a span of time are required; a user is not. */
const conversations = (request: ApiRequest, corpus: GptbotsCorpus, assumed: Assumption.Assumed): Answer => {
  const { query } = request
  const type = query.get("conversation_type")
  const since = Paging.whole(query, "start_time")
  const until = Paging.whole(query, "end_time")
  if (type === null || type === "" || since === undefined || until === undefined) {
    return refusal(assumed)(codes.badRequest, "conversation_type, start_time and end_time are required")
  }
  const user = query.get("user_id")
  const all = corpus.conversations
  const matching = Rows.toArray(Rows.range(all.length)).filter((index) => {
    const row = all.at(index)
    const time = Number(row.recent_chat_time)
    return (
      (type === "ALL" || row.conversation_type === type) &&
      time >= since &&
      time <= until &&
      (user === null || row.user_id === user)
    )
  })
  const rows = { length: matching.length, at: (place: number) => all.at(matching[place] ?? 0) }
  return list(request, rows, "conversation_id", Listings.conversations, assumed)
}
