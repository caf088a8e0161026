/**
 * `fetch` and zod with requests in flight: what one writes by hand who wants to be as fast as a prefetch.
 */
import { ahead } from "./ahead.ts"
import { pageSize, pageUrl, type Read, type Target } from "./reader.ts"
import { type Message, Page } from "./zodPage.ts"

const fetchPage = async (target: Target, page: number) => {
  // @effect-diagnostics-next-line globalFetch:off -- what is measured is what people write without Effect
  const response = await fetch(pageUrl(target, page))
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  return Page.parse(await response.json())
}

async function* messages(target: Target): AsyncGenerator<Message> {
  const { messages, total } = await fetchPage(target, 1)
  yield* messages
  const last = Math.ceil(total / pageSize)
  for await (const page of ahead((page) => fetchPage(target, page), last, target.concurrency)) {
    yield* page.messages
  }
}

export const read: Read = async (target, see) => {
  for await (const { text } of messages(target)) see(text)
}
