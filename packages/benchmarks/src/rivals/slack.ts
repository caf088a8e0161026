/**
 * Slack's own client. Its ten retries are kept and their waits left out, which would be half an hour on a refusal.
 */
import { LogLevel, retryPolicies, WebClient } from "@slack/web-api"
import * as z from "zod"
import { ended, pageSize, type Tool } from "./tool.ts"

/** A page of `paginate` has no type of its own. */
const History = z.object({ messages: z.array(z.object({ ts: z.string() })) })

export const tools: ReadonlyArray<Tool> = [
  {
    name: "@slack/web-api 8 `paginate`",
    usage: "`next_cursor`, until there is none",
    dialect: "slack",
    read: async (url, see) => {
      const client = new WebClient("benchmark", {
        slackApiUrl: `${url}/`,
        logLevel: LogLevel.ERROR,
        retryConfig: retryPolicies.rapidRetryPolicy
      })
      const pages = client.paginate("conversations.history", { channel: "c", limit: pageSize })
      for await (const page of pages) {
        for (const { ts } of History.parse(page).messages) see(ts)
      }
      return ended
    }
  }
]
