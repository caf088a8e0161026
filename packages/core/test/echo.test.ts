import { Link } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import { bare, codecOf, listingOf, read as readListing } from "./acme.ts"
import { canary, connect, fakeVendor, json, rows } from "./vendor.ts"

const Row = Schema.Struct({ id: Schema.String, text: Schema.optionalKey(Schema.String) })

const listing = listingOf(codecOf(Row, "id"), {
  query: {},
  paging: { by: "link", size: null },
  envelope: (body, headers) => {
    const list = bare(body)
    return list && { ...list, next: Link.nextOf(headers["link"] ?? "") }
  }
})

/** Everything that a walk gives of one answer, and its rows. */
const read = Effect.fnUntraced(function* (body: string, token = canary, link = "") {
  const vendor = fakeVendor(
    (nth) => new Response(nth === 1 ? body : "[]", nth === 1 ? { headers: { link } } : {})
  )
  const { items, kept, pages } = yield* readListing(
    vendor,
    listing,
    { undecodable: "keep" },
    { token: Redacted.make(token) }
  )
  return { told: JSON.stringify(pages), items, kept: kept.map(({ json }) => json) }
})

/** The same text in JSON, each character that `pick` chooses as an escape. */
const escaped = (text: string, pick: (at: number) => boolean): string =>
  [...text]
    .map((char, at) => {
      if (pick(at)) return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`
      return JSON.stringify(char).slice(1, -1)
    })
    .join("")

const bodyOf = (inJson: string): string =>
  `[{"id":"a","text":"key ${inJson}!"},{"id":"b","text":7,"${inJson}":["${inJson}",9007199254740993]},{"id":"c"}]`

/** With characters that JSON may escape in shorter ways. */
const slashed = `canary/7c1f+0b"5e\\9d==`

describe("a token that a vendor sends back", () => {
  it.effect.each([
    { how: "as it is", token: canary, inJson: canary },
    { how: "with escapes", token: canary, inJson: escaped(canary, (at) => at % 3 === 0) },
    { how: "with escapes in upper case", token: canary, inJson: `\\u0063anary-7c1f0b5e9d3a4c2b8e6\\u0066` },
    { how: "with nothing but escapes", token: canary, inJson: escaped(canary, () => true) },
    { how: "quoted", token: slashed, inJson: escaped(slashed, () => false) },
    {
      how: "quoted, slashes too",
      token: slashed,
      inJson: escaped(slashed, () => false).replaceAll("/", "\\/")
    }
  ])("$how, is in no item and no kept row", ({ inJson, token }) =>
    Effect.gen(function* () {
      const { items, kept, told } = yield* read(bodyOf(inJson), token)
      assert.notInclude(told, token)
      assert.notInclude(told, JSON.stringify(token).slice(1, -1))
      assert.deepStrictEqual<unknown>(items, [{ id: "a", text: "key <redacted>!" }, { id: "c" }])
      assert.deepStrictEqual<unknown>(kept, [
        { id: "b", text: 7, "<redacted>": ["<redacted>", "9007199254740993"] }
      ])
    })
  )

  it.effect.prop(
    "is in nothing that is read, however it is escaped",
    { picks: Schema.Array(Schema.Boolean) },
    ({ picks }) =>
      Effect.gen(function* () {
        for (const token of [canary, slashed]) {
          const { items } = yield* read(bodyOf(escaped(token, (at) => picks[at] === true)), token)
          assert.strictEqual(items[0]?.text, "key <redacted>!")
        }
      })
  )

  it.effect("in a link is in no checkpoint", () =>
    Effect.gen(function* () {
      const token = "canary+7c1f/0b5e9d=="
      for (const form of [token, encodeURIComponent(token)]) {
        const { told } = yield* read('[{"id":"a"}]', token, `</rows?page=2&key=${form}>; rel="next"`)
        assert.notInclude(told, form)
        const { items } = yield* read(`[{"id":"a","text":"/rows?key=${form}"}]`, token)
        assert.deepStrictEqual<unknown>(items, [{ id: "a", text: "/rows?key=<redacted>" }])
      }
    })
  )

  it.effect("in a header is in no answer", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() =>
        json([], { headers: { "x-received": `Bearer ${canary}`, "x-other": "1" } })
      )
      const { headers } = yield* Effect.flatMap(connect(vendor), (client) => client.read(rows))
      assert.deepInclude({ ...headers }, { "x-received": "Bearer <redacted>", "x-other": "1" })
    })
  )
})

/** Reads two pages; the first names the second by a link that repeats the whole query, as many servers do. */
const follow = Effect.fnUntraced(function* (how: "header" | "body", key: string, form: string) {
  const next = `/rows?key=${form}&page=2`
  const vendor = fakeVendor((nth) => {
    if (nth > 1) return json(how === "header" ? [{ id: "b" }] : { rows: [{ id: "b" }] })
    const rows = [{ id: "a" }]
    return how === "header"
      ? json(rows, { headers: { link: `<${next}>; rel="next"` } })
      : json({ rows, next })
  })
  const inBody = listingOf(codecOf(Row, "id"), {
    query: {},
    paging: { by: "link", size: null },
    envelope: (body) => (isLinked(body) ? body : undefined)
  })
  const { items, pages } = yield* readListing(
    vendor,
    how === "header" ? listing : inBody,
    {},
    {
      token: Redacted.make(key),
      authorization: { query: "key" }
    }
  )
  return { told: JSON.stringify(pages), items, sent: vendor.seen.map(({ url }) => url.search) }
})

const isLinked = Schema.is(
  Schema.Struct({ rows: Schema.Array(Schema.Unknown), next: Schema.optionalKey(Schema.String) })
)

describe("a key in the query that a vendor repeats in its next link", () => {
  const keys = ["short", "canary-7c1f0b5e", "canary+7c1f/0b5e9d=="]

  it.effect.each(
    keys.flatMap((key) =>
      (["header", "body"] as const).flatMap((how) =>
        [key, encodeURIComponent(key), encodeURIComponent(key).toLowerCase()].map((form) => ({
          how,
          key,
          form
        }))
      )
    )
  )("($how, $form) is in no checkpoint, and is sent with the next page", ({ form, how, key }) =>
    Effect.gen(function* () {
      const { items, sent, told } = yield* follow(how, key, form)
      assert.deepStrictEqual(items, [{ id: "a" }, { id: "b" }])
      assert.notInclude(told, form)
      const own = `key=${encodeURIComponent(key)}`
      assert.deepStrictEqual(sent, [`?${own}`, `?page=2&${own}`])
    })
  )
})

describe("what is no token", () => {
  it.effect("is left alone where the token is too short to be told from a word", () =>
    Effect.gen(function* () {
      const { items } = yield* read('[{"id":"a","text":"my secret"}]', "secret")
      assert.deepStrictEqual<unknown>(items, [{ id: "a", text: "my secret" }])
    })
  )

  it.effect("is left alone as a number, so that the JSON stays one", () =>
    Effect.gen(function* () {
      const { items } = yield* read('[{"id":"a","at":1234567890},{"id":"1234567890"}]', "12345678")
      assert.deepStrictEqual<unknown>(items, [{ id: "a", at: 1234567890 }, { id: "<redacted>90" }])
    })
  )

  it.effect("comes as it was sent, escapes and all", () =>
    Effect.gen(function* () {
      const text = 'grüße \u0007 \u0041 / \\ "quoted" \ud83d\ude00 \\u0063'
      const body = JSON.stringify([{ id: "a", text }])
        .replace("grü", "gr\\u00fc")
        .replace(" A ", " \\u0041 ")
      assert.deepStrictEqual<unknown>((yield* read(body)).items, [{ id: "a", text }])
    })
  )
})
