/**
 * OpenCopilot's endpoints.
 */
import type { Readings } from "../Readings.ts"
import { type Answer, type Api, type Ask, type Failure, Paging, Rows, ok, statusOf } from "@colloquy/engine"
import type { OpenCopilotCorpus } from "./opencopilotCorpus.ts"

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

/** No maximum is documented. A bound keeps one request from asking for millions of rows at once. */
const maxRows = 10_000
const defaultLimit = 50
const defaultOrganizationLimit = 10

/** The API over this corpus. */
export const make = (corpus: OpenCopilotCorpus, readings: Readings): Api => ({
  failure,
  handle: (ask) => {
    const [, area, owner, sub, conversationId, ...rest] = ask.path
    if (area === "conversations" && rest.length === 0) {
      if (owner !== corpus.botId) return failure("notFound", "Bot not found")
      if (sub === undefined) return byOffset(ask, corpus.conversations, "conversation_id", readings)
      const rows = conversationId === undefined ? undefined : corpus.messages(conversationId)
      if (sub === "messages" && rows !== undefined) return byOffset(ask, rows, "from", readings)
      return failure("notFound", "Conversation not found")
    }
    if (area === "chat" && sub === undefined) {
      return owner === corpus.organizationId
        ? organization(ask, corpus, readings)
        : failure("notFound", "Organization not found")
    }
    return failure("notFound", "The requested URL was not found on the server")
  }
})

const byOffset = <A extends object>(
  { faults, query }: Ask,
  rows: Rows.Rows<A>,
  keyField: keyof A & string,
  readings: Readings
): Answer => {
  const offset = Paging.whole(query, "offset", 0)
  const limit = Paging.whole(query, "limit", defaultLimit)
  if (offset === undefined || !Paging.isFromOne(limit)) {
    return failure("badRequest", "offset and limit must be whole numbers")
  }
  return list(Paging.serve(rows, { offset }, Math.min(limit, maxRows), keyField, faults), readings)
}

/** By `created_at`, the one field that is documented; others are not known to be refused, and sort the same. */
const organization = ({ faults, query }: Ask, corpus: OpenCopilotCorpus, readings: Readings): Answer => {
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
  return list(Paging.serve(rows, { page }, Math.min(limit, maxRows), "id", faults), readings)
}

/** Bare arrays. */
const list = <A>(served: Paging.Served<A>, readings: Readings): Answer => {
  if (!served.pastEnd || readings.pastTheEnd === "empty") return ok(served.rows)
  return failure(readings.pastTheEnd, "There is no such page")
}
