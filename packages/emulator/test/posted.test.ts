/**
 * A served API that is read by POST, with its key in the query and a token for the next page.
 */
import { type Api, Faults, Paging, RequestLog, Rows, Server, statusOf } from "@colloquy/engine"
import { Codec, type ErrorTable, Listing, VendorClient } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Redacted, Schema, Stream } from "effect"
import { HttpClient } from "effect/http"

const key = "engine-key-7c1f0b5e"
const errors: ErrorTable.ErrorTable = {
  read: (body) =>
    Option.getOrUndefined(Option.map(decodeError(body), ({ message }) => ({ code: null, message }))),
  codes: {},
  waits: [{ header: "RateLimit-Reset", unit: "seconds" }]
}
const decodeError = Schema.decodeUnknownOption(Schema.Struct({ message: Schema.String }))
const decodeBody = Schema.decodeUnknownOption(
  Schema.Struct({ limit: Schema.Int, after: Schema.optionalKey(Schema.String) })
)
const decodeAnswer = Schema.decodeUnknownOption(
  Schema.Struct({ rows: Schema.Array(Schema.Unknown), total: Schema.Int, next: Schema.NullOr(Schema.String) })
)

const Row = Schema.Struct({ id: Schema.Int })

const listing = Listing.make({
  codec: Codec.make<typeof Row.Type, typeof Row.Type, undefined>({
    vendor: "acme",
    operation: "Acme.search",
    row: Codec.rows(Row),
    key: Codec.keyOf("id"),
    carries: Codec.nothing,
    decode: (row) => row
  }),
  path: "/acme/search",
  query: { version: () => 2 },
  body: { limit: "size", after: "cursor" },
  paging: { by: "cursor", size: 10 },
  envelope: (body) => Option.getOrUndefined(decodeAnswer(body))
})

/** 45 rows, by tokens that are places. */
const api: Api = {
  isPost: ([, what]) => what === "search",
  failure: (failure, message) => ({ status: statusOf[failure], body: { message } }),
  handle: ({ body, faults }) => {
    const asked = Option.getOrNull(decodeBody(body))
    if (asked === null) return api.failure("badRequest", "limit is required")
    const rows = Rows.map(Rows.range(45), (id) => ({ id }))
    const served = Paging.serve(rows, { offset: Number(asked.after ?? 0) }, asked.limit, "id", faults)
    const end = served.start + served.size
    return {
      status: 200,
      body: {
        rows: served.rows,
        total: Paging.claimed(rows.length, faults, served.start),
        next: Paging.next(end < rows.length ? String(end) : null, faults)
      }
    }
  }
}

const read = Effect.fnUntraced(function* (text: string, token = key) {
  const log = RequestLog.make()
  const faults = yield* Faults.parse(text, ["acme"])
  const site: Server.Site = { vendor: "acme", api, token: key, authorization: { query: "key" } }
  const answering = Server.make({ siteOf: () => site, faults, log, seed: 1 })
  const client = yield* VendorClient.make({
    vendor: "acme",
    baseUrl: "http://127.0.0.1",
    token: Redacted.make(token),
    authorization: { query: "key" },
    errors
  }).pipe(Effect.provideService(HttpClient.HttpClient, Server.httpClient(answering)))
  const found = yield* Effect.result(Stream.runCollect(Listing.pages(client, listing, {}, {})))
  return { found, queries: new Set((yield* log.records).map(({ query }) => query)) }
})

describe("an API that is read by POST", () => {
  it.effect("gets the body, and the query without the key", () =>
    Effect.gen(function* () {
      const { found, queries } = yield* read("")
      if (found._tag === "Failure") return assert.fail(found.failure.message)
      assert.strictEqual(found.success.at(-1)?.completion?.count, 45)
      assert.deepStrictEqual([...queries], ["version=2"])
    })
  )

  it.effect("refuses another key", () =>
    Effect.gen(function* () {
      const { found } = yield* read("", "engine-key-00000000")
      assert.strictEqual(found._tag === "Failure" ? found.failure.reason._tag : null, "Unauthorized")
    })
  )

  it.effect.each([
    ["no-next", "totalNotReached"],
    ["offset-total", "totalNotReached"],
    ["empty-page=2", "totalNotReached"]
  ] as const)("under %s is refused as %s", ([fault, kind]) =>
    Effect.gen(function* () {
      const { found } = yield* read(fault)
      const reason = found._tag === "Failure" ? found.failure.reason : null
      assert.deepInclude({ ...reason }, { _tag: "IncompleteWalk", kind })
    })
  )
})
