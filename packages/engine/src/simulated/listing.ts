/**
 * A listing with the manners of real servers: how it is cut into pages, what it claims, and how it ends.
 */
import * as Schema from "effect/Schema"

/** The manners of one listing. */
export const Manners = Schema.Struct({
  /** `oneAnswer`: only the `newest` rows, as many as are served, whatever is asked. */
  paging: Schema.Literals(["page", "offset", "token", "link", "oneAnswer"]),
  /** The maximum of rows per page or answer, and the default. */
  serves: Schema.Int,
  /** The sizes that the server serves: any up to `serves`, the next multiple of ten, or only `serves`. */
  sizes: Schema.Literals(["any", "tens", "own"]),
  /**
   * How the server computes where a page begins if it serves fewer rows than requested: by the served or the
   * requested size.
   */
  begins: Schema.Literals(["served", "asked"]),
  /** What a token stands for: a place in the listing, or the row before the page. */
  tokens: Schema.Literals(["place", "row"]),
  /** Which answers claim a total, and whether as a number or as text. */
  total: Schema.Literals(["none", "each", "first", "text"]),
  /** Where the newest rows are. */
  newest: Schema.optionalKey(Schema.Literals(["first", "last"])),
  lastPage: Schema.Boolean,
  /** Past the end: an empty page, a documented error, an undocumented one, or the last page again. */
  pastEnd: Schema.Literals(["empty", "documented", "refused", "lastAgain"])
})
export interface Manners extends Schema.Schema.Type<typeof Manners> {}

/** The simplest listing: page numbers, any size, a total, and empty pages past the end. */
export const plain: Manners = {
  paging: "page",
  serves: 100,
  sizes: "any",
  begins: "served",
  tokens: "place",
  total: "each",
  lastPage: false,
  pastEnd: "empty"
}

/** A request; each way of paging uses its own field. */
export interface PageQuery {
  readonly page: number
  readonly offset: number
  readonly token: string | null
  /** Rows requested; null if the request names no number. */
  readonly size: number | null
  /** Whether it is the first request of a walk. */
  readonly first: boolean
}

/** A page of an answer. */
export interface Cut<A> {
  readonly _tag: "Cut"
  readonly rows: ReadonlyArray<A>
  readonly total: number | string | null
  readonly lastPage: number | null
  readonly next: string | null
}

/** The vendor refuses a page past the end. */
export interface Refusal {
  readonly _tag: "Refusal"
  readonly documented: boolean
}

const refusal = (documented: boolean): Refusal => ({ _tag: "Refusal", documented })

/** The page size that is served. */
const served = ({ serves, sizes }: Manners, size: number | null): number => {
  if (size === null || sizes === "own") return serves
  return Math.min(serves, sizes === "tens" ? Math.ceil(size / 10) * 10 : size)
}

/** Answers a request from the current rows. */
export const cut = <A>(
  manners: Manners,
  rows: ReadonlyArray<A>,
  asked: PageQuery,
  idOf: (row: A) => string
): Cut<A> | Refusal => {
  const size = served(manners, asked.size)
  const start = startOf(manners, rows, asked, size, idOf)
  if (start === undefined) return refusal(false)
  const isPast = manners.paging !== "oneAnswer" && start >= rows.length && start > 0
  if (isPast && manners.pastEnd === "documented") return refusal(true)
  if (isPast && manners.pastEnd === "refused") return refusal(false)
  const again = isPast && manners.pastEnd === "lastAgain"
  const from = again ? Math.max(0, Math.floor((rows.length - 1) / size) * size) : start
  const page = rows.slice(from, from + size)
  const more = from + size < rows.length
  return {
    _tag: "Cut",
    rows: page,
    total: totalOf(manners, rows.length, asked.first),
    lastPage:
      manners.lastPage && manners.paging === "page" ? Math.max(1, Math.ceil(rows.length / size)) : null,
    next: more ? tokenOf(manners, page, from + size, idOf) : null
  }
}

const totalOf = ({ total }: Manners, count: number, first: boolean): number | string | null => {
  if (total === "none" || (total === "first" && !first)) return null
  return total === "text" ? String(count) : count
}

/** Where a page begins; undefined for an unknown token. */
const startOf = <A>(
  { begins, newest = "last", paging, tokens }: Manners,
  rows: ReadonlyArray<A>,
  { offset, page, size, token }: PageQuery,
  served: number,
  idOf: (row: A) => string
): number | undefined => {
  if (paging === "page") return (page - 1) * (begins === "asked" ? Math.max(size ?? 0, served) : served)
  if (paging === "offset") return offset
  if (paging === "oneAnswer") return newest === "first" ? 0 : Math.max(0, rows.length - served)
  if (token === null) return 0
  if (tokens === "place") return /^p\d+$/.test(token) ? Number(token.slice(1)) : undefined
  const at = rows.findIndex((row) => `r${idOf(row)}` === token)
  return at < 0 ? undefined : at + 1
}

const tokenOf = <A>(
  { tokens }: Manners,
  page: ReadonlyArray<A>,
  place: number,
  idOf: (row: A) => string
): string | null => {
  const last = page.at(-1)
  if (tokens === "place") return `p${place}`
  return last === undefined ? null : `r${idOf(last)}`
}
