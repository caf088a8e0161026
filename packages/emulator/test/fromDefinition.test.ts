/**
 * Vendors that are served by their definitions alone: what is read equals what is there, under faults, too.
 */
import { Botuj } from "@colloquy/botuj"
import { Codec, DerivedListing, ErrorTable, Listing, Vendor } from "@colloquy/core/vendor"
import { Emulator, Faults, FromDefinition, Rows } from "@colloquy/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Result, Schema, Stream } from "effect"
import { get, inProcess, settle, token } from "./support.ts"

// ---------------------------------------------------------------------------------------------------------------
// A vendor with every way of paging
// ---------------------------------------------------------------------------------------------------------------

const Row = Schema.Struct({ key: Schema.Finite, text: Schema.optionalKey(Schema.String) })
const list = Schema.Array(Schema.Unknown)
const isList = Schema.is(Schema.Struct({ list, next: Schema.optionalKey(Schema.NullOr(Schema.String)) }))
const envelope = (body: unknown) =>
  isList(body) ? { rows: body.list, ...(body.next === undefined ? {} : { next: body.next }) } : undefined
const render = (list: ReadonlyArray<unknown>, { next }: Listing.Claims) => ({ list, next })

const messages = Codec.messages({
  vendor: "three",
  operation: "Three.messages",
  wire: Row,
  id: "key",
  decode: ({ key, text }) => ({ id: String(key), role: "user", text: text ?? "" }),
  encode: ({ id, text }) => ({ key: Number(id), text })
})
const conversations = Codec.conversations({
  vendor: "three",
  operation: "Three.conversations",
  wire: Row,
  id: "key",
  impersonal: ["key"],
  decode: ({ key }) => ({ id: String(key) }),
  encode: ({ id }) => ({ key: Number(id) })
})

const common = { envelope, render }
const said = Listing.make({
  ...common,
  codec: messages,
  path: "/three/messages",
  query: {
    chat: ({ conversationId }: { readonly conversationId: string }) => conversationId,
    from: "offset",
    n: "size"
  },
  paging: { by: "offset", size: 7, ends: ["emptyPage"] },
  order: () => "newestFirst"
})
const listed = Listing.make({
  ...common,
  codec: conversations,
  path: "/three/chats",
  query: { after: "cursor", n: "size" },
  paging: { by: "cursor", size: 5 }
})

const Three = Vendor.make({
  name: "three",
  title: "Three",
  baseUrl: "https://three.example",
  tokenVariable: "THREE_TOKEN",
  authorization: { header: "X-Three", prefix: "" },
  errors: { codes: {}, read: (body) => ErrorTable.readMessage(body) },
  options: Schema.Struct({}),
  service: (read) => ({ messages: read(said), conversations: read(listed) }),
  messages: {
    codecs: [messages],
    order: () => "newestFirst",
    of: (_, { conversationId }) => said.of({ conversationId })
  },
  conversations: { codecs: [conversations], filter: () => ({}), of: () => listed.of({}) }
})

/** A vendor like the other one, with other listings. */
const variant = (
  path: string,
  change: Pick<typeof listed, "query" | "paging"> &
    Partial<Pick<typeof listed, "body" | "headers" | "envelope" | "render">>,
  vendor: { readonly authorization?: Vendor.Facts["authorization"] } = {}
): Vendor.Any => {
  const own = { ...change, order: () => "oldestFirst" as const }
  const ofMessages = Listing.make({ ...common, ...own, codec: messages, path: `${path}/:conversationId` })
  const ofChats = Listing.make({ ...common, ...own, codec: conversations, path })
  return Vendor.make({
    ...Three.definition,
    ...vendor,
    service: (read) => ({ messages: read(ofMessages), conversations: read(ofChats) }),
    messages: { codecs: [messages], of: (_, { conversationId }) => ofMessages.of({ conversationId }) },
    conversations: { codecs: [conversations], filter: () => ({}), of: () => ofChats.of({}) }
  })
}

const byPost = variant("/three/search", {
  query: {},
  body: { page: "page", n: "size", deep: () => true },
  headers: { "x-version": "3" },
  paging: { by: "page", size: 7, firstPage: 0, ends: ["lastPage"] },
  render: (list, { lastPage, page }) => ({ list, next: `${page} of ${lastPage}` }),
  envelope: (body) => {
    if (!isList(body)) return undefined
    const [page = null, lastPage = null] = (body.next ?? "").split(" of ").map(Number)
    return { rows: body.list, page, lastPage }
  }
})
const byLink = variant("/three/linked", { query: {}, paging: { by: "link", size: null } })
const whole = variant(
  "/three/whole",
  { query: {}, paging: { by: "oneAnswer", size: null, maxSize: 1000 } },
  { authorization: { query: "key" } }
)

interface Params {
  readonly conversationId?: string
  readonly kind?: string
}

/** One without a list of chats: it is made from the messages, which other parameters choose, too. */
const derived = (() => {
  const all = Listing.make({
    ...common,
    codec: messages,
    path: "/three/all",
    query: {
      chat: ({ conversationId }: Params) => conversationId,
      kind: ({ kind }: Params) => kind
    },
    paging: { by: "oneAnswer", size: null },
    unknownIsEmpty: true
  })
  const ofChats = DerivedListing.make({
    from: all,
    by: ({ key }) => String(Math.floor((key - 10_000) / 100_000_000) * 3 + 7000),
    add: (_, { key }) => ({ key: Math.floor((key - 10_000) / 100_000_000) * 3 + 7000 }),
    codec: conversations
  })
  return Vendor.make({
    ...Three.definition,
    service: (read) => ({ messages: read(all) }),
    messages: { codecs: [messages], of: (_, { conversationId }) => all.of({ conversationId }) },
    conversations: { codecs: [conversations], filter: () => ({}), of: () => ofChats.of({}) }
  })
})()

// ---------------------------------------------------------------------------------------------------------------
// Tests
// ---------------------------------------------------------------------------------------------------------------

/** Reads everything of a vendor that an emulator serves, and compares it with the truth. */
const readAgainstTruth = Effect.fnUntraced(function* (vendor: Vendor.Any) {
  const { all } = yield* Emulator
  const emulated = all.find((each) => each.vendor === vendor.definition.name)
  assert.isDefined(emulated)
  const source = yield* vendor.sourceFrom({}, { token: Redacted.make(token), baseUrl: "http://127.0.0.1" })
  const list = yield* Stream.runCollect(source.conversationPages())
  const ids = list.flatMap(({ items }) => items.map(({ id }) => id))
  assert.deepStrictEqual(ids, Rows.toArray(emulated.corpus.conversationIds))
  const [codec] = vendor.definition.messages.codecs
  let count = 0
  for (const conversationId of ids) {
    const pages = yield* Stream.runCollect(source.messagePages({ conversationId }))
    const read: ReadonlyArray<unknown> = pages.flatMap(({ items }) =>
      items.map((message) => codec.encode?.(message))
    )
    const rows = emulated.truth(conversationId, new URLSearchParams())
    const truth: ReadonlyArray<unknown> = rows === undefined ? [] : Rows.toArray(rows)
    assert.deepStrictEqual(read, source.messageOrder === "newestFirst" ? truth.toReversed() : truth)
    count += read.length
  }
  return count
})

describe("a vendor that is served by its definition", () => {
  const vendors: ReadonlyArray<readonly [string, Vendor.Any, string]> = [
    ["Botuj", Botuj, ""],
    ["one with offsets, tokens and a header of its own", Three, ""],
    ["one by POST, with pages from 0", byPost, ""],
    ["one with links", byLink, ""],
    ["one that answers all at once, with the token in the query", whole, ""],
    ["one without a list", derived, ""],
    ["the same under faults", Three, "500@every:5/three,clamp=3,truncate@every:7/three"]
  ]

  it.effect.each(vendors)("is read as it is: %s", ([, vendor, faults]) =>
    Effect.gen(function* () {
      const emulation = yield* Effect.fromResult(FromDefinition.make(vendor))
      const parsed = yield* Faults.parse(faults, ["three"])
      const options = { also: [emulation], faults: parsed, conversations: 9, messages: 40 }
      const exit = yield* settle(Effect.provide(readAgainstTruth(vendor), inProcess(options)))
      assert.isAbove(yield* exit, 100)
    })
  )

  it.effect("is given its token in its own header", () =>
    Effect.gen(function* () {
      const emulation = yield* Effect.fromResult(FromDefinition.make(Three))
      const { status } = yield* Effect.provide(get("/three/chats?n=2"), inProcess({ also: [emulation] }))
      assert.strictEqual(status, 401)
    })
  )

  it.effect("holds the conversations that a test gives", () =>
    Effect.gen(function* () {
      const emulation = yield* Effect.fromResult(FromDefinition.make(Three))
      const fixtures = [
        { id: "5", messages: [{ id: "1", role: "user" as const, text: "Hello" }] },
        { id: "6", messages: [] }
      ]
      const exit = yield* settle(
        Effect.provide(readAgainstTruth(Three), inProcess({ also: [emulation], fixtures }))
      )
      assert.strictEqual(yield* exit, 1)
    })
  )

  const lacking = (change: object): string => {
    const made = FromDefinition.make({ ...Three, definition: { ...Three.definition, ...change } })
    return Result.isFailure(made) ? made.failure.message : "it is served"
  }
  const serviceOf = (listing: typeof said) => ({
    service: (read: Vendor.Read) => ({ messages: read(listing) })
  })

  it("says what its definition lacks", () => {
    const noRender = Listing.make({ ...said, render: undefined })
    assert.strictEqual(
      lacking(serviceOf(noRender)),
      "the envelope of Three.messages does not read what its render writes; give the listing a render"
    )
    const timed = Listing.make({
      ...said,
      paging: { by: "cursor", size: 7, time: { of: () => undefined, toward: "past" } }
    })
    assert.match(
      lacking(serviceOf(timed)),
      /^Three\.messages is paged by time; export an emulation of your own$/
    )
    const nameless = Listing.make({ ...said, query: {} })
    assert.match(lacking(serviceOf(nameless)), /^Three\.messages has no parameter with the conversation/)
    const { encode: _, ...oneWay } = messages
    assert.match(lacking({ messages: { codecs: [oneWay] } }), /^the codec of Three\.messages has no encode$/)
    const strict = Codec.messages({
      vendor: "three",
      operation: "Three.messages",
      wire: Schema.Struct({ key: Schema.Finite, needed: Schema.String }),
      id: "key",
      decode: ({ key }) => ({ id: String(key), role: "user", text: "" }),
      encode: ({ id }) => ({ key: Number(id) })
    })
    assert.match(
      lacking({ messages: { codecs: [strict] } }),
      /^what encode gives is no row of Three\.messages: .*needed.*; require fewer fields/
    )
  })
})
