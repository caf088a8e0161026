/**
 * got, both ways that its documents show.
 */
import got from "got"
import { ended, pageSize, type Row, type Tool } from "./tool.ts"

interface Page {
  readonly rows: Array<Row>
}

const byNumber: Tool = {
  name: "got 16 `paginate`",
  usage: "page numbers, until a short page",
  dialect: "numbers",
  read: async (url, see) => {
    const rows = got.paginate<Row, Page>(url, {
      responseType: "json",
      searchParams: { page: 1, page_size: pageSize },
      pagination: {
        transform: ({ body }) => body.rows,
        paginate: ({ currentItems, response }) => {
          if (currentItems.length < pageSize) return false
          const page = new URL(response.url).searchParams.get("page")
          return { searchParams: { page: Number(page) + 1, page_size: pageSize } }
        }
      }
    })
    for await (const { id } of rows) see(id)
    return ended
  }
}

const byLink: Tool = {
  name: "got 16 `paginate`",
  usage: "`Link` headers",
  dialect: "links",
  read: async (url, see) => {
    const rows = got.paginate<Row>(url, { searchParams: { page: 1, page_size: pageSize } })
    for await (const { id } of rows) see(id)
    return ended
  }
}

export const tools: ReadonlyArray<Tool> = [byNumber, byLink]
