/**
 * Octokit's iterator, which follows `Link` headers, wants a page to be an array, and checks nothing.
 */
import { Octokit } from "@octokit/core"
import { paginateRest } from "@octokit/plugin-paginate-rest"
import { pageSize, type Read, type UncheckedPage } from "./reader.ts"

type Message = UncheckedPage["messages"][number]

const Paginating = Octokit.plugin(paginateRest)

export const read: Read = async ({ baseUrl, conversationId }, see) => {
  const octokit = new Paginating({ baseUrl })
  const pages = octokit.paginate.iterator<Message>("GET /v1/messages", {
    conversation_id: conversationId,
    page: 1,
    page_size: pageSize,
    shape: "array"
  })
  for await (const { data } of pages) {
    for (const { text } of data) see(text)
  }
}
