/**
 * A vendor that Colloquy has never met, by the example: read, synced, quarantined, replayed.
 */
import { Archive, Sync } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { Source } from "@colloquy/core"
import { Codec, OptionFacts, Vendor } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Schema, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Desk, messages, Wire } from "#examples/vendor"

/** Three chats of 0, 1 and 120 messages; `odd` rows have a body that the documents do not know. */
const chats = new Map([
  ["none", 0],
  ["one", 1],
  ["many", 120]
])
const isOdd = (at: number) => at === 60

const row = (at: number) => ({
  id: `m${at}`,
  from: at % 2 === 0 ? "customer" : "bot",
  body: isOdd(at) ? { html: "<b>hi</b>" } : `text ${at}`,
  sent: 1_700_000_000_000 + at * 1000,
  channel: "web"
})

const answer = (url: URL): unknown => {
  const [, , , , id] = url.pathname.split("/")
  const count = id === undefined ? 0 : (chats.get(id) ?? 0)
  const rows =
    id === undefined
      ? [...chats].map(([id, messages]) => ({ id, subject: `about ${id}`, messages }))
      : Array.from({ length: count }, (_, at) => row(at))
  const limit = Number(url.searchParams.get("limit"))
  const page = Number(url.searchParams.get("page"))
  return { data: rows.slice((page - 1) * limit, page * limit), total: rows.length }
}

const client = Layer.succeed(
  HttpClient.HttpClient,
  HttpClient.make((request, url) =>
    Effect.succeed(HttpClientResponse.fromWeb(request, Response.json(answer(url))))
  )
)
const source = Desk.source({ team: "t1", token: Redacted.make("token") })
const archive = Layer.provide(Archive.layer, Sqlite.layer({ filename: ":memory:" }))

const mendedWire = Schema.Struct({ ...Wire.Message.fields, body: Schema.Json })
const mended = Codec.messages({
  vendor: "desk",
  operation: "Desk.messages",
  wire: mendedWire,
  id: "id",
  decode: ({ body, id }) => ({ id, role: "unknown", text: typeof body === "string" ? body : "" }),
  encode: ({ id }) => ({ id })
})

describe("a vendor of one's own", () => {
  it("takes less than 130 lines", () => {
    const text = readFileSync(join(import.meta.dirname, "../src/vendor.ts"), "utf8")
    assert.isBelow(text.split("\n").length, 130)
  })

  it.each([
    ["desk.ts", "../src/vendor.ts"],
    ["desk.conformance.test.ts", "./desk.conformance.test.ts"]
  ])("is the code of the page that leads through it: %s", (name, path) => {
    const read = (path: string) => readFileSync(join(import.meta.dirname, path), "utf8")
    const blocks = read("../../../docs/your-own-vendor.md").matchAll(/^```ts (\S+)\n([^]*?)^```/gm)
    const page = [...blocks].flatMap(([, of, code]) => (of === name ? [code] : [])).join("\n")
    assert.strictEqual(page, read(path).replace(/^\/\*\*[^]*? \*\/\n/, ""))
  })

  it.effect("is read: every message, or the place of one that does not fit", () =>
    Effect.gen(function* () {
      const desk = yield* source
      const error = yield* Effect.flip(Stream.runDrain(Source.historyPages(desk)))
      assert.deepInclude({ ...error.reason }, { _tag: "InvalidResponse", kind: "record", position: 60 })
      assert.strictEqual(error.conversationId, "many")
      const pages = yield* Stream.runCollect(Source.historyPages(desk, { undecodable: "keep" }))
      assert.strictEqual(pages.flatMap(({ items }) => items).length, 120)
      const [first] = pages.flatMap(({ items }) => items)
      assert.deepStrictEqual(first && messages.codec.encode(first), row(0))
    }).pipe(Effect.provide(client))
  )

  it.effect("is synced, quarantined and replayed", () =>
    Effect.gen(function* () {
      const desk = yield* source
      const report = yield* Sync.sync(desk)
      assert.deepStrictEqual([report.added, report.quarantined, report.failed], [120, 1, []])
      const archive = yield* Archive
      const records = yield* Stream.runCollect(archive.quarantine.records())
      const replayed = (decoder: typeof Desk.decoder) =>
        Effect.forEach(records, (record) => archive.quarantine.replay(record, decoder))
      assert.deepStrictEqual(yield* replayed(Desk.decoder), [false])
      const { definition } = Desk
      const next = Vendor.make({ ...definition, messages: { ...definition.messages, codecs: [mended] } })
      assert.deepStrictEqual(yield* replayed(next.decoder), [true])
      const stored = yield* Stream.runCollect(archive.messages({ conversationId: "many" }))
      assert.deepStrictEqual(
        stored.map(({ id }) => id),
        Array.from({ length: 120 }, (_, at) => `m${at}`)
      )
    }).pipe(Effect.provide(Layer.merge(client, archive)))
  )

  it("tells a command its options", () => {
    assert.deepStrictEqual(
      OptionFacts.of(Desk.definition.options).map(({ isRequired, metavar, name }) => [
        name,
        isRequired,
        metavar
      ]),
      [
        ["team", true, "ID"],
        ["state", false, "VALUE"]
      ]
    )
  })
})
