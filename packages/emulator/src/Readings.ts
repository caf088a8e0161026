/**
 * What the vendors' documents leave open, and how the emulator reads it.
 */

/** How each unknown is read. */
export interface Readings {
  /** How Botuj wraps a list: a bare array, or an object with the list under this key. */
  readonly botujEnvelope: "array" | "messages" | "data"
  /** What OpenCopilot, Botuj and Chatling answer to a page past the end. */
  readonly pastTheEnd: "empty" | "notFound" | "badRequest"
  /** Whether GPTBots' `total` is a number, as shown, or a string, as documented. */
  readonly gptbotsTotal: "number" | "string"
  /** Whether the `total` of GPTBots' list counts the whole list or the page. */
  readonly gptbotsListTotal: "whole" | "page"
  /** The HTTP status of GPTBots' errors (401 for a bad token instead of 400). */
  readonly gptbotsErrorStatus: 200 | 400
  /** What GPTBots answers for a conversation without messages. */
  readonly gptbotsEmpty: "empty" | "40005"
  /** Chatling's `last_page` of an empty listing. */
  readonly chatlingEmptyLastPage: 1 | 0
  /** What Botuj and GPTBots do with a page size above the maximum. */
  readonly overMaximum: "clamp" | "error"
  /** Whether Chatling's messages have the `id` that only other pages name. */
  readonly chatlingMessageIds: boolean
  /** How OpenCopilot spells the field. */
  readonly opencopilotSpelling: "knowldgebase_called" | "knowledgebase_called"
  /** What GPTBots v2 sends for no feedback. */
  readonly gptbotsNullFeedback: "empty" | "" | null
}

/** The readings nearest to what the documents show. */
export const defaults: Readings = {
  botujEnvelope: "array",
  pastTheEnd: "empty",
  gptbotsTotal: "number",
  gptbotsListTotal: "whole",
  gptbotsErrorStatus: 200,
  gptbotsEmpty: "empty",
  chatlingEmptyLastPage: 1,
  overMaximum: "clamp",
  chatlingMessageIds: false,
  opencopilotSpelling: "knowldgebase_called",
  gptbotsNullFeedback: "empty"
}
