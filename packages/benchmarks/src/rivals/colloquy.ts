/**
 * Colloquy, as the author of a new vendor's package uses it: a listing over the vendor client.
 */
import { Listing, type Page, Pagination, SourceError, VendorClient } from "@colloquy/core"
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
  Schema.Struct({ rows: Schema.Array(Schema.Unknown), total: Schema.optionalKey(Schema.Finite) })
)

const listing: Listing.Listing<Row> = {
  operation: "Hostile.rows",
  strategy: Pagination.pageNumber({
    size: pageSize,
    ends: ["total", "emptyPage"],
    unverified: ["drift: page numbers cannot show a row that moved to a page already read"]
  }),
  request: ({ page, size }) => ({ path: ["numbers"], query: { page, page_size: size ?? pageSize } }),
  envelope: (body) => (isEnvelope(body) ? body : undefined),
  row: Listing.rows(Row),
  key: Listing.keyOf("id")
}

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

const TokenPage = Schema.Struct({ rows: Schema.Array(Row), nextToken: Schema.optionalKey(Schema.String) })
const decodeTokenPage = Schema.decodeUnknownEffect(TokenPage)

/** Tokens, by the combinator that listings are made with: any fetch will do. */
const byToken = (client: VendorClient.VendorClient): Pages =>
  Stream.unwrap(
    Effect.map(Pagination.cursor({ unverified: ["drift: a token may be a place in the list"] }), (strategy) =>
      Pagination.pages(
        strategy,
        ({ cursor }) =>
          client
            .get({
              operation: "Hostile.rows",
              path: ["tokens"],
              query: { page: cursor ?? "1", page_size: pageSize }
            })
            .pipe(
              Effect.flatMap(({ body }) => Effect.orDie(decodeTokenPage(body))),
              Effect.map(({ nextToken, rows }) => Pagination.received(rows, { next: nextToken }))
            ),
        { key: ({ id }) => id }
      )
    )
  ).pipe(
    Stream.mapError((error) =>
      error._tag === "SourceError"
        ? error
        : new SourceError({ vendor: "hostile", operation: "Hostile.rows", reason: error })
    )
  )

type Pages = Stream.Stream<Page.Page<Row>, SourceError>

const tool = (
  usage: string,
  dialect: Dialect,
  pages: (client: VendorClient.VendorClient) => Pages
): Tool => ({
  name: "Colloquy",
  usage,
  dialect,
  read: (url, see) =>
    client(url).pipe(
      Effect.flatMap((client) =>
        pages(client).pipe(
          Stream.tap(({ items }) =>
            Effect.sync(() => {
              for (const { id } of items) see(id)
            })
          ),
          Stream.runLast
        )
      ),
      Effect.match({ onFailure: failed, onSuccess: complete }),
      Effect.provide([VendorClient.layerRateLimiter, NodeHttpClient.layerUndici]),
      Effect.runPromise
    )
})

const byNumber = (usage: string, reading: Pagination.Reading): Tool =>
  tool(usage, "numbers", (client) => Listing.pages(client, listing, reading))

export const tools: ReadonlyArray<Tool> = [
  byNumber("page numbers, until a proof", {}),
  byNumber("the same with `verify`", { verify: true }),
  tool("tokens", "tokens", byToken)
]
