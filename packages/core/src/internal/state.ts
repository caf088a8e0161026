/**
 * A walk: what it is of, and where it stands.
 */
import type * as Effect from "effect/Effect"
import type { Page } from "../Page.ts"
import type { PageRequest, PastEnd, Received } from "./answer.ts"
import type * as LoopDetector from "./loopDetector.ts"
import type { Prefetch } from "./prefetch.ts"
import type { Strategy } from "./strategy.ts"

/** A listing being walked. */
export interface Walk<A, E, R> {
  readonly strategy: Strategy
  readonly fetch: (request: PageRequest) => Effect.Effect<Received<A> | PastEnd<E>, E, R>
  readonly ahead: Prefetch<Received<A> | PastEnd<E>, E, R>
  readonly key: ((row: A) => string | undefined) | undefined
  readonly listed: number | null
  readonly fingerprint: string
  /** Requests in flight at most. */
  readonly concurrency: number
}

export interface State {
  readonly next: PageRequest
  /** Where the last known row should be in the next answer; -1 where the next answer should have only new rows. */
  readonly expected: number
  /** Rows in a full page, as far as seen: what was asked, or less where the server serves less. */
  readonly served: number | null
  readonly largest: number
  readonly received: number
  /** The place of the next row is `received + shift`: other than 0 once the listing is known to have moved. */
  readonly shift: number
  readonly pages: number
  readonly total: number | null
  /** Whether the last answer claimed the total itself. */
  readonly totalClaimed: boolean
  /** How the claims of the last answer differ from those before it. */
  readonly change: "none" | "grew" | "fell"
  /** Whether the total has been seen to count more than a page. */
  readonly totalProven: boolean
  readonly lastPage: number | null
  readonly emptyRun: number
  readonly emptyPages: number
  /** Pages in a row that brought nothing new. */
  readonly idle: number
  readonly known: Known | null
  /** Whether a probe beyond the end has shown that equal pages are genuine. */
  readonly repeatsAreGenuine: boolean
  /** How often the listing had moved and was found again. */
  readonly moves: number
  readonly clampedTo: number | null
  readonly resuming: boolean
  readonly restarted: string | null
  readonly loops: LoopDetector.LoopDetector
  /** Cursors that came before: a detector of their own, for beyond its bound each holds only one mark. */
  readonly cursors: LoopDetector.LoopDetector
  readonly done: boolean
}

/** The rows that the next page is aligned by. */
export interface Known {
  /** Keys in order, the last row's last. All of a page where rows have ids, else its last few. */
  readonly keys: ReadonlyArray<string>
  /** The request that brought them. */
  readonly request: PageRequest
  /** How many rows that request brought. */
  readonly inPage: number
  readonly mark: string
}

/** A page that goes out, and the state after it. */
export type Step<A> = readonly [Page<A>, State]
