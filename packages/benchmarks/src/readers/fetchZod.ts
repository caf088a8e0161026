/**
 * What most people write by hand: an async generator over `fetch` and zod.
 */
import { pageSize, pageUrl, type Read, type Target } from "./reader.ts"
import { type Message, Page } from "./zodPage.ts"

async function* messages(target: Target): AsyncGenerator<Message> {
  for (let page = 1; ; page++) {
    // @effect-diagnostics-next-line globalFetch:off -- what is measured is what people write without Effect
    const response = await fetch(pageUrl(target, page))
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    const { messages, total } = Page.parse(await response.json())
    yield* messages
    if (page * pageSize >= total) return
  }
}

export const read: Read = async (target, see) => {
  for await (const { text } of messages(target)) see(text)
}
