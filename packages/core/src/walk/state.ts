/**
 * A walk: what it is of, and where it stands.
 */
import type * as Effect from "effect/Effect"
import type { Page } from "../model/Page.ts"
import type { PastEnd, Received } from "./answer.ts"
import type * as LoopDetector from "./loopDetector.ts"
import type { Prefetch } from "./prefetch.ts"
import type { AnyRequest } from "./request.ts"
import type { Order, Strategy } from "./strategy.ts"

/** A listing being walked. */
export interface Walk<A, E, R> {
  readonly strategy: Strategy
  readonly fetch: (request: AnyRequest) => Effect.Effect<Received<A> | PastEnd<E>, E, R>
  readonly ahead: Prefetch<Received<A> | PastEnd<E>, E, R>
  readonly key: ((row: A) => string | undefined) | undefined
  /** Told of each row that has the key of another row of its answer, and other contents. */
  readonly onConflict: ((row: A) => void) | undefined
  readonly order: Order
  /** Whether page numbers may be asked for in windows that overlap. */
  readonly overlap: boolean
  readonly expectedCount: number | null
  readonly fingerprint: string
  /** Requests in flight at most. */
  readonly concurrency: number
  /** Pages that are emitted at most; infinite where there is no bound. */
  readonly maxPages: number
}

export interface State {
  readonly next: AnyRequest
  /** Where the last known row should be in the next answer; -1 where the next answer should have only new rows. */
  readonly expected: number
  /** Whether page numbers are asked for in windows that overlap. */
  readonly overlapping: boolean
  /** Rows to ask for, as far as the server is known to serve as many; null where it chooses. */
  readonly size: number | null
  /** Rows of the largest page so far. */
  readonly largest: number
  /** Rows of a page that was seen to be full, though shorter than was asked; 0 where none was. */
  readonly fills: number
  /** Distinct rows received. */
  readonly received: number
  /** Rows of the listing before the next one. */
  readonly place: number
  /** By how many places the listing is known to have moved under the walk. */
  readonly shift: number
  readonly pages: number
  /** Pages that went out. */
  readonly emitted: number
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
  /** Rows that had come before, and came again where new ones were due. */
  readonly again: number
  /** Whether rows were taken behind others that they did not overlap: a move in between could not be seen. */
  readonly blind: boolean
  /** Whether rows came again or in between that were behind the walk. */
  readonly stirred: boolean
  /** Whether rows of several answers were joined at all. */
  readonly joined: boolean
  /** Whether every answer that was taken blindly claimed its total. */
  readonly counted: boolean
  readonly clampedTo: number | null
  /** Whether windows were given up because the server does not serve their sizes. */
  readonly oddSizes: boolean
  /** Whether an undocumented refusal was taken for the end. */
  readonly refused: boolean
  readonly resuming: boolean
  /** Whether the last page is asked for again because rows came behind it though it had room for more. */
  readonly rereading: boolean
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
  readonly request: AnyRequest
  /** How many rows that request brought. */
  readonly inPage: number
  /**
   * Whether the page had room for more, so that rows behind it need not follow it: `full` where it is known to have had
   * none, `asked` where it had as many rows as were asked for.
   */
  readonly room: "full" | "asked" | "unknown"
  readonly mark: string
}

/** A page that goes out, and the state after it. */
export type Step<A> = readonly [Page<A>, State]
