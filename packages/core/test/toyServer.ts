/**
 * The toy vendor's server, in this process: rooms and their lines as rows of its own.
 */
import { json, type Seen } from "./vendor.ts"

/** Rooms by id, each with its lines. */
export type House = Readonly<Record<string, ReadonlyArray<unknown>>>

/** Answers a request as the toy vendor does. */
export const serving =
  (house: House) =>
  (_: number, { url }: Pick<Seen, "url">): Response => {
    const [, , , , room] = url.pathname.split("/")
    const size = Number(url.searchParams.get("size"))
    if (room === undefined) {
      const start = (Number(url.searchParams.get("page")) - 1) * size
      const rooms = Object.entries(house).map(([id, lines]) => ({
        id,
        lines: lines.length,
        topic: `of ${id}`
      }))
      return json({ rooms: rooms.slice(start, start + size), total: rooms.length })
    }
    const lines = house[room]
    if (lines === undefined) return json({ error: "no such room" }, { status: 404 })
    const start = Number(url.searchParams.get("after") ?? 0)
    const end = start + size
    return json({ lines: lines.slice(start, end), after: end < lines.length ? String(end) : null })
  }

/** So many lines of a room, by turns a person's and the bot's. */
export const linesOf = (room: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({
    id: `${room}-${at}`,
    words: `line ${at}`,
    bot: at % 2 === 1,
    at: 1_700_000_000_000 + at * 1000
  }))
