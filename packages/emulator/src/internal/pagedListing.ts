/**
 * Listings paged by tokens and links, which no emulated vendor has.
 *
 * `/emulator/listing/cursor?rows&limit&cursor` answers `{items, next}`. `/emulator/listing/header` takes the same
 * query and answers an array, with the token in `x-next-cursor`. `/emulator/listing/link?rows&limit&after` answers an
 * array with a `Link` header. `rows` is the number of rows.
 */
import * as HttpServerResponse from "effect/http/HttpServerResponse"

/** The default of `limit`. */
const defaultLimit = 20

/** Answers a listing; undefined for an unknown kind. */
export const respond = (
  kind: string | undefined,
  query: URLSearchParams
): HttpServerResponse.HttpServerResponse | undefined => {
  const rows = natural(query.get("rows"), 100)
  const limit = Math.max(1, natural(query.get("limit"), defaultLimit))
  const start = natural((query.get("cursor") ?? query.get("after"))?.replace(/^after /, ""), 0)
  const end = Math.min(rows, start + limit)
  const items = Array.from({ length: Math.max(0, end - start) }, (_, at) => ({ id: `row ${start + at}` }))
  const more = end < rows
  // Tokens are opaque to clients: this one contains a space.
  if (kind === "cursor") return json({ items, next: more ? `after ${end}` : null }, {})
  if (kind === "header") return json(items, more ? { "x-next-cursor": `after ${end}` } : {})
  if (kind !== "link") return undefined
  const next = `</emulator/listing/link?rows=${rows}&limit=${limit}&after=${end}>; rel="next"; title="more, please"`
  const first = `</emulator/listing/link?rows=${rows}&limit=${limit}>; rel=first`
  return json(items, { link: more ? `${first}, ${next}` : first })
}

const natural = (text: string | null | undefined, otherwise: number): number =>
  text != null && /^\d{1,9}$/.test(text) ? Number(text) : otherwise

const json = (
  body: unknown,
  headers: Readonly<Record<string, string>>
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(JSON.stringify(body), { contentType: "application/json", headers })
