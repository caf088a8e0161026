/**
 * undici with requests in flight, nothing checked: the floor of a prefetch on this machine.
 */
import { request } from "undici"
import { ahead } from "./ahead.ts"
import { pageSize, pageUrl, parseUnchecked, type Read, type Target } from "./reader.ts"

const fetchPage = async (target: Target, page: number) => {
  const { body } = await request(pageUrl(target, page))
  return parseUnchecked(await body.text())
}

export const read: Read = async (target, see) => {
  const { messages, total } = await fetchPage(target, 1)
  for (const { text } of messages) see(text)
  const last = Math.ceil(total / pageSize)
  for await (const page of ahead((page) => fetchPage(target, page), last, target.concurrency)) {
    for (const { text } of page.messages) see(text)
  }
}
