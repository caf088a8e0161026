/**
 * Tokens and links over HTTP, as no vendor has them yet: a vendor made of three listings.
 */
import { Codec, type ErrorTable, Link, Listing, VendorClient } from "@colloquy/core/vendor"
import { EmulatorServer } from "@colloquy/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted, Schema, Stream } from "effect"
import { FetchHttpClient } from "effect/http"
import { inProcess } from "./support.ts"

const Row = Schema.Struct({ id: Schema.String })
const codec = Codec.make<typeof Row.Type, typeof Row.Type, undefined>({
  vendor: "acme",
  operation: "Acme.rows",
  row: Codec.rows(Row),
  key: Codec.keyOf("id"),
  carries: Codec.nothing,
  decode: (row) => row
})
const decodeTokened = Schema.decodeUnknownOption(
  Schema.Struct({ items: Schema.Array(Schema.Unknown), next: Schema.NullOr(Schema.String) })
)
const decodeRows = Schema.decodeUnknownOption(Schema.Array(Schema.Unknown))

const errors: ErrorTable.ErrorTable = { read: () => undefined, codes: {} }

/** How many rows the listing has. */
interface Rows {
  readonly rows: number
}
const rows = ({ rows }: Rows) => rows
const limit = () => 7

/** A token in the body. */
const byToken = Listing.make({
  codec,
  path: "/emulator/listing/cursor",
  query: { rows, limit, cursor: "cursor" },
  paging: { by: "cursor", size: null },
  envelope: (body) =>
    Option.getOrUndefined(Option.map(decodeTokened(body), ({ items, next }) => ({ rows: items, next })))
})

/** A token in a header. */
const byHeader = Listing.make({
  codec,
  path: "/emulator/listing/header",
  query: { rows, limit, cursor: "cursor" },
  paging: { by: "cursor", size: null },
  envelope: (body, headers) =>
    Option.getOrUndefined(
      Option.map(decodeRows(body), (rows) => ({ rows, next: headers["x-next-cursor"] ?? null }))
    )
})

/** Links in the `Link` header. */
const byLink = (at = "link") =>
  Listing.make({
    codec,
    path: `/emulator/listing/${at}`,
    query: { rows, limit },
    paging: { by: "link", size: null },
    envelope: (body, headers) =>
      Option.getOrUndefined(
        Option.map(decodeRows(body), (rows) => ({ rows, next: Link.nextOf(headers["link"] ?? "") }))
      )
  })

const client = (baseUrl: string) =>
  VendorClient.make({ vendor: "acme", baseUrl, token: Redacted.make("emulator-token"), errors })

const whole = Effect.fnUntraced(function* (baseUrl: string) {
  const acme = yield* client(baseUrl)
  for (const rows of [0, 1, 7, 20, 70]) {
    for (const listing of [byToken, byHeader, byLink()]) {
      const pages = yield* Stream.runCollect(Listing.pages(acme, listing, { rows }, {}))
      assert.deepStrictEqual(
        pages.flatMap(({ items }) => items.map(({ id }) => id)),
        Array.from({ length: rows }, (_, at) => `row ${at}`)
      )
      assert.strictEqual(pages.at(-1)?.completion?.proof, "noNext")
      const half = pages[Math.floor(pages.length / 2)]
      const rest = yield* Stream.runCollect(
        Listing.pages(acme, listing, { rows }, { from: half?.checkpoint })
      )
      assert.strictEqual(rest.at(-1)?.completion?.count, rows)
    }
  }
})

describe("a listing paged by tokens or links", () => {
  it.effect("is read whole in-process, and goes on from a checkpoint", () =>
    Effect.provide(whole("http://127.0.0.1"), inProcess())
  )

  it.live("is read whole over a socket", () =>
    Effect.flatMap(EmulatorServer, ({ baseUrl }) => whole(baseUrl)).pipe(
      Effect.provide(Layer.merge(EmulatorServer.layer(), FetchHttpClient.layer))
    )
  )

  it.effect("does not follow a link to another origin, where the token must not go", () =>
    Effect.gen(function* () {
      const acme = yield* client("http://127.0.0.1")
      const get = { operation: "Acme.links", path: ["emulator", "listing", "link"], query: {} }
      for (const link of ["https://evil.example/rows", "//evil.example/rows", "http://127.0.0.1:81/"]) {
        const error = yield* Effect.flip(acme.read({ ...get, link }))
        assert.strictEqual(error.reason._tag, "InvalidResponse")
        assert.include(error.message, "the link to the next page leads to")
      }
    }).pipe(Effect.provide(inProcess()))
  )
})
