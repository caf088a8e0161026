/**
 * GPTBots' v1 history of any length, page by page, serialised once and kept.
 *
 * The conversation's id is its length: `200000` has 200,000 messages.
 */
import type { Wire } from "@colloquy/gptbots"

/** An answer, ready to be written. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Beyond this many, pages are serialised again for each request: a million messages would be a quarter gigabyte. */
const keptPages = 5_000
const kept = new Map<string, Answer>()

const texts: ReadonlyArray<string> = [
  "Where do I find the invoice of last month, and whom may I ask about it?",
  "You find every invoice under Settings, Billing; the newest stands on top. Shall I send you a copy by mail?",
  "Yes, please.",
  "Done. It may take a minute or two until it arrives. Is there anything else that I can do for you today?"
]

/** Ids of 24 hexadecimal digits, as the vendor's are; each message names the one before it. */
const idOf = (index: number): string => `645dd869${index.toString(16).padStart(16, "0")}`

const message = (index: number): Wire.Message => ({
  message_id: idOf(index),
  parent_message_id: index === 0 ? "" : idOf(index - 1),
  message_type: index % 2 === 0 ? "QUESTION" : "ANSWER",
  text: texts[index % texts.length] ?? "",
  create_time: 1_683_871_849_906 + index * 1000
})

const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer => {
  const body = Buffer.from(JSON.stringify(value))
  return {
    status,
    headers: { "content-type": "application/json", "content-length": String(body.length), ...headers },
    body
  }
}

/** `GET /v1/messages`. The `Link` header and `shape=array` are not GPTBots': one reader knows nothing else. */
export const messages = (url: URL): Answer => {
  const known = kept.get(url.href)
  if (known !== undefined) return known
  const total = Number(url.searchParams.get("conversation_id"))
  const page = Number(url.searchParams.get("page"))
  const size = Number(url.searchParams.get("page_size"))
  if (!(total >= 0 && page >= 1 && size >= 1 && size <= 100)) {
    return json(400, { code: 40000, message: "conversation_id, page and page_size are required" })
  }
  const start = (page - 1) * size
  if (start >= total) return json(200, { code: 40005, message: "Page number exceeds total." })
  const rows = Array.from({ length: Math.min(size, total - start) }, (_, index) => message(start + index))
  const content = url.searchParams.get("shape") === "array" ? rows : { total, messages: rows }
  const answer = json(200, content, start + size < total ? linkTo(url, page + 1) : {})
  if (kept.size < keptPages) kept.set(url.href, answer)
  return answer
}

const linkTo = (url: URL, page: number): Readonly<Record<string, string>> => {
  const next = new URL(url)
  next.searchParams.set("page", String(page))
  return { link: `<${next.href}>; rel="next"` }
}
