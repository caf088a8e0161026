/**
 * The truth over HTTP, for other processes.
 */
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Stream from "effect/Stream"
import { type Emulation, Rows } from "@colloquy/engine"
import type { RequestLog } from "@colloquy/engine/RequestLog"
import * as PagedListing from "./pagedListing.ts"

/** Rows per chunk of a streamed answer. */
const batch = 500

/** Answers `/emulator`: the truth, the counts of requests, and the listings that no vendor has. */
export const respond = (
  emulated: ReadonlyArray<Emulation.Emulated>,
  log: RequestLog,
  path: ReadonlyArray<string>,
  query: URLSearchParams
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  const [, what, vendor, conversationId] = path
  if (what === "requests") return Effect.map(log.counts, json)
  if (what === "listing") return Effect.succeed(PagedListing.respond(vendor, query) ?? notFound)
  if (what !== "truth") return Effect.succeed(notFound)
  if (vendor === undefined) return Effect.succeed(json(everything(emulated)))
  const named = emulated.find((each) => each.vendor === vendor)
  const rows = conversationId === undefined ? undefined : named?.truth(conversationId, query)
  return Effect.succeed(rows === undefined ? notFound : ndjson(rows))
}

const json = (body: unknown): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(JSON.stringify(body), { contentType: "application/json" })

const notFound = HttpServerResponse.text('{"error":"not found"}', {
  status: 404,
  contentType: "application/json"
})

const everything = (emulated: ReadonlyArray<Emulation.Emulated>) =>
  Object.fromEntries(emulated.map((each) => [each.vendor, entries(each)]))

const entries = ({ corpus, entry }: Emulation.Emulated): ReadonlyArray<object> =>
  Rows.toArray(Rows.map(corpus.conversationIds, (id) => entry(id)))

const ndjson = (rows: Rows.Rows<unknown>): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.stream(
    Stream.encodeText(
      Stream.unfold(0, (start) => {
        const lines = Rows.slice(rows, start, start + batch).map((row) => `${JSON.stringify(row)}\n`)
        return Effect.succeed(lines.length === 0 ? undefined : ([lines.join(""), start + batch] as const))
      })
    ),
    { contentType: "application/x-ndjson" }
  )
