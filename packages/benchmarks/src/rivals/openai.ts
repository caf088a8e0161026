/**
 * OpenAI's own client: its lists are iterators that ask for the next page themselves, `after` the last row's id.
 */
import OpenAI from "openai"
import { ended, pageSize, type Tool } from "./tool.ts"

export const tools: ReadonlyArray<Tool> = [
  {
    name: "openai 7 `chat.completions.messages.list`",
    usage: "`after` the last row, until `has_more` is false",
    dialect: "openai",
    read: async (url, see) => {
      // What it would take from the environment is set, so that a developer's own variables change nothing.
      const client = new OpenAI({
        apiKey: "benchmark",
        baseURL: url,
        logLevel: "off",
        organization: null,
        project: null
      })
      for await (const { id } of client.chat.completions.messages.list("c", { limit: pageSize })) see(id)
      return ended
    }
  }
]
