/**
 * Botuj's endpoints.
 */
import { Listing } from "@colloquy/core/vendor"
import {
  type Answer,
  type Api,
  type ApiRequest,
  Assumption,
  ok,
  Paging,
  type Rows,
  statusOf
} from "@colloquy/engine"
import * as Listings from "../Listings.ts"
import { botujEnvelope } from "./assumptions.ts"
import type { BotujCorpus } from "./corpus.ts"

/** Only the status is documented. The body is the emulator's choice. */
const failure: Api["failure"] = (failure, message) => ({
  status: statusOf[failure],
  body: { error: message }
})

const defaultPerPage = 20
const maxPerPage = 100

/** The API over this corpus. */
export const make = (corpus: BotujCorpus, assumed: Assumption.Assumed): Api => ({
  failure,
  handle: (request) => {
    if (Listing.match(Listings.conversations, request.path))
      return list(request, corpus.conversations, assumed)
    const asked = Listing.match(Listings.messages, request.path)
    if (asked === undefined) return failure("notFound", "Not found")
    const rows = corpus.messages(asked("conversationId"))
    return rows === undefined ? failure("notFound", "Conversation not found") : list(request, rows, assumed)
  }
})

const list = <A extends { readonly id: unknown }>(
  { faults, query }: ApiRequest,
  rows: Rows.Rows<A>,
  assumed: Assumption.Assumed
): Answer => {
  const page = Paging.whole(query, "page", 1)
  const perPage = Paging.whole(query, "per_page", defaultPerPage)
  if (!Paging.isFromOne(page)) return failure("badRequest", "page must be a whole number from 1")
  if (!Paging.isFromOne(perPage) || (perPage > maxPerPage && assumed(Assumption.overMaximum) === "error")) {
    return failure("badRequest", `per_page must be a whole number from 1 to ${maxPerPage}`)
  }
  const served = Paging.serve(rows, { page }, Math.min(perPage, maxPerPage), "id", faults)
  const pastTheEnd = assumed(Assumption.pastTheEnd)
  if (served.pastEnd && pastTheEnd !== "empty") return failure(pastTheEnd, "There is no such page")
  const envelope = assumed(botujEnvelope)
  return ok(envelope === "array" ? served.rows : { [envelope]: served.rows })
}
