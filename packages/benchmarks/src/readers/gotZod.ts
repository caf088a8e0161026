/**
 * `got.paginate` with zod in its `transform`.
 */
import got from "got"
import { pageSize, type Read } from "./reader.ts"
import { type Message, Page } from "./zodPage.ts"

export const read: Read = async ({ baseUrl, conversationId }, see) => {
  let page = 1
  let total = 0
  const query = (page: number) => ({ conversation_id: conversationId, page, page_size: pageSize })
  const messages = got.paginate<Message>(`${baseUrl}/v1/messages`, {
    responseType: "json",
    searchParams: query(1),
    pagination: {
      transform: ({ body }) => {
        const decoded = Page.parse(body)
        total = decoded.total
        return decoded.messages
      },
      paginate: () => (page * pageSize < total ? { searchParams: query(++page) } : false)
    }
  })
  for await (const { text } of messages) see(text)
}
