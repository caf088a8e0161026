/**
 * What a reader is: it reads a whole GPTBots conversation and shows each message's text to the benchmark.
 */

/** What to read. */
export interface Target {
  readonly baseUrl: string
  readonly conversationId: string
  /** Requests in flight, for the readers that can. */
  readonly concurrency: number
}

/** Reads all of it, 100 messages a page. */
export type Read = (target: Target, see: (text: string) => void) => Promise<void>

/** Messages in a page: the vendor's maximum. */
export const pageSize = 100

/** The address of one page, for readers that build it themselves. */
export const pageUrl = ({ baseUrl, conversationId }: Target, page: number): string =>
  `${baseUrl}/v1/messages?conversation_id=${conversationId}&page=${page}&page_size=${pageSize}`

/** A page as its type promises, for readers that check nothing. */
export interface UncheckedPage {
  readonly total: number
  readonly messages: ReadonlyArray<{ readonly text: string }>
}

/** `JSON.parse` and a promise. */
export const parseUnchecked = (text: string): UncheckedPage => JSON.parse(text)
