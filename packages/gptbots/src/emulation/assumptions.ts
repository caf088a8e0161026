/**
 * What GPTBots' documents leave open.
 */
import { Assumption } from "@colloquy/engine"

export const gptbotsTotal = Assumption.make(
  "gptbotsTotal",
  "Whether GPTBots' `total` is a number, as shown, or a string, as documented.",
  ["number", "string"]
)

export const gptbotsListTotal = Assumption.make(
  "gptbotsListTotal",
  "Whether the `total` of GPTBots' list counts the whole list or the page.",
  ["whole", "page"]
)

export const gptbotsErrorStatus = Assumption.make(
  "gptbotsErrorStatus",
  "The HTTP status of GPTBots' errors (401 for a bad token instead of 400).",
  [200, 400]
)

export const gptbotsEmpty = Assumption.make(
  "gptbotsEmpty",
  "What GPTBots answers for a conversation without messages.",
  ["empty", "40005"]
)

export const gptbotsNullFeedback = Assumption.make(
  "gptbotsNullFeedback",
  "What GPTBots v2 sends for no feedback.",
  ["empty", "", null]
)

export const assumptions = [
  gptbotsTotal,
  gptbotsListTotal,
  gptbotsErrorStatus,
  gptbotsEmpty,
  gptbotsNullFeedback,
  Assumption.overMaximum
] as const
