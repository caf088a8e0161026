import { type Connection, RequestBudget, Source, type SourceError } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Vendor } from "@colloquy/core/vendor"
import { ConfigProvider, Effect, Redacted, Stream } from "effect"
import { HttpClient } from "effect/http"
import { Toy } from "./toy.ts"
import { linesOf, serving } from "./toyServer.ts"
import { canary, fakeVendor, json, type Reply, settle } from "./vendor.ts"

const token = Redacted.make(canary)
const house = { a: linesOf("a", 7), b: [], c: linesOf("c", 1), d: linesOf("d", 3) }

/** A source of the toy's over what a server answers. */
const connect = Effect.fnUntraced(function* (
  reply: (nth: number, seen: { readonly url: URL }) => Reply = serving(house),
  told: Connection.ConfigConnection & { readonly pageSize?: number } = {}
) {
  const vendor = fakeVendor(reply)
  const source = yield* Toy.source({ house: "h-1", token, ...told }).pipe(
    Effect.provideService(HttpClient.HttpClient, vendor.client),
    Effect.provide(RequestBudget.layerMemory)
  )
  return { source, vendor }
})

const pathsOf = (seen: ReadonlyArray<{ readonly url: URL }>) =>
  seen.map(({ url }) => `${url.pathname}${url.search}`)

describe("a vendor of less than a hundred lines", () => {
  it.effect("is a source of conversations and messages", () =>
    Effect.gen(function* () {
      const { source, vendor } = yield* connect()
      const pages = yield* Stream.runCollect(source.conversationPages())
      const listed = pages.flatMap(({ items }) => items)
      assert.deepStrictEqual(
        listed.map(({ account, id, messageCount, vendor }) => [vendor, account, id, messageCount]),
        Object.entries(house).map(([id, lines]) => ["toy", "default", id, lines.length])
      )
      assert.strictEqual(pages.at(-1)?.completion?.proof, "total")
      for (const conversation of listed) {
        const conversationId = conversation.id
        const read = yield* Stream.runCollect(source.messagePages({ conversationId, conversation }))
        assert.strictEqual(read.at(-1)?.completion?.count, conversation.messageCount)
        assert.isTrue(
          read.every(({ items }) => items.every((item) => item.conversationId === conversationId))
        )
      }
      assert.deepStrictEqual(pathsOf(vendor.seen.slice(0, 4)), [
        "/houses/h-1/rooms?page=1&size=3",
        "/houses/h-1/rooms?page=2&size=3",
        "/houses/h-1/rooms/a/lines?size=3",
        "/houses/h-1/rooms/a/lines?after=3&size=3"
      ])
      assert.isTrue(vendor.seen.every(({ headers }) => headers["x-api-key"] === canary))
      assert.deepStrictEqual(
        [source.listFilter, source.messageOrder, source.impersonalExtra],
        ['{"house":"h-1"}', "oldestFirst", ["id", "lines"]]
      )
    })
  )

  it.effect("is a layer, its token from its variable", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor(serving(house))
      const texts = Stream.runCollect(Source.messages({ conversationId: "d" })).pipe(
        Effect.map((messages) => messages.map(({ role, text }) => `${role}: ${text}`)),
        Effect.provide(Toy.layerSource({ house: "h-1", account: "eu" })),
        Effect.provideService(HttpClient.HttpClient, vendor.client),
        Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env: { TOY_KEY_EU: canary } })))
      )
      assert.deepStrictEqual(yield* texts, ["user: line 0", "assistant: line 1", "user: line 2"])
    })
  )

  it.effect("is a service in its own types, page by page and row by row", () =>
    Effect.gen(function* () {
      const toy = yield* Toy
      assert.deepStrictEqual([toy.vendor, toy.account], ["toy", "eu"])
      const asked = { house: "h-1", conversationId: "a", pageSize: 5 }
      const pages = yield* Stream.runCollect(toy.messages.pages(asked))
      assert.deepStrictEqual(
        pages.map(({ items }) => items.length),
        [5, 2]
      )
      const rows = yield* Stream.runCollect(toy.messages.items(asked))
      assert.deepStrictEqual(rows, house.a)
    }).pipe(
      Effect.provide(Toy.layer({ token, account: "eu" })),
      Effect.provideService(HttpClient.HttpClient, fakeVendor(serving(house)).client)
    )
  )
})

describe("a vendor from elsewhere", () => {
  it("is told from other values by a field, which any copy of core writes", () => {
    assert.isTrue(Vendor.isVendor(Toy))
    assert.isTrue(Vendor.isVendor({ ...Toy }))
    assert.strictEqual(Toy[Vendor.TypeId], Vendor.version)
    for (const other of [undefined, null, "toy", {}, Toy.definition, () => Toy, Promise.resolve(Toy)]) {
      assert.isFalse(Vendor.isVendor(other))
    }
  })

  it("makes tokens that it can read itself", () => {
    assert.strictEqual(Redacted.value(Toy.redacted(canary)), canary)
    assert.notInclude(JSON.stringify(Toy.redacted(canary)), canary)
  })
})

describe("a source's options", () => {
  const failing = () => json({}, { status: 503 })
  const first = ({ source }: Effect.Success<ReturnType<typeof connect>>) =>
    settle(Effect.result(Stream.runDrain(source.messagePages({ conversationId: "a" }))))

  it.effect.each([
    { policy: { retries: 0 }, sent: 1 },
    { policy: { retries: 2 }, sent: 3 },
    { policy: undefined, sent: 5 }
  ])("say how often a request is tried: $policy", ({ policy, sent }) =>
    Effect.gen(function* () {
      const connected = yield* connect(failing, { policy, rateLimit: null })
      const result = yield* first(connected)
      assert.strictEqual(result._tag, "Failure")
      assert.strictEqual(connected.vendor.seen.length, sent)
    })
  )

  it.effect.each([
    { how: "the vendor's own", account: "own", rateLimit: undefined, waits: 1 },
    { how: "none", account: "none", rateLimit: null, waits: 0 },
    { how: "another", account: "another", rateLimit: { limit: 50, window: "10 seconds" }, waits: 2 }
  ] as const)("say the limit that is followed: $how", ({ account, rateLimit, waits }) =>
    Effect.gen(function* () {
      const lines = linesOf("long", 120)
      const { source, vendor } = yield* connect(serving({ long: lines }), {
        account,
        rateLimit,
        pageSize: 1
      })
      yield* settle(Stream.runDrain(source.messagePages({ conversationId: "long" })))
      assert.strictEqual(vendor.seen.length, 120)
      assert.strictEqual(vendor.waits().filter((wait) => wait > 0).length, waits)
    })
  )

  it.effect("say who is told of its requests", () =>
    Effect.gen(function* () {
      const told: Array<string> = []
      const { source } = yield* connect(serving(house), {
        onRequest: ({ _tag }) => Effect.sync(() => told.push(_tag))
      })
      yield* Stream.runDrain(source.messagePages({ conversationId: "a" }))
      assert.deepStrictEqual(told, ["Sent", "Sent", "Sent"])
    })
  )

  it.effect("that are wrong are refused before a request, typed, with the account", () =>
    Effect.gen(function* () {
      const untyped: { readonly house: string } = JSON.parse('{"house":7}')
      for (const wrong of [{ house: "" }, untyped]) {
        const vendor = fakeVendor(serving(house))
        const error = yield* Effect.flip(
          Toy.source({ ...wrong, token, account: "eu" }).pipe(
            Effect.provideService(HttpClient.HttpClient, vendor.client)
          )
        )
        assert.deepInclude({ ...error }, { vendor: "toy", account: "eu", operation: "connect" })
        assert.strictEqual(error._tag === "SourceError" ? error.reason._tag : error._tag, "InvalidRequest")
        assert.include(error.message, "house")
        assert.strictEqual(vendor.seen.length, 0)
      }
    })
  )

  it.effect("that no type has checked may not have a name that is no option", () =>
    Effect.gen(function* () {
      const open = (options: unknown) =>
        Toy.sourceFrom(options, { token }).pipe(
          Effect.provideService(HttpClient.HttpClient, fakeVendor(serving(house)).client)
        )
      const error = yield* Effect.flip(open({ house: "h-1", hose: "h-2" }))
      assert.strictEqual(error._tag === "SourceError" ? error.reason._tag : error._tag, "InvalidRequest")
      assert.include(error.message, "hose")
      const source = yield* open({ house: "h-1" })
      assert.strictEqual(source.listFilter, '{"house":"h-1"}')
    })
  )

  it.effect.each([0, 51, Number.NaN, 1.5])("may not ask for %s rows in a page", (pageSize) =>
    Effect.gen(function* () {
      const { source, vendor } = yield* connect(serving(house), { pageSize })
      const error = yield* Effect.flip(Stream.runDrain(source.conversationPages()))
      assert.strictEqual(error.reason._tag, "InvalidRequest")
      assert.strictEqual(vendor.seen.length, 0)
    })
  )
})

describe("an error of a source", () => {
  const told = ({ account, conversationId, operation, reason }: SourceError) => ({
    account,
    conversationId,
    operation,
    reason: reason._tag
  })

  it.effect("says the account, and the conversation whose messages were read", () =>
    Effect.gen(function* () {
      const { source } = yield* connect(serving(house), { account: "eu" })
      const gone = yield* Effect.flip(Stream.runDrain(source.messagePages({ conversationId: "gone" })))
      assert.deepStrictEqual(told(gone), {
        account: "eu",
        conversationId: "gone",
        operation: "Toy.messages",
        reason: "NotFound"
      })
      assert.include(gone.message, 'HTTP 404, "no such room"')
      const refused = yield* Effect.flip(Stream.runDrain(source.messagePages({ conversationId: "" })))
      assert.deepInclude(told(refused), { account: "eu", conversationId: "", reason: "InvalidRequest" })
    })
  )

  it.effect("says so of a row, and of a walk that is incomplete", () =>
    Effect.gen(function* () {
      const { source } = yield* connect(serving({ a: [{ id: "a-0", words: 7 }], b: linesOf("b", 9) }))
      const row = yield* Effect.flip(Stream.runDrain(source.messagePages({ conversationId: "a" })))
      assert.deepInclude(told(row), { account: "default", conversationId: "a", reason: "InvalidResponse" })
      const cut = source.messagePages({ conversationId: "b", maxPages: 1 })
      const walk = yield* Effect.flip(Stream.runDrain(cut))
      assert.deepInclude(told(walk), { account: "default", conversationId: "b", reason: "IncompleteWalk" })
    })
  )

  it.effect("of the list says no conversation", () =>
    Effect.gen(function* () {
      const { source } = yield* connect(() => json({}, { status: 401 }), { account: "eu" })
      const error = yield* Effect.flip(Stream.runDrain(source.conversationPages()))
      assert.deepInclude(told(error), {
        account: "eu",
        operation: "Toy.conversations",
        reason: "Unauthorized"
      })
      assert.isFalse("conversationId" in error)
    })
  )
})
