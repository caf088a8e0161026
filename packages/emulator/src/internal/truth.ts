/**
 * The truth over HTTP, for other processes.
 */
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Corpus from "../Corpus.ts"
import { Rows } from "@colloquy/engine"
import * as PagedListing from "./pagedListing.ts"
import type { RequestLog } from "@colloquy/engine/RequestLog"

/** Rows of one piece of a streamed answer. */
const batch = 500

const isVendor = Schema.is(Corpus.Vendor)

/** Answers what is under `/emulator`: the truth, the counts of requests, and the listings that no vendor has. */
export const respond = (
  corpus: Corpus.Corpus,
  log: RequestLog,
  path: ReadonlyArray<string>,
  query: URLSearchParams
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  const [, what, vendor, conversationId] = path
  if (what === "requests") return Effect.map(log.counts, json)
  if (what === "listing") return Effect.succeed(PagedListing.respond(vendor, query) ?? notFound)
  if (what !== "truth") return Effect.succeed(notFound)
  if (vendor === undefined) return Effect.succeed(json(everything(corpus)))
  const rows =
    !isVendor(vendor) || conversationId === undefined
      ? undefined
      : vendor === "gptbots" && query.get("api") === "v2"
        ? corpus.gptbots.messagesV2(conversationId)
        : Corpus.messages(corpus, vendor, conversationId)
  return Effect.succeed(rows === undefined ? notFound : ndjson(rows))
}

const json = (body: unknown): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(JSON.stringify(body), { contentType: "application/json" })

const notFound = HttpServerResponse.text('{"error":"not found"}', {
  status: 404,
  contentType: "application/json"
})

const everything = (corpus: Corpus.Corpus) => ({
  opencopilot: listed(corpus, "opencopilot", { botId: corpus.opencopilot.botId }),
  chatling: listed(corpus, "chatling", { chatbotId: corpus.chatling.chatbotId }),
  botuj: listed(corpus, "botuj", {}),
  gptbots: listed(corpus, "gptbots", {})
})

const listed = (corpus: Corpus.Corpus, vendor: Corpus.Vendor, owner: Readonly<Record<string, string>>) => {
  const entry = (conversationId: string) => ({
    ...owner,
    conversationId,
    messages: Corpus.messages(corpus, vendor, conversationId)?.length ?? 0
  })
  return Rows.toArray(Rows.map(corpus[vendor].conversationIds, entry))
}

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
