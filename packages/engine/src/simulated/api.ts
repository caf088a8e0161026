/**
 * The simulated vendor's API: `/conversations`, and `/conversations/{id}/messages`.
 */
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import { type Answer, type Api, type ApiRequest, ok, statusOf } from "../Api.ts"
import { whole } from "../Paging.ts"
import * as Server from "../Server.ts"
import * as Listing from "./listing.ts"
import { listed, type Request, type SimulatedVendor } from "./vendor.ts"
import * as Wire from "./wire.ts"

/** The only accepted token. */
export const token = "simulated-token"

/** The documented error code for a page past the end. */
export const pastEndCode = "past_end"

const failure: Api["failure"] = (failure, message) => ({
  status: statusOf[failure],
  body: { error: { code: failure, message } }
})

const pastEnd: Answer = { status: 400, body: { error: { code: pastEndCode, message: "behind the end" } } }

/** An `HttpClient` that sends every request to this vendor. */
export const httpClient = (self: SimulatedVendor): HttpClient.HttpClient => {
  const api: Api = { failure, handle: (request) => answer(self, request) }
  return Server.httpClient(
    Effect.gen(function* () {
      const { url } = yield* HttpServerRequest.HttpServerRequest
      const request = record(self, Server.targetOf(url))
      yield* self.before(request)
      const fails = self.fails(request)
      if (fails === undefined) return yield* Server.respond({ api, token }, [])
      if (fails === "nothing") return Server.responseOf(nothing(self))
      if (typeof fails === "string") return Server.responseOf(failure(fails, "as it was wanted"))
      return "_tag" in fails ? yield* Server.respond({ api, token }, [fails]) : Server.responseOf(fails)
    })
  )
}

/** A listing without a row. */
const nothing = ({ manners }: SimulatedVendor): Answer =>
  ok({ rows: [], ...(manners.messages.total === "none" ? {} : { total: 0 }) })

const record = (self: SimulatedVendor, { path, query }: Server.Target): Request => {
  const [, conversationId = null] = path
  const what = conversationId === null ? "list" : "messages"
  self.requests += 1
  if (what === "messages") self.asked += 1
  const offset = whole(query, "offset", 0) ?? 0
  const page = whole(query, "page") ?? 1 + Math.floor(offset / (whole(query, "size") ?? 1))
  return { nth: self.requests, what, conversationId, page }
}

const answer = (self: SimulatedVendor, { path, query }: ApiRequest): Answer => {
  const [area, id, sub] = path
  const { manners } = self
  if (area !== "conversations") return failure("notFound", "no such path")
  if (id === undefined) {
    const all = Wire.conversations(self)
    return page(manners.conversations, all, query, (row) => row, "/conversations")
  }
  if (sub !== "messages" || !self.conversations.has(id)) return failure("notFound", "no such conversation")
  const here = `/conversations/${encodeURIComponent(id)}/messages`
  return page(manners.messages, listed(self, id), query, (row) => Wire.fromRow(manners, row), here)
}

const page = <A extends { readonly id: string }>(
  manners: Listing.Manners,
  rows: ReadonlyArray<A>,
  query: URLSearchParams,
  toWire: (row: A) => unknown,
  here: string
): Answer => {
  const asked: Listing.PageQuery = {
    page: whole(query, "page", 1) ?? 1,
    offset: whole(query, "offset", 0) ?? 0,
    token: query.get("token"),
    size: whole(query, "size") ?? null,
    first: isFirst(query)
  }
  const cut = Listing.cut(manners, rows, asked, ({ id }) => id)
  if (cut._tag === "Refusal") return cut.documented ? pastEnd : failure("notFound", "no such page")
  const { lastPage, next, total } = cut
  const isLink = manners.paging === "link"
  return {
    ...ok({
      rows: cut.rows.map(toWire),
      ...(total === null ? {} : { total }),
      ...(lastPage === null ? {} : { lastPage }),
      ...(next === null || isLink || manners.paging !== "token" ? {} : { next })
    }),
    ...(next !== null && isLink ? { headers: { link: link(here, asked.size, next) } } : {})
  }
}

const isFirst = (query: URLSearchParams): boolean =>
  (query.get("page") ?? "1") === "1" && (query.get("offset") ?? "0") === "0" && !query.has("token")

const link = (here: string, size: number | null, token: string): string => {
  const query = new URLSearchParams({ token, ...(size === null ? {} : { size: String(size) }) })
  return `<${here}?${query}>; rel="next"`
}
