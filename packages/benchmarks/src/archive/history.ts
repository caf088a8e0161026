/**
 * GPTBots histories of any length without a network, read as the archive gets them: canonical pages with their
 * checkpoints, the last with its proof.
 *
 * A conversation's id says its length, and which it is: `5000-3` has 5,000 messages.
 */
import { type Message, type Page, Source } from "@colloquy/core"
import { Gptbots, type Wire } from "@colloquy/gptbots"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"

/** Messages in a page: the vendor's maximum. */
export const pageSize = 100

const texts: ReadonlyArray<string> = [
  "Where do I find the invoice of last month, and whom may I ask about it?",
  "You find every invoice under Settings, Billing; the newest stands on top. Shall I send you a copy by mail? If you need it in another company's name, tell me the name and the tax number, and I ask our accountants to write a new one; that takes about two working days.",
  "Yes, please.",
  "Done. It may take a minute or two until it arrives. Is there anything else that I can do for you today?"
]

const epoch = 1_683_871_849_906

/** A number that looks random, the same for the same two. */
const scattered = (a: number, b: number): string => {
  let hash = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x165667b1, 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39)
  return ((hash ^ (hash >>> 15)) >>> 0).toString(16).padStart(8, "0")
}

const timeOf = (index: number): number => epoch + index * 7_013

/** Ids of 24 hexadecimal digits, as the vendor's are: the second, and then what no order is in. */
const idOf = (conversation: number, index: number): string => {
  const second = Math.floor(timeOf(index) / 1000).toString(16)
  return `${second}${scattered(index, conversation)}${scattered(conversation, index)}`
}

const wire = (conversation: number, index: number): Wire.Message => ({
  message_id: idOf(conversation, index),
  parent_message_id: index === 0 ? "" : idOf(conversation, index - 1),
  message_type: index % 2 === 0 ? "QUESTION" : "ANSWER",
  text: `${texts[index % texts.length]} (${index})`,
  create_time: timeOf(index)
})

const answer = (url: URL): unknown => {
  const [total = 0, conversation = 0] = (url.searchParams.get("conversation_id") ?? "").split("-").map(Number)
  const start = (Number(url.searchParams.get("page")) - 1) * pageSize
  if (start >= total) return { code: 40005, message: "Page number exceeds total." }
  const length = Math.min(pageSize, total - start)
  return { total, messages: Array.from({ length }, (_, at) => wire(conversation, start + at)) }
}

const http = HttpClient.make((request, url) =>
  Effect.sync(() => HttpClientResponse.fromWeb(request, Response.json(answer(url))))
)

/** The histories as a source. */
export const layer = Gptbots.layerSource({
  baseUrl: "http://127.0.0.1",
  token: Redacted.make("benchmark")
}).pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, http)), Layer.orDie)

/** All pages of one history. */
export const pages = (
  conversationId: string
): Effect.Effect<ReadonlyArray<Page.Page<Message>>, never, Source> =>
  Effect.orDie(Stream.runCollect(Source.messagePages({ conversationId })))
