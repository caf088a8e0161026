/**
 * A listing of 300 rows that misbehaves, in five dialects: page numbers, `Link` headers, tokens, OpenAI's and Slack's.
 *
 * Links and tokens are places in the list: a row removed before them moves what comes next. OpenAI's `after` is the id
 * of the last row that was read, which stays where it is.
 *
 * `/hostile/<mode>/<run>/<dialect>[/…]`: a run is one reader's walk, with its own count of requests. Nothing is said of
 * the total unless the mode ends in `-total`.
 */
import type { Answer } from "./history.ts"

/** What goes wrong. */
export const modes = [
  "clamp-page",
  "ignore-page",
  "cycle",
  "clamp-size",
  "removed",
  "removed-total",
  "fail-once",
  "truncate-once"
] as const
export type Mode = (typeof modes)[number]

/** Requests of one run that are answered; later ones are refused, for the reader would go on for ever. */
export const bound = 200

const length = 300
const ids: ReadonlyArray<string> = Array.from({ length }, (_, index) => `row-${index + 1}`)
const isMode = (word: string | undefined): word is Mode => modes.some((mode) => mode === word)

interface Run {
  requests: number
}
const runs = new Map<string, Run>()

/** Whether the first row is gone by now: it goes when two pages have been read. */
const isRemoved = (mode: Mode, run: Run): boolean => mode.startsWith("removed") && run.requests > 2

const answer = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer => {
  const body = Buffer.from(JSON.stringify(value))
  return {
    status,
    headers: { "content-type": "application/json", "content-length": String(body.length), ...headers },
    body
  }
}

/** Any request below `/hostile`. */
export const serve = (url: URL): Answer => {
  const [, , mode, id = "", dialect] = url.pathname.split("/")
  if (!isMode(mode)) return answer(404, { message: "no such mode" })
  const run = runs.get(id) ?? { requests: 0 }
  runs.set(id, run)
  if (dialect === "truth") {
    const there = isRemoved(mode, run) ? ids.slice(1) : ids
    return answer(200, { requests: Math.min(run.requests, bound), there, stopped: run.requests > bound })
  }
  run.requests++
  if (run.requests > bound) return answer(410, { message: "that was enough" })
  if (mode === "fail-once" && run.requests === 3) return answer(503, { message: "try again" })
  const served = page(mode, run, url.searchParams)
  const whole = inDialect(dialect, mode, url, served)
  return mode === "truncate-once" && run.requests === 3 ? truncated(whole) : whole
}

interface Served {
  readonly ids: ReadonlyArray<string>
  readonly total: number
  /** The page that the server believes to have served, and whether it believes that there is another. */
  readonly page: number
  readonly more: boolean
}

const page = (mode: Mode, run: Run, query: URLSearchParams): Served => {
  const rows = isRemoved(mode, run) ? ids.slice(1) : ids
  const asked = Number(query.get("page_size") ?? query.get("limit") ?? 100)
  const size = Math.min(asked, mode === "clamp-size" ? 50 : 100)
  const start = startOf(mode, placeOf(rows, size, query), rows.length, size)
  return {
    ids: rows.slice(start, start + size),
    total: rows.length,
    page: Math.floor(start / size) + 1,
    more: start + size < rows.length
  }
}

/** Where the page begins that is asked for: behind a row (OpenAI's `after`), or by its number, which is the token too. */
const placeOf = (rows: ReadonlyArray<string>, size: number, query: URLSearchParams): number => {
  const after = query.get("after")
  if (after !== null) return rows.indexOf(after) + 1
  return (Number(query.get("page") ?? query.get("cursor") ?? 1) - 1) * size
}

/** Where the page begins that is served instead. */
const startOf = (mode: Mode, place: number, rows: number, size: number): number => {
  if (mode === "ignore-page") return 0
  if (mode === "cycle") return place % (2 * size)
  if (mode === "clamp-page") return Math.min(place, (Math.ceil(rows / size) - 1) * size)
  return place
}

/** The page behind the one served; in a cycle of two, that behind the second is the first. */
const nextOf = (mode: Mode, { page }: Served): string =>
  mode === "cycle" && page === 2 ? "1" : String(page + 1)

const inDialect = (dialect: string | undefined, mode: Mode, url: URL, served: Served): Answer => {
  const { ids, more, total } = served
  if (dialect === "openai") return answer(200, openai(ids, more))
  const next = nextOf(mode, served)
  if (dialect === "slack") return answer(200, slack(ids, more ? next : ""))
  const rows = ids.map((id) => ({ id, text: textOf(id) }))
  if (dialect === "numbers") return answer(200, mode === "removed-total" ? { rows, total } : { rows })
  if (dialect === "tokens") return answer(200, more ? { rows, nextToken: next } : { rows })
  const link = new URL(url)
  link.searchParams.set("page", next)
  return answer(200, rows, more ? { link: `<${link.href}>; rel="next"` } : {})
}

const textOf = (id: string): string => `the text of ${id}`

/** `GET /chat/completions/{id}/messages`. Source: OpenAI API reference, "Get chat messages". */
const openai = (ids: ReadonlyArray<string>, more: boolean) => ({
  object: "list",
  data: ids.map((id) => ({ id, role: "user", content: textOf(id), name: null, content_parts: null })),
  first_id: ids.at(0) ?? null,
  last_id: ids.at(-1) ?? null,
  has_more: more
})

/** `conversations.history`: a message's id is its `ts`. Source: Slack's documents, "Pagination". */
const slack = (ids: ReadonlyArray<string>, next: string) => ({
  ok: true,
  messages: ids.map((id) => ({ type: "message", user: "U0", ts: id, text: textOf(id) })),
  has_more: next !== "",
  response_metadata: { next_cursor: next }
})

/** Half of the JSON, with an honest length. */
const truncated = ({ body, headers, status }: Answer): Answer => {
  const half = body.subarray(0, Math.floor(body.length / 2))
  return { status, headers: { ...headers, "content-length": String(half.length) }, body: half }
}
