import { InvalidRequest } from "@colloquy/core"
import { Codec, Vendor } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Result, Schema, Stream } from "effect"
import { HttpClient } from "effect/http"
import { Toy } from "./toy.ts"
import { linesOf, serving } from "./toyServer.ts"
import { baseUrl, canary, errors, fakeVendor } from "./vendor.ts"

/** Messages of which each version of an API has the text in another field. */
const version = (operation: string, field: string) =>
  Codec.messages({
    vendor: "acme",
    operation,
    wire: Schema.Record(Schema.String, Schema.String).check(
      Schema.makeFilter((row) => Object.hasOwn(row, field))
    ),
    id: "id",
    decode: (wire, { conversationId, index, options }) => ({
      id: wire["id"] ?? "",
      position: index,
      role: "unknown",
      text: `${operation} ${conversationId} ${options["sort"] ?? "unsorted"}`
    }),
    encode: ({ id }) => ({ id })
  })

const rooms = Codec.conversations({
  vendor: "acme",
  operation: "Acme.rooms",
  wire: Schema.Struct({ id: Schema.String }),
  id: "id",
  impersonal: [],
  decode: ({ id }) => ({ id }),
  encode: ({ id }) => ({ id })
})

const unread = InvalidRequest.refuse("nothing is read here")

const { decoder } = Vendor.make({
  name: "acme",
  title: "Acme",
  baseUrl,
  tokenVariable: "ACME_KEY",
  errors,
  options: Schema.Struct({}),
  service: () => ({}),
  messages: {
    codecs: [version("Acme.v1", "one"), version("Acme.v2", "two"), version("Acme.v3", "two")],
    of: () => unread
  },
  conversations: { codecs: [rooms], filter: () => ({}), of: () => unread }
})

const kept = { account: "eu", conversationId: "c-1", index: 4 }
const both = { id: "a", one: "1", two: "2" }
const onlyTwo = { id: "a", two: "2" }
const origin = (listing: string, options: Readonly<Record<string, string>> = {}) => ({ listing, options })

describe("a message that was kept", () => {
  it.each([
    { what: "with its origin, by that listing", listing: "Acme.v3", json: both, by: "Acme.v3" },
    { what: "without, by the first", listing: undefined, json: both, by: "Acme.v1" },
    { what: "without, by the first that it fits", listing: undefined, json: onlyTwo, by: "Acme.v2" },
    { what: "of an unknown listing, by the first", listing: "Acme.v0", json: both, by: "Acme.v1" },
    {
      what: "of an unknown listing, by the first that it fits",
      listing: "Acme.v0",
      json: onlyTwo,
      by: "Acme.v2"
    }
  ])("is decoded $what", ({ by, json, listing }) => {
    const from = listing === undefined ? undefined : origin(listing)
    const message = Result.getOrThrow(decoder.message({ ...kept, json, origin: from }))
    assert.deepInclude(message, {
      vendor: "acme",
      account: "eu",
      conversationId: "c-1",
      position: 4,
      text: `${by} c-1 unsorted`
    })
  })

  it("is decoded by the options of its listing", () => {
    const row = { ...kept, json: both, origin: origin("Acme.v2", { sort: "desc" }) }
    assert.strictEqual(Result.getOrThrow(decoder.message(row)).text, "Acme.v2 c-1 desc")
  })

  it("fails with its place where it does not fit its own listing, though it fits another", () => {
    const row = { ...kept, json: onlyTwo, origin: origin("Acme.v1") }
    const error = Result.getOrThrow(Result.flip(decoder.message(row)))
    assert.deepInclude({ ...error }, { vendor: "acme", account: "eu", operation: "Acme.v1" })
    assert.deepInclude({ ...error.reason }, { _tag: "InvalidResponse", kind: "record", position: 4 })
  })

  it("fails as a row of the first listing where it fits none", () => {
    const error = Result.getOrThrow(Result.flip(decoder.message({ ...kept, json: { id: "a" } })))
    assert.strictEqual(error.operation, "Acme.v1")
    assert.strictEqual(error.reason._tag, "InvalidResponse")
  })

  it.each([
    { name: "index", row: { index: Number.NaN } },
    { name: "index", row: { index: -1 } },
    { name: "ordinal", row: { ordinal: Number.NaN } },
    { name: "ordinal", row: { ordinal: 0.5 } }
  ])("may not have the $name of $row", ({ name, row }) => {
    const error = Result.getOrThrow(Result.flip(decoder.message({ ...kept, json: both, ...row })))
    assert.strictEqual(error._tag, "SourceError")
    assert.strictEqual(error.reason._tag, "InvalidRequest")
    assert.include(error.message, `${name} must be a whole number`)
  })
})

describe("a conversation that was kept", () => {
  it("is decoded to that of its account, or fails without a place", () => {
    const conversation = Result.getOrThrow(decoder.conversation({ account: "eu", json: { id: "r" } }))
    assert.deepInclude(conversation, { vendor: "acme", account: "eu", id: "r" })
    const error = Result.getOrThrow(Result.flip(decoder.conversation({ account: "eu", json: 7 })))
    assert.deepInclude({ ...error }, { account: "eu", operation: "Acme.rooms" })
    assert.deepInclude({ ...error.reason }, { _tag: "InvalidResponse", kind: "record", position: null })
  })
})

describe("a vendor's decoder", () => {
  it.effect("gives the same as a walk, without its client", () =>
    Effect.gen(function* () {
      const lines = linesOf("a", 7)
      const source = yield* Toy.source({ house: "h-1", account: "eu", token: Redacted.make(canary) }).pipe(
        Effect.provideService(HttpClient.HttpClient, fakeVendor(serving({ a: lines })).client)
      )
      const pages = yield* Stream.runCollect(source.messagePages({ conversationId: "a" }))
      assert.deepStrictEqual(
        lines.map((json, index) =>
          Result.getOrThrow(Toy.decoder.message({ account: "eu", conversationId: "a", index, json }))
        ),
        pages.flatMap(({ items }) => items)
      )
    })
  )

  it.effect("takes a row as its page kept it", () =>
    Effect.gen(function* () {
      const wrong = { id: "a-0", words: 7, bot: false, at: 0 }
      const source = yield* Toy.source({ house: "h-1", token: Redacted.make(canary) }).pipe(
        Effect.provideService(HttpClient.HttpClient, fakeVendor(serving({ a: [wrong] })).client)
      )
      const [page] = yield* Stream.runCollect(
        source.messagePages({ conversationId: "a", undecodable: "keep" })
      )
      const [row] = page?.undecodable ?? []
      assert.deepInclude(row, { index: 0, json: wrong, origin: { listing: "Toy.messages", options: {} } })
      const asKept = { account: "default", conversationId: "a", index: 0, ...row }
      const still = Result.getOrThrow(Result.flip(Toy.decoder.message({ ...asKept, json: wrong })))
      assert.strictEqual(still.reason._tag, "InvalidResponse")
      const mended = Toy.decoder.message({ ...asKept, json: { ...wrong, words: "seven" } })
      assert.strictEqual(Result.getOrThrow(mended).text, "seven")
    })
  )
})
