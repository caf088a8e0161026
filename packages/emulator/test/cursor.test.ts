/**
 * Tokens and links over HTTP, as no vendor has them yet.
 */
import { Link, Pagination } from "@colloquy/core"
import { EmulatorServer } from "@colloquy/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema, Stream } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { inProcess } from "./support.ts"

const Row = Schema.Struct({ id: Schema.String })
const Tokened = Schema.Struct({ items: Schema.Array(Row), next: Schema.NullOr(Schema.String) })

const decodeTokened = Schema.decodeUnknownEffect(Tokened)
const decodeRows = Schema.decodeUnknownEffect(Schema.Array(Row))
const ids = (count: number) => Array.from({ length: count }, (_, at) => `row ${at}`)

/** All rows of the listing that is paged by tokens in the body. */
const byToken = (base: string, rows: number) =>
  Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    const strategy = yield* Pagination.cursor()
    const pages = Pagination.pages(
      strategy,
      Effect.fnUntraced(function* ({ cursor }) {
        const urlParams = { rows, limit: 7, ...(cursor === null ? {} : { cursor }) }
        const response = yield* client.get(`${base}/emulator/listing/cursor`, { urlParams })
        const { items, next } = yield* decodeTokened(yield* response.json)
        return Pagination.received(items, { next })
      }),
      { key: ({ id }) => id }
    )
    return yield* Stream.runCollect(pages)
  })

/** All rows of the listing that is paged by links in a header. */
const byLink = (base: string, rows: number) =>
  Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    const strategy = yield* Pagination.cursor()
    const pages = Pagination.pages(
      strategy,
      Effect.fnUntraced(function* ({ cursor }) {
        const url = new URL(cursor ?? `${base}/emulator/listing/link?rows=${rows}&limit=7`)
        const response = yield* client.get(url)
        const items = yield* decodeRows(yield* response.json)
        const link = Link.nextOf(response.headers["link"] ?? "")
        const next = link === null ? null : (yield* Link.resolve(url, link)).href
        return Pagination.received(items, { next })
      }),
      { key: ({ id }) => id }
    )
    return yield* Stream.runCollect(pages)
  })

const whole = Effect.fnUntraced(function* (base: string) {
  for (const rows of [0, 1, 7, 20, 70]) {
    for (const read of [byToken, byLink]) {
      const pages = yield* read(base, rows)
      assert.deepStrictEqual(
        pages.flatMap(({ items }) => items.map(({ id }) => id)),
        ids(rows)
      )
      assert.strictEqual(pages.at(-1)?.completion?.proof, "noNext")
    }
  }
})

describe("a listing paged by tokens or links", () => {
  it.effect("is read whole in-process", () => Effect.provide(whole("http://127.0.0.1"), inProcess()))

  it.live("is read whole over a socket", () =>
    Effect.flatMap(EmulatorServer, ({ baseUrl }) => whole(baseUrl)).pipe(
      Effect.provide(Layer.merge(EmulatorServer.layer(), FetchHttpClient.layer))
    )
  )
})
