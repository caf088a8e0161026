/**
 * undici in a loop, nothing checked: the floor.
 */
import { request } from "undici"
import { pageSize, pageUrl, parseUnchecked, type Read } from "./reader.ts"

export const read: Read = async (target, see) => {
  for (let page = 1, total = 1; (page - 1) * pageSize < total; page++) {
    const { body } = await request(pageUrl(target, page))
    const { messages, total: claimed } = parseUnchecked(await body.text())
    total = claimed
    for (const { text } of messages) see(text)
  }
}
