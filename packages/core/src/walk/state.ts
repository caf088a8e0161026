/**
 * A walk: its listing and its state.
 */
import type * as Effect from "effect/Effect"
import type { Page } from "../model/Page.ts"
import type { IncompleteWalk } from "../model/SourceError.ts"
import type { PastEnd, Received } from "./answer.ts"
import type * as LoopDetector from "./loopDetector.ts"
import type { Prefetch } from "./prefetch.ts"
import type { AnyRequest } from "./request.ts"
import type { Order, Strategy } from "./strategy.ts"

/** A listing that is being walked. */
export interface Walk<A, E, R> {
  readonly strategy: Strategy
  readonly fetch: (request: AnyRequest) => Effect.Effect<Received<A> | PastEnd<E>, E, R>
  readonly ahead: Prefetch<Received<A> | PastEnd<E>, E, R>
  readonly key: ((row: A) => string | undefined) | undefined
  /** Called with each row that has the key of another row of its answer and other contents. */
  readonly onConflict: ((row: A) => void) | undefined
  readonly order: Order
  /** Whether numbered pages may overlap (windows). */
  readonly overlap: boolean
  readonly expectedCount: number | null
  readonly fingerprint: string
  /** The maximum of concurrent requests. */
  readonly concurrency: number
  /** The maximum of emitted pages; `Infinity` for none. */
  readonly maxPages: number
}

export interface State {
  readonly next: AnyRequest
  /** The expected index of the last known row in the next answer; -1 if only new rows are expected. */
  readonly expected: number
  /** Whether numbered pages overlap (windows). */
  readonly overlapping: boolean
  /** Rows to request, if the server is known to serve as many; null if it chooses. */
  readonly size: number | null
  /** Rows in the largest page so far. */
  readonly largest: number
  /** Rows in the smallest answer that another followed, of this walk; infinite if there was none. */
  readonly smallest: number
  /** Rows in a short page that proved to be full; 0 if there was none. */
  readonly fullSize: number
  /** Distinct rows received. */
  readonly received: number
  /** The number of rows of the listing before the next one. */
  readonly place: number
  /** By how many rows the listing is known to have shifted during the walk. */
  readonly shift: number
  readonly pages: number
  /** Emitted pages. */
  readonly emitted: number
  readonly total: number | null
  /** Whether the last answer claimed a total. */
  readonly totalClaimed: boolean
  /** How the claims changed with the last answer. */
  readonly change: "none" | "grew" | "fell"
  /** Whether the total has exceeded a page, so that it counts the whole listing. */
  readonly totalProven: boolean
  readonly lastPage: number | null
  readonly emptyRun: number
  readonly emptyPages: number
  /** Consecutive pages without new rows. */
  readonly idle: number
  readonly known: Known | null
  /** Whether a probe beyond the end proved that equal pages are correct. */
  readonly repeatsAreGenuine: boolean
  /** How often the listing had shifted and was found again. */
  readonly moves: number
  /** Whether it had shifted towards its end, by rows that came in front. */
  readonly pushed: boolean
  /** Known rows that came again in place of new ones. */
  readonly repeated: number
  /** Whether rows were taken without an overlap, so that a shift in between was not visible. */
  readonly blind: boolean
  /** Whether rows were repeated or inserted among rows already read. */
  readonly stirred: boolean
  /** Whether rows of several answers were joined. */
  readonly joined: boolean
  /** Whether every answer taken without an overlap claimed its total. */
  readonly counted: boolean
  readonly clampedTo: number | null
  /** Whether windows were abandoned because the server does not serve their sizes. */
  readonly oddSizes: boolean
  /** Whether an undocumented refusal counts as the end. */
  readonly refused: boolean
  readonly resuming: boolean
  /** Whether the walk began at a checkpoint. */
  readonly resumed: boolean
  /** Whether the last page is being read again because it had room for more rows. */
  readonly rereading: boolean
  readonly restarted: string | null
  /** Why the rows of an only answer are not all of the listing; null if they may be. */
  readonly cut: { readonly kind: IncompleteWalk["kind"]; readonly evidence: string } | null
  readonly loops: LoopDetector.LoopDetector
  /** The cursors so far, in a detector of their own: beyond its bound, a detector holds only one mark. */
  readonly cursors: LoopDetector.LoopDetector
  readonly done: boolean
}

/** The known rows by which the next page is aligned. */
export interface Known {
  /** Keys in order. With ids, all of a page; without, only the last few. */
  readonly keys: ReadonlyArray<string>
  /** The request that brought them. */
  readonly request: AnyRequest
  /** The number of rows in its answer. */
  readonly inPage: number
  /**
   * Whether the page had room for more rows: `full` if it is known to have none, `asked` if it has as many rows as
   * requested, else `unknown`.
   */
  readonly room: "full" | "asked" | "unknown"
  /** Whether it began with rows that had come before, though only new ones were expected. */
  readonly overlaps: boolean
  readonly mark: string
}

/** An emitted page, and the state after it. */
export type Step<A> = readonly [Page<A>, State]
