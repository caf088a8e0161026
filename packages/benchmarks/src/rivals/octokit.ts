/**
 * Octokit with its plugins for paging and retries, as its bundle has them.
 */
import { Octokit } from "@octokit/core"
import { paginateRest } from "@octokit/plugin-paginate-rest"
import { retry } from "@octokit/plugin-retry"
import { ended, pageSize, type Row, type Tool } from "./tool.ts"

const Paginating = Octokit.plugin(paginateRest, retry)
const silent = () => {}
const log = { debug: silent, info: silent, warn: silent, error: silent }

export const tools: ReadonlyArray<Tool> = [
  {
    name: "Octokit 7 `paginate.iterator`",
    usage: "`Link` headers",
    dialect: "links",
    read: async (url, see) => {
      const octokit = new Paginating({ log })
      const parameters = { page: 1, page_size: pageSize }
      for await (const { data } of octokit.paginate.iterator<Row>(`GET ${url}`, parameters)) {
        for (const { id } of data) see(id)
      }
      return ended
    }
  }
]
