/**
 * A listing of a vendor that there is not, its rows as they came, and its walk over answers from a function.
 */
import type { Page } from "@colloquy/core"
import { Codec, Listing, type VendorClient } from "@colloquy/core/vendor"
import { Effect, Predicate, type Schema, Stream } from "effect"
import { connect, type FakeVendor } from "./vendor.ts"

/** The codec of rows that mean themselves. */
export const codecOf = <Wire>(wire: Schema.ConstraintCodec<Wire, Wire>, id?: string) =>
  Codec.make({
    vendor: "acme",
    operation: "Acme.rows",
    row: Codec.rows(wire),
    key: id === undefined ? undefined : Codec.keyOf(id),
    carries: Codec.nothing,
    decode: (row: Wire) => row
  })

/** The envelope of an answer that is a list. */
export const bare = (body: unknown) => Listing.rowsOf(isArray(body) ? body : undefined)

/** The envelope of an answer that has its list under `rows`. */
export const named = (body: unknown) => bare(Predicate.hasProperty(body, "rows") ? body.rows : undefined)

const isArray = (value: unknown): value is ReadonlyArray<unknown> => Array.isArray(value)

/** A listing of ten rows to a page that ends on an empty one, but for what is told. */
export const listingOf = <Wire>(
  codec: Codec.Codec<Wire, Wire>,
  told: Partial<Listing.Definition<unknown, Wire, Wire, undefined>> = {}
) =>
  Listing.make({
    codec,
    path: "/rows",
    query: { page: "page", offset: "offset", size: "size" },
    paging: { by: "page", size: 10, ends: ["emptyPage"] },
    envelope: bare,
    ...told
  })

type Walk<Wire> = readonly [
  vendor: FakeVendor,
  listing: Listing.Listing<{}, Wire, Wire>,
  reading?: Listing.ReadOptions,
  options?: Partial<VendorClient.Options>
]

/** The pages of a listing. Rows that do not fit are kept, unless told. */
const pagesOf = <Wire>(...[vendor, listing, reading = { undecodable: "keep" }, options]: Walk<Wire>) =>
  Stream.unwrap(Effect.map(connect(vendor, options), (client) => Listing.pages(client, listing, {}, reading)))

const walked = <Wire>(pages: ReadonlyArray<Page.Page<Wire>>) => ({
  pages,
  items: pages.flatMap(({ items }) => items),
  kept: pages.flatMap(({ undecodable }) => undecodable),
  completion: pages.at(-1)?.completion ?? null
})

/** Walks a listing to its end. */
export const read = <Wire>(...walk: Walk<Wire>) =>
  Effect.map(Stream.runCollect(pagesOf(...walk)), (pages) => walked(pages))

/** Walks a listing: what was emitted, and the error if it failed. */
export const attempt = Effect.fnUntraced(function* <Wire>(...walk: Walk<Wire>) {
  const pages: Array<Page.Page<Wire>> = []
  const result = yield* pagesOf(...walk).pipe(
    Stream.runForEach((page) => Effect.sync(() => pages.push(page))),
    Effect.result
  )
  return { ...walked(pages), error: result._tag === "Failure" ? result.failure : null }
})
