/**
 * Colloquy, as the author of a new vendor's package uses it: a listing over the vendor client.
 */
import type { Page, SourceError } from "@colloquy/core"
import { Codec, Listing, VendorClient } from "@colloquy/core/vendor"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type Dialect, ended, type Ending, pageSize, type Tool } from "./tool.ts"

const Row = Schema.Struct({ id: Schema.String, text: Schema.String })
type Row = typeof Row.Type
const isEnvelope = Schema.is(
  Schema.Struct({
    rows: Schema.Array(Schema.Unknown),
    total: Schema.optionalKey(Schema.Finite),
    nextToken: Schema.optionalKey(Schema.String)
  })
)

/** Rows that are taken as they come. */
const codec = Codec.make({
  vendor: "hostile",
  operation: "Hostile.rows",
  row: Codec.rows(Row),
  key: Codec.keyOf("id"),
  carries: Codec.nothing,
  decode: (row: Row) => row
})

const numbers = Listing.make({
  codec,
  path: "/numbers",
  query: { page: "page", page_size: "size" },
  paging: { by: "page", size: pageSize, ends: ["total", "emptyPage"] },
  envelope: (body) => (isEnvelope(body) ? body : undefined)
})

const tokens = Listing.make({
  codec,
  path: "/tokens",
  query: { page: "cursor", page_size: "size" },
  paging: { by: "cursor", size: pageSize },
  envelope: (body) => (isEnvelope(body) ? { rows: body.rows, next: body.nextToken ?? null } : undefined)
})

const client = (url: string) =>
  VendorClient.make({
    vendor: "hostile",
    baseUrl: new URL(".", url).href,
    token: Redacted.make("benchmark"),
    errors: { codes: {}, read: () => undefined }
  })

/** The end, with what the completion says could not be verified. */
const complete = (last: Option.Option<Page.Page<Row>>): Ending => {
  const completion = Option.getOrNull(last)?.completion ?? null
  if (completion === null) return { how: "ended without a completion", caveat: null }
  return completion.unverified.length === 0 ? ended : { how: "ended", caveat: "says: drift not verified" }
}

const failed = ({ reason }: SourceError): Ending => ({
  how: reason._tag === "IncompleteWalk" ? `${reason._tag} ${reason.kind}` : `failed: ${reason._tag}`,
  caveat: null
})

const tool = (
  usage: string,
  dialect: Dialect,
  listing: Listing.Listing<{}, Row, Row>,
  reading: Listing.ReadOptions = {}
): Tool => ({
  name: "Colloquy",
  usage,
  dialect,
  read: (url, see) =>
    client(url).pipe(
      Effect.flatMap((client) =>
        Listing.pages(client, listing, {}, reading).pipe(
          Stream.tap(({ items }) =>
            Effect.sync(() => {
              for (const { id } of items) see(id)
            })
          ),
          Stream.runLast
        )
      ),
      Effect.match({ onFailure: failed, onSuccess: complete }),
      Effect.provide(NodeHttpClient.layerUndici),
      Effect.runPromise
    )
})

export const tools: ReadonlyArray<Tool> = [
  tool("page numbers, until a proof", "numbers", numbers),
  tool("the same with `verify`", "numbers", numbers, { verify: true }),
  tool("tokens", "tokens", tokens)
]
