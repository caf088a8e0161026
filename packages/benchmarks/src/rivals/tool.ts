/**
 * What is asked of every tool that walks the hostile listing.
 */

/** The listing, in one of its dialects. */
export type Dialect = "numbers" | "links" | "tokens" | "openai" | "slack"

/** One tool, used as its documents show. */
export interface Tool {
  readonly name: string
  /** How it finds the next page, and when it stops. */
  readonly usage: string
  readonly dialect: Dialect
  /** Walks the listing at this address and shows each row's id. Says how it ended, or fails. */
  readonly read: (url: string, see: (id: string) => void) => Promise<Ending>
}

/** How a walk ended, in the tool's own terms. */
export interface Ending {
  readonly how: string
  /** What the tool itself says it could not make sure of; null if it says nothing. */
  readonly caveat: string | null
}

/** The end that all tools know: no more pages. */
export const ended: Ending = { how: "ended", caveat: null }

/** Rows asked for in each request. */
export const pageSize = 100

/** A row as users declare it. */
export interface Row {
  readonly id: string
  readonly text: string
}
