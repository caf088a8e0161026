import { Connection, Page } from "@colloquy/core"
import { Codec, Listing } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Redacted, Schema, Stream } from "effect"
import { attempt, codecOf, listingOf, named } from "./acme.ts"
import { patient } from "./patience.ts"
import { baseUrl, connect, fakeVendor, json } from "./vendor.ts"

const Row = Schema.Struct({ id: Schema.String, text: Schema.String })
/** A listing of two rows to a page, ending on an empty page or an error. */
const paging: Listing.Paging = { by: "page", size: 2, ends: ["emptyPage", "endOfPagesError"] }
const listing = listingOf(codecOf(Row, "id"), { envelope: named, paging })

const read = (reply: (page: number) => Response, read = listing) =>
  Effect.gen(function* () {
    const vendor = fakeVendor((_, { url }) => reply(Number(url.searchParams.get("page"))))
    // Behind the first page a refusal is asked for again, after a while.
    const { error, items } = yield* patient(attempt(vendor, read, {}))
    return { emitted: items.map(({ id }) => id), reason: error?.reason ?? null, vendor }
  })

const page = (...ids: ReadonlyArray<string>) =>
  json({ rows: ids.map((id) => ({ id, text: `text of ${id}`, more: 1 })) })

describe("a vendor's listing", () => {
  it.effect("gives rows as they came, unknown fields and all", () =>
    Effect.gen(function* () {
      const client = yield* connect(fakeVendor((nth) => (nth === 1 ? page("a") : page())))
      const pages = yield* Stream.runCollect(Listing.pages(client, listing, {}, {}))
      assert.deepStrictEqual(JSON.stringify(pages[0]?.items), '[{"id":"a","text":"text of a","more":1}]')
    })
  )

  it.effect("with a row of another shape fails with its place and says nothing of its content", () =>
    Effect.gen(function* () {
      const { emitted, reason } = yield* read((at) =>
        at < 3
          ? page(`a${at}`, `b${at}`)
          : json({
              rows: [
                { id: "c", text: "fine" },
                { id: "d", text: 5551234 }
              ]
            })
      )
      assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "record", position: 5 })
      assert.include(reason?.message, "at row 5")
      assert.include(reason?.message, "text")
      assert.notInclude(reason?.message, "5551234")
      assert.deepStrictEqual(emitted, ["a1", "b1", "a2", "b2"])
    })
  )

  it.effect("without its list fails as an envelope, and not as an empty listing", () =>
    Effect.gen(function* () {
      const { reason } = yield* read(() => json({ data: [] }))
      assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "envelope" })
    })
  )

  it.effect.each([404, 400, 422])(
    "whose server says %s twice behind the end ends there, once the last page reads again",
    (status) =>
      Effect.gen(function* () {
        const { emitted, reason, vendor } = yield* read((at) =>
          at < 3 ? page(`a${at}`, `b${at}`) : json({}, { status })
        )
        assert.isNull(reason)
        assert.deepStrictEqual(emitted, ["a1", "b1", "a2", "b2"])
        assert.deepStrictEqual(
          vendor.seen.map(({ url }) => url.searchParams.get("page")),
          ["1", "2", "3", "3", "2"]
        )
      })
  )

  it.effect.each([
    [401, "Unauthorized"],
    [403, "Forbidden"]
  ] as const)("whose server says %s behind the first page fails as %s", ([status, tag]) =>
    Effect.gen(function* () {
      const { emitted, reason } = yield* read((at) => (at < 2 ? page("a", "b") : json({}, { status })))
      assert.strictEqual(reason?._tag, tag)
      assert.deepStrictEqual(emitted, ["a", "b"])
    })
  )

  it.effect.each(["101", "104"])("whose documented code %s comes behind the end ends there at once", (code) =>
    Effect.gen(function* () {
      const documented = { ...listing, pastEndCode: code }
      const { emitted, reason, vendor } = yield* read(
        (at) =>
          at < 3 ? page(`a${at}`, `b${at}`) : json({ code, message: "no such page" }, { status: 400 }),
        documented
      )
      assert.isNull(reason)
      assert.deepStrictEqual(emitted, ["a1", "b1", "a2", "b2"])
      assert.strictEqual(vendor.seen.length, 3)
    })
  )

  it.effect("that is gone fails on its first page", () =>
    Effect.gen(function* () {
      const { reason, vendor } = yield* read(() => json({}, { status: 404 }))
      assert.strictEqual(reason?._tag, "NotFound")
      assert.strictEqual(vendor.seen.length, 1)
    })
  )

  it.effect("that disappears while it is read fails, and does not end", () =>
    Effect.gen(function* () {
      let gone = false
      const { reason } = yield* read((at) => {
        gone ||= at === 3
        return gone ? json({}, { status: 404 }) : page(`a${at}`, `b${at}`)
      })
      assert.strictEqual(reason?._tag, "NotFound")
    })
  )

  it.effect("with a page size that is refused makes no request", () =>
    Effect.gen(function* () {
      const { reason, vendor } = yield* read(() => page(), { ...listing, paging: { ...paging, size: 0 } })
      assert.strictEqual(reason?._tag, "InvalidRequest")
      assert.strictEqual(vendor.seen.length, 0)
    })
  )

  it.effect("that is incomplete says so as a source error", () =>
    Effect.gen(function* () {
      const { reason } = yield* read(() => page("a", "b"))
      assert.strictEqual(reason?._tag, "IncompleteWalk")
    })
  )
})

describe("a row's key", () => {
  it("is its id as text, number or nothing", () => {
    const key = Codec.keyOf("id")
    assert.strictEqual(key({ id: "a" }), "a")
    assert.strictEqual(key({ id: 0 }), "0")
    for (const row of [{}, { id: null }, { id: {} }, null, "a"]) assert.isUndefined(key(row))
  })
})

describe("a page", () => {
  it("maps its items with their place in the walk", () => {
    const checkpoint = {
      version: 2,
      fingerprint: "",
      page: 3,
      offset: null,
      cursor: null,
      size: 2,
      received: 4,
      shift: 0,
      inPage: 2,
      recent: [],
      identity: null
    } as const
    const mapped = Page.map(
      {
        items: ["c", "d"],
        undecodable: [],
        start: 2,
        total: null,
        checkpoint,
        completion: null,
        restarted: null
      },
      (item, index) => `${index}${item}`
    )
    assert.deepStrictEqual(mapped, {
      items: ["2c", "3d"],
      undecodable: [],
      start: 2,
      total: null,
      checkpoint,
      completion: null,
      restarted: null
    })
  })

  it.effect.prop(
    "maps its items with their place in the walk, whichever rows could not be decoded",
    [Schema.Array(Schema.Boolean)],
    ([fits]) =>
      Effect.gen(function* () {
        const rows = fits.map((fit, at) => (fit ? { id: `r${at}`, text: "" } : { id: `r${at}` }))
        const client = yield* connect(
          fakeVendor((nth) => json({ rows: nth === 1 ? [{ id: "0", text: "" }, ...rows] : [] }))
        )
        const [first] = yield* Stream.runCollect(Listing.pages(client, listing, {}, { undecodable: "keep" }))
        assert.isDefined(first)
        const placed = Page.map(first, ({ id }, index) => `${index}:${id}`)
        assert.deepStrictEqual(placed.items, [
          "0:0",
          ...rows.flatMap((row, at) => ("text" in row ? [`${at + 1}:r${at}`] : []))
        ])
      })
  )
})

describe("a connection's token", () => {
  it("is read from the variable of its account", () => {
    assert.strictEqual(Connection.variableOf("ACME_KEY"), "ACME_KEY")
    assert.strictEqual(Connection.variableOf("ACME_KEY", "default"), "ACME_KEY")
    assert.strictEqual(Connection.variableOf("ACME_KEY", "eu"), "ACME_KEY_EU")
    assert.strictEqual(Connection.variableOf("ACME_KEY", "team-2"), "ACME_KEY_TEAM_2")
  })

  it.effect("comes from configuration unless one is given", () =>
    Effect.gen(function* () {
      const found = yield* Connection.config("ACME_KEY", { account: "eu", baseUrl })
      const configured = Redacted.isRedacted(found.token) ? found.token : yield* found.token
      assert.strictEqual(Redacted.value(configured), "from the environment")
      assert.strictEqual(found.baseUrl, baseUrl)
      const token = Redacted.make("given")
      assert.strictEqual((yield* Connection.config("ACME_KEY", { token })).token, token)
      const missing = yield* Effect.flip(Connection.config("OTHER_KEY", {}))
      assert.include(String(missing), "OTHER_KEY")
    }).pipe(
      Effect.provide(
        ConfigProvider.layer(ConfigProvider.fromEnv({ env: { ACME_KEY_EU: "from the environment" } }))
      )
    )
  )
})
