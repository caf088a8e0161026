/**
 * A listing in memory, served with the manners and the faults of real servers, and a record of what was asked.
 */
import { Note, type Page, Pagination } from "@colloquy/core"
import { assert } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { patient } from "./patience.ts"

export interface Row {
  readonly id: string
  readonly text: string
}

/** `count` rows with ids and texts of their own, from `from`. */
export const rowsOf = (count: number, from = 0): ReadonlyArray<Row> =>
  Array.from({ length: count }, (_, index) => ({ id: `m${from + index}`, text: `text ${from + index}` }))

/** The same text over and over, as people do say it. */
export const oks = (count: number): ReadonlyArray<Row> =>
  Array.from({ length: count }, () => ({ id: "", text: "ok" }))

export const byId = (row: Row): string => row.id

/** A request of any strategy. */
export type AnyRequest = Pagination.RequestOf<Pagination.Strategy>

/** A request with the fields of every strategy; those of the others stand as at the start of a listing. */
export interface Asked {
  readonly page: number
  readonly offset: number
  readonly size: number | null
  readonly cursor: string | null
}

export const askedOf = (request: AnyRequest): Asked => ({ page: 1, offset: 0, cursor: null, ...request })

export class Refused {
  readonly _tag = "Refused"
  readonly request: Asked
  constructor(request: Asked) {
    this.request = request
  }
}

/** What a server does with a request that has come as the `nth` (from 1). */
export interface Manners {
  readonly paging: "page" | "offset"
  /** The rows when the nth request comes. */
  readonly rows: (nth: number) => ReadonlyArray<Row>
  /** The most rows it serves in one page. Default: as many as asked. */
  readonly clamp?: number
  /** Where the pages of a clamped server begin: by the size that it serves, or by the size that was asked. */
  readonly clampedStarts?: "served" | "asked"
  /** Rows in a page where the request asks for no number. */
  readonly ownSize?: number
  /** Serves this page instead of the one asked. */
  readonly turnTo?: (page: number) => number
  /** Pages that come empty although there is more, by number. */
  readonly holes?: ReadonlyArray<number>
  /** Behind the end: an empty page, the last page again, or an error. */
  readonly pastEnd?: "empty" | "lastAgain" | "documentedError" | "undocumentedError"
  /** Requests that are refused whatever they ask, by their number. */
  readonly refuses?: (nth: number, request: Asked) => boolean
  readonly total?: (nth: number, page: ReadonlyArray<Row>) => number | null
  readonly lastPage?: (nth: number) => number | null
  /** Whether the answer names its page. */
  readonly namesPage?: boolean
}

export interface Server {
  readonly fetch: (
    request: AnyRequest
  ) => Effect.Effect<Pagination.Received<Row> | Pagination.PastEnd<Refused>, Refused>
  /** What was asked so far. */
  readonly requests: Array<Asked>
}

export const serve = (manners: Manners): Server => {
  const requests: Array<Asked> = []
  return {
    requests,
    fetch: (request) =>
      Effect.suspend(() => {
        const asked = askedOf(request)
        requests.push(asked)
        return answer(manners, asked, requests.length)
      })
  }
}

const answer = (
  manners: Manners,
  request: Asked,
  nth: number
): Effect.Effect<Pagination.Received<Row> | Pagination.PastEnd<Refused>, Refused> => {
  if (manners.refuses?.(nth, request) === true) return Effect.fail(new Refused(request))
  const all = manners.rows(nth)
  const asked = request.size ?? manners.ownSize ?? all.length
  const size = Math.min(asked, manners.clamp ?? asked)
  const stride = manners.clampedStarts === "asked" ? asked : size
  const page = manners.turnTo?.(request.page) ?? request.page
  const start = manners.paging === "page" ? (page - 1) * stride : request.offset
  const beyond = start >= all.length
  const { pastEnd = "empty" } = manners
  if (beyond && pastEnd.endsWith("Error")) {
    return Effect.succeed(Pagination.pastEnd(new Refused(request), pastEnd === "documentedError"))
  }
  const lastStart = Math.max(0, Math.floor((all.length - 1) / stride) * stride)
  const from = beyond && pastEnd === "lastAgain" ? lastStart : start
  const rows = manners.holes?.includes(page) === true ? [] : all.slice(from, from + size)
  return Effect.succeed(
    Pagination.received(rows, {
      total: manners.total?.(nth, rows) ?? null,
      lastPage: manners.lastPage?.(nth) ?? null,
      page: manners.namesPage === true ? page : null
    })
  )
}

/** A server of a fixed list. */
export const serveRows = (
  paging: "page" | "offset",
  rows: ReadonlyArray<Row>,
  manners: Partial<Manners> = {}
): Server => serve({ paging, rows: () => rows, ...manners })

type Ends = Pagination.StrategyOptions["ends"]

/** Walks a server to its end and gives the pages. */
export const walk = (
  server: Server,
  strategy: Pagination.Strategy,
  options: Pagination.WalkOptions<Row> = {}
) => patient(Stream.runCollect(Pagination.pages(strategy, server.fetch, options)))

/** Walks by page number, `size` rows to a page. */
export const walkPages = (
  server: Server,
  ends: Ends,
  options: Pagination.WalkOptions<Row> & Partial<Pagination.StrategyOptions> = {}
) => walk(server, Pagination.pageNumber({ size: 10, ...options, ends }), options)

/** Walks by offset, `size` rows to a page. */
export const walkOffsets = (
  server: Server,
  ends: Ends,
  options: Pagination.WalkOptions<Row> & Partial<Pagination.StrategyOptions> = {}
) => walk(server, Pagination.offset({ size: 10, ...options, ends }), options)

/** Everything that came, in order. */
export const itemsOf = <A>(pages: ReadonlyArray<Page.Page<A>>): ReadonlyArray<A> =>
  pages.flatMap((page) => page.items)

/** The last page's completion, whose words are those of its notes. */
export const completionOf = <A>(pages: ReadonlyArray<Page.Page<A>>): Page.Completion | null => {
  const completion = pages.at(-1)?.completion ?? null
  if (completion === null) return null
  const { mended, notes, unverified } = completion
  assert.deepStrictEqual({ mended, unverified, notes }, Note.inWords(notes))
  return completion
}
