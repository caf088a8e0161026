/**
 * OpenCopilot's endpoints.
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
import type { OpenCopilotCorpus } from "./corpus.ts"

const titles: Readonly<Record<Failure, string>> = {
  unauthorized: "Unauthorized",
  notFound: "Not Found",
  badRequest: "Bad Request",
  rateLimited: "Too Many Requests",
  internal: "Internal Server Error",
  unavailable: "Service Unavailable"
}

/** Errors are `{error, message}`. */
const failure: Api["failure"] = (failure, message) => ({
  status: statusOf[failure],
  body: { error: titles[failure], message }
})

/** No maximum is documented. This bound prevents one request for millions of rows. */
const maxRows = 10_000
const defaultLimit = 50
const defaultOrganizationLimit = 10

/** The API over this corpus. */
export const make = (corpus: OpenCopilotCorpus, assumed: Assumption.Assumed): Api => ({
  failure,
  handle: (request) => {
    const ofOrganization = Listing.match(Listings.organizationConversations, request.path)
    if (ofOrganization !== undefined) {
      return ofOrganization("organizationId") === corpus.organizationId
        ? organization(request, corpus, assumed)
        : failure("notFound", "Organization not found")
    }
    const ofBot = Listing.match(Listings.conversations, request.path)
    const asked = Listing.match(Listings.messages, request.path)
    const botId = ofBot?.("botId") ?? asked?.("botId")
    if (botId === undefined) return failure("notFound", "The requested URL was not found on the server")
    if (botId !== corpus.botId) return failure("notFound", "Bot not found")
    if (asked === undefined) return byOffset(request, corpus.conversations, "conversation_id", assumed)
    const rows = corpus.messages(asked("conversationId"))
    return rows === undefined
      ? failure("notFound", "Conversation not found")
      : byOffset(request, rows, "from", assumed)
  }
})

const byOffset = <A extends object>(
  { faults, query }: ApiRequest,
  rows: Rows.Rows<A>,
  keyField: keyof A & string,
  assumed: Assumption.Assumed
): Answer => {
  const offset = Paging.whole(query, "offset", 0)
  const limit = Paging.whole(query, "limit", defaultLimit)
  if (offset === undefined || !Paging.isFromOne(limit)) {
    return failure("badRequest", "offset and limit must be whole numbers")
  }
  return list(Paging.serve(rows, { offset }, Math.min(limit, maxRows), keyField, faults), assumed)
}

/** Sorts by `created_at`, the only documented field. Other fields are not known to be refused, and sort the same. */
const organization = (
  { faults, query }: ApiRequest,
  corpus: OpenCopilotCorpus,
  assumed: Assumption.Assumed
): Answer => {
  const page = Paging.whole(query, "page", 1)
  const limit = Paging.whole(query, "limit", defaultOrganizationLimit)
  const direction = (query.get("sortDirection") ?? "ASC").toUpperCase()
  if (!Paging.isFromOne(page) || !Paging.isFromOne(limit)) {
    return failure("badRequest", "page and limit must be whole numbers from 1")
  }
  if (direction !== "ASC" && direction !== "DESC") {
    return failure("badRequest", "sortDirection must be ASC or DESC")
  }
  const rows =
    direction === "ASC" ? corpus.organizationConversations : Rows.reverse(corpus.organizationConversations)
  return list(Paging.serve(rows, { page }, Math.min(limit, maxRows), "id", faults), assumed)
}

/** Lists are bare arrays. */
const list = <A>(served: Paging.Served<A>, assumed: Assumption.Assumed): Answer => {
  const pastTheEnd = assumed(Assumption.pastTheEnd)
  if (!served.pastEnd || pastTheEnd === "empty") return ok(served.rows)
  return failure(pastTheEnd, "There is no such page")
}
