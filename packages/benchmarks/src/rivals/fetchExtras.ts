/**
 * fetch-extras: `paginate` over a `fetch` that retries and knows HTTP errors.
 */
import { paginate, pipeline, withHttpError, withRetry } from "fetch-extras"
import { ended, pageSize, type Row, type Tool } from "./tool.ts"

const fetchFunction = pipeline(fetch, withRetry({ retries: 2 }), withHttpError())

export const tools: ReadonlyArray<Tool> = [
  {
    name: "fetch-extras 3 `paginate`",
    usage: "`Link` headers",
    dialect: "links",
    read: async (url, see) => {
      const rows = paginate<Row>(`${url}?page=1&page_size=${pageSize}`, { fetchFunction })
      for await (const { id } of rows) see(id)
      return ended
    }
  }
]
