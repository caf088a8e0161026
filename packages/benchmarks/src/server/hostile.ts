/**
 * A listing of 300 rows that misbehaves, in three dialects: page numbers, `Link` headers, tokens.
 *
 * `/hostile/<mode>/<run>/<dialect>`: a run is one reader's walk, with its own count of requests. Nothing is said of
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
  readonly rows: ReadonlyArray<{ readonly id: string; readonly text: string }>
  readonly total: number
  /** The page that the server believes to have served, and whether it believes that there is another. */
  readonly page: number
  readonly more: boolean
}

const page = (mode: Mode, run: Run, query: URLSearchParams): Served => {
  const rows = isRemoved(mode, run) ? ids.slice(1) : ids
  const size = Math.min(Number(query.get("page_size") ?? 100), mode === "clamp-size" ? 50 : 100)
  const last = Math.ceil(rows.length / size)
  const asked = Number(query.get("page") ?? 1)
  const at =
    mode === "ignore-page"
      ? 1
      : mode === "cycle"
        ? ((asked - 1) % 2) + 1
        : mode === "clamp-page"
          ? Math.min(asked, last)
          : asked
  const slice = rows.slice((at - 1) * size, at * size)
  return {
    rows: slice.map((id) => ({ id, text: `the text of ${id}` })),
    total: rows.length,
    page: at,
    more: at < last
  }
}

/** The page behind the one served; in a cycle of two, that behind the second is the first. */
const nextOf = (mode: Mode, { page }: Served): string =>
  mode === "cycle" && page === 2 ? "1" : String(page + 1)

const inDialect = (dialect: string | undefined, mode: Mode, url: URL, served: Served): Answer => {
  const { rows, total, more } = served
  if (dialect === "numbers") return answer(200, mode === "removed-total" ? { rows, total } : { rows })
  if (dialect === "tokens") return answer(200, more ? { rows, nextToken: nextOf(mode, served) } : { rows })
  const next = new URL(url)
  next.searchParams.set("page", nextOf(mode, served))
  return answer(200, rows, more ? { link: `<${next.href}>; rel="next"` } : {})
}

/** Half of the JSON, with an honest length. */
const truncated = ({ body, headers, status }: Answer): Answer => {
  const half = body.subarray(0, Math.floor(body.length / 2))
  return { status, headers: { ...headers, "content-length": String(half.length) }, body: half }
}
