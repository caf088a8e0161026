/**
 * The page as users of zod describe it.
 */
import * as z from "zod"

export const Page = z.object({
  total: z.number(),
  messages: z.array(
    z.object({
      message_id: z.string(),
      parent_message_id: z.string(),
      message_type: z.string(),
      text: z.string(),
      create_time: z.number()
    })
  )
})
export type Message = z.infer<typeof Page>["messages"][number]
