/**
 * What Chatling's documents leave open.
 */
import { Assumption } from "@colloquy/engine"

export const chatlingEmptyLastPage = Assumption.make(
  "chatlingEmptyLastPage",
  "What `last_page` of Chatling's empty listing is.",
  [1, 0]
)

export const chatlingMessageIds = Assumption.make(
  "chatlingMessageIds",
  "Whether Chatling's messages have the `id` that only other pages of its document name.",
  [false, true]
)

export const assumptions = [chatlingEmptyLastPage, chatlingMessageIds, Assumption.pastTheEnd] as const
