/**
 * Intercom's endpoints.
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
import { intercomPartsCount } from "./assumptions.ts"
import type { IntercomCorpus } from "./corpus.ts"

const codes: Readonly<Record<keyof typeof statusOf, string>> = {
  unauthorized: "unauthorized",
  notFound: "not_found",
  badRequest: "parameter_invalid",
  rateLimited: "rate_limit_exceeded",
  internal: "server_error",
  unavailable: "service_unavailable"
}

const failure: Api["failure"] = (failure, message) => ({
  status: statusOf[failure],
  body: { type: "error.list", request_id: null, errors: [{ code: codes[failure], message }] }
})

const defaultPerPage = 20
const maxPerPage = 150

/** The API over this corpus. */
export const make = (corpus: IntercomCorpus, assumed: Assumption.Assumed): Api => ({
  failure,
  handle: (request) => {
    if (Listing.match(Listings.conversations, request.path)) return list(request, corpus, assumed)
    const asked = Listing.match(Listings.messages, request.path)
    const rows = asked === undefined ? undefined : corpus.messages(asked("conversationId"))
    return rows === undefined ? failure("notFound", "Resource Not Found") : one(request, rows, assumed)
  }
})

/** A conversation with its source and its last parts. */
const one = <A extends { readonly id: unknown }>(
  { faults }: ApiRequest,
  rows: Rows.Rows<A>,
  assumed: Assumption.Assumed
): Answer => {
  const left = Math.max(0, rows.length - 1 - Listings.mostParts)
  const length = rows.length - left
  const last: Rows.Rows<A> = { length, at: (index) => rows.at(index === 0 ? 0 : index + left) }
  // No size is asked for that a server could clamp.
  const struck = faults.filter(({ kind }) => kind !== "clamp")
  const [first, ...parts] = Paging.serve(last, { offset: 0 }, length, "id", struck).rows
  const counted = assumed(intercomPartsCount) === "all" ? rows.length : length
  // The source has the conversation's time.
  const { created_at, ...source }: Readonly<Record<string, unknown>> = { ...first }
  return ok({
    type: "conversation",
    conversation_parts: {
      type: "conversation_part.list",
      conversation_parts: parts,
      total_count: Math.max(0, Paging.claimed(counted, faults) - 1)
    },
    source: first === undefined ? null : source,
    ...(created_at === undefined ? {} : { created_at })
  })
}

/** A page of conversations. Tokens are places in the list. */
const list = (
  { faults, query }: ApiRequest,
  { conversations }: IntercomCorpus,
  assumed: Assumption.Assumed
): Answer => {
  const perPage = Paging.whole(query, "per_page", defaultPerPage)
  if (!Paging.isFromOne(perPage) || (perPage > maxPerPage && assumed(Assumption.overMaximum) === "error")) {
    return failure("badRequest", `per_page must be a whole number from 1 to ${maxPerPage}`)
  }
  const offset = offsetOf(query.get("starting_after"))
  if (offset === undefined) return failure("badRequest", "starting_after is no cursor of this list")
  const page = Paging.serve(conversations, { offset }, Math.min(perPage, maxPerPage), "id", faults)
  const { length } = conversations
  const end = page.start + page.size
  const next = Paging.next(end < length ? `after-${end}` : null, faults)
  const number = Math.floor(offset / page.size) + 1
  return ok({
    type: "conversation.list",
    conversations: page.rows,
    total_count: Paging.claimed(length, faults, page.start),
    pages: {
      type: "pages",
      page: number,
      per_page: page.size,
      total_pages: Math.max(1, Math.ceil(length / page.size)),
      ...(next === null ? {} : { next: { page: number + 1, starting_after: next } })
    }
  })
}

const offsetOf = (token: string | null): number | undefined => {
  if (token === null) return 0
  const [, offset] = /^after-(\d{1,15})$/.exec(token) ?? []
  return offset === undefined ? undefined : Number(offset)
}
