import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { canary, connect, fakeVendor, json, rows } from "./vendor.ts"

const answering = () => fakeVendor(() => json([]))

describe("a base URL", () => {
  it.effect.each([
    "https://api.acme.test",
    "https://api.acme.test:8443",
    "http://localhost",
    "http://localhost:8080",
    "http://LOCALHOST:8080",
    "http://127.0.0.1:3000",
    "http://127.1.2.3",
    "http://[::1]:3000"
  ])("such as %s is taken", (baseUrl) =>
    Effect.gen(function* () {
      const vendor = answering()
      const client = yield* connect(vendor, { baseUrl })
      yield* client.read(rows)
      assert.strictEqual(vendor.seen[0]?.url.origin, baseUrl.toLowerCase())
      assert.strictEqual(vendor.seen[0]?.url.pathname, "/v1/rows")
    })
  )

  it.effect.each([
    { baseUrl: "https://proxy.test/acme", path: "/acme/v1/rows" },
    { baseUrl: "https://proxy.test/acme/", path: "/acme/v1/rows" },
    { baseUrl: "https://proxy.test/a/b%20c//", path: "/a/b%20c/v1/rows" },
    { baseUrl: "https://proxy.test/", path: "/v1/rows" }
  ])("$baseUrl keeps its path before the vendor's", ({ baseUrl, path }) =>
    Effect.gen(function* () {
      const vendor = answering()
      yield* Effect.flatMap(connect(vendor, { baseUrl }), (client) => client.read(rows))
      assert.strictEqual(vendor.seen[0]?.url.pathname, path)
    })
  )

  it.effect.each([
    { baseUrl: "", says: "not a URL" },
    { baseUrl: "api.acme.test", says: "not a URL" },
    { baseUrl: "https://", says: "not a URL" },
    { baseUrl: "https://user:pass@api.acme.test", says: "credentials" },
    { baseUrl: "https://user@api.acme.test", says: "credentials" },
    { baseUrl: "https://api.acme.test?page=2", says: "no query" },
    { baseUrl: "https://api.acme.test/v1#part", says: "no query" },
    { baseUrl: "http://api.acme.test", says: "https only" },
    { baseUrl: "http://localhost.evil.test", says: "https only" },
    { baseUrl: "http://evil-localhost", says: "https only" },
    { baseUrl: "http://127.0.0.1.evil.test", says: "https only" },
    { baseUrl: "http://1270.0.0.1.evil.test", says: "https only" },
    { baseUrl: "http://0.0.0.0", says: "https only" },
    { baseUrl: "http://128.0.0.1", says: "https only" },
    { baseUrl: "http://[::2]", says: "https only" },
    { baseUrl: "ftp://api.acme.test", says: "https only" },
    { baseUrl: "file:///etc/passwd", says: "https only" }
  ])("such as '$baseUrl' is refused ($says)", ({ baseUrl, says }) =>
    Effect.gen(function* () {
      const vendor = answering()
      const error = yield* Effect.flip(connect(vendor, { baseUrl }))
      assert.strictEqual(error.reason._tag, "InvalidRequest")
      assert.include(error.message, says)
      assert.notInclude(error.message, "pass@")
      assert.strictEqual(vendor.seen.length, 0)
    })
  )
})

describe("an id", () => {
  const odd = [
    "a/b",
    "a|b",
    "a b",
    "a?b=c",
    "a#b",
    "100%",
    "%2e%2e",
    "a\\b",
    "ü",
    "日本",
    "👩‍👩‍👧",
    "a&b=c",
    "a+b",
    "\n",
    "...",
    ";x",
    "~"
  ]

  it.effect.each(odd)("such as %j stays one path segment and one query value", (id) =>
    Effect.gen(function* () {
      const vendor = answering()
      const client = yield* connect(vendor)
      yield* client.read({ operation: "Acme.rows", path: ["bots", id, "rows"], query: { user: id, page: 1 } })
      const url = vendor.seen[0]?.url
      assert.deepStrictEqual(url?.pathname.split("/").map(decodeURIComponent), ["", "bots", id, "rows"])
      assert.deepStrictEqual(
        [...(url?.searchParams ?? [])],
        [
          ["user", id],
          ["page", "1"]
        ]
      )
      assert.strictEqual(url?.hash, "")
    })
  )

  it.effect.prop(
    "of any kind stays one path segment and one query value, or is refused",
    { id: Arbitrary.schema(Schema.String) },
    ({ id }) =>
      Effect.gen(function* () {
        const vendor = answering()
        const client = yield* connect(vendor)
        const request = { operation: "Acme.rows", path: ["bots", id], query: { user: id } }
        if (["", ".", ".."].includes(id) || !id.isWellFormed()) {
          const error = yield* Effect.flip(client.read(request))
          return assert.strictEqual(error.reason._tag, "InvalidRequest")
        }
        yield* client.read(request)
        const url = vendor.seen[0]?.url
        assert.deepStrictEqual(url?.pathname.split("/").map(decodeURIComponent), ["", "bots", id])
        assert.strictEqual(url?.searchParams.get("user"), id)
      })
  )

  it.effect.each(["", ".", "..", "\ud800", "half \udc00 a character"])(
    "such as %j is refused before anything is sent",
    (id) =>
      Effect.gen(function* () {
        const vendor = answering()
        const client = yield* connect(vendor)
        for (const request of [
          { operation: "Acme.rows", path: ["bots", id], query: {} },
          { operation: "Acme.rows", path: ["bots"], query: { user: id } }
        ]) {
          const error = yield* Effect.flip(client.read(request))
          assert.strictEqual(error.reason._tag, "InvalidRequest")
          assert.notInclude(error.message, canary)
        }
        assert.strictEqual(vendor.seen.length, 0)
      })
  )
})
