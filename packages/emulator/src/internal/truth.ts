/**
 * The truth over HTTP, for other processes.
 */
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type Emulation, Rows } from "@colloquy/engine"
import type { RequestLog } from "@colloquy/engine/RequestLog"
import * as Struct from "effect/Struct"
import * as Corpus from "../Corpus.ts"
import * as PagedListing from "./pagedListing.ts"

/** Rows per chunk of a streamed answer. */
const batch = 500

const isVendor = Schema.is(Corpus.Vendor)

/** Answers `/emulator`: the truth, the counts of requests, and the listings that no vendor has. */
export const respond = (
  emulated: Corpus.Emulated,
  log: RequestLog,
  path: ReadonlyArray<string>,
  query: URLSearchParams
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  const [, what, vendor, conversationId] = path
  if (what === "requests") return Effect.map(log.counts, json)
  if (what === "listing") return Effect.succeed(PagedListing.respond(vendor, query) ?? notFound)
  if (what !== "truth") return Effect.succeed(notFound)
  if (vendor === undefined) return Effect.succeed(json(everything(emulated)))
  const rows =
    isVendor(vendor) && conversationId !== undefined
      ? emulated[vendor].truth(conversationId, query)
      : undefined
  return Effect.succeed(rows === undefined ? notFound : ndjson(rows))
}

const json = (body: unknown): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(JSON.stringify(body), { contentType: "application/json" })

const notFound = HttpServerResponse.text('{"error":"not found"}', {
  status: 404,
  contentType: "application/json"
})

const everything = (emulated: Corpus.Emulated) => Struct.map(emulated, Struct.lambda<Entries>(entries))

interface Entries extends Struct.Lambda {
  (emulated: Emulation.Emulated): ReadonlyArray<object>
  readonly "~lambda.out": ReadonlyArray<object>
}

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
