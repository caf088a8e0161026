import type { VendorClient } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  canary,
  connect,
  type FakeVendor,
  fakeVendor,
  get,
  json,
  type Reply,
  rows,
  settle
} from "./vendor.ts"

/** One GET on the real clock's turns: nothing here waits. */
const getOnce = (vendor: FakeVendor, options: Partial<VendorClient.Options> = {}) =>
  Effect.flatMap(connect(vendor, options), (client) => Effect.map(client.read(rows), ({ body }) => body))

const bounded = (vendor: FakeVendor, maxBodyBytes: number) =>
  getOnce(vendor, { policy: { maxBodyBytes, retries: 0 } })

const packed = (text: string): Effect.Effect<ArrayBuffer> =>
  Effect.promise(() =>
    new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer()
  )

/** A body in pieces, its length not announced. */
const inPieces = (pieces: ReadonlyArray<string>): Response =>
  new Response(
    new ReadableStream({
      start: (controller) => {
        for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece))
        controller.close()
      }
    })
  )

describe("a request", () => {
  it.effect("carries the token and asks for JSON", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() => json({ rows: [] }))
      yield* getOnce(vendor)
      assert.strictEqual(vendor.seen[0]?.authorization, `Bearer ${canary}`)
      assert.strictEqual(vendor.seen[0]?.accept, "application/json")
      assert.strictEqual(vendor.seen[0]?.url.href, "https://api.acme.test/v1/rows?page=1")
    })
  )

  it.effect("carries the token as the vendor wants it, and nowhere else", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() => json({ rows: [] }))
      yield* getOnce(vendor, { authorization: { header: "x-api-key", prefix: "" } })
      yield* getOnce(vendor, { authorization: { header: "authorization", prefix: "Token " } })
      const [plain, prefixed] = vendor.seen
      assert.strictEqual(plain?.headers["x-api-key"], canary)
      assert.isUndefined(plain?.authorization)
      assert.strictEqual(prefixed?.authorization, `Token ${canary}`)
    })
  )
})

/** A body whose connection breaks after a few bytes. */
const breakingOff = (): Reply =>
  new Response(
    new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"rows":')),
      pull: (controller) => controller.error(new Error("reset"))
    })
  )

describe("a body", () => {
  const rowsText = JSON.stringify({ rows: Array.from({ length: 50 }, (_, id) => ({ id, text: "grüße ✓" })) })

  it.effect("that comes in pieces, cut inside a character, is read whole", () =>
    Effect.gen(function* () {
      const bytes = new TextEncoder().encode(rowsText)
      const stream = new ReadableStream({
        start: (controller) => {
          for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7))
          controller.close()
        }
      })
      assert.deepStrictEqual(yield* getOnce(fakeVendor(() => new Response(stream))), JSON.parse(rowsText))
    })
  )

  it.effect.each([
    { name: "labelled", headers: { "content-encoding": "gzip" } },
    { name: "not labelled", headers: {} },
    { name: "labelled as something else", headers: { "content-encoding": "identity" } }
  ])("packed with gzip, $name, is unpacked", ({ headers }) =>
    Effect.gen(function* () {
      const bytes = yield* packed(rowsText)
      const vendor = fakeVendor(() => new Response(bytes, { headers }))
      assert.deepStrictEqual(yield* getOnce(vendor), JSON.parse(rowsText))
    })
  )

  it.effect("labelled as gzip that is plain is read as it is", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() => new Response(rowsText, { headers: { "content-encoding": "gzip" } }))
      assert.deepStrictEqual(yield* getOnce(vendor), JSON.parse(rowsText))
    })
  )

  it.effect("packed and cut short is a failure that may pass", () =>
    Effect.gen(function* () {
      const bytes = yield* packed(rowsText)
      const vendor = fakeVendor(() => new Response(bytes.slice(0, bytes.byteLength - 20)))
      const { reason } = yield* Effect.flip(bounded(vendor, 1_000_000))
      assert.strictEqual(reason._tag, "Transport")
      assert.isTrue(reason.isRetryable)
    })
  )

  it.effect("that breaks off on the way is a failure that may pass", () =>
    Effect.gen(function* () {
      const { reason } = yield* Effect.flip(bounded(fakeVendor(breakingOff), 1_000_000))
      assert.strictEqual(reason._tag, "Transport")
    })
  )
})

const refused = (vendor: FakeVendor, maxBytes: number) =>
  Effect.gen(function* () {
    const { reason } = yield* Effect.flip(bounded(vendor, maxBytes))
    assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "tooLarge" })
    assert.isFalse(reason.isRetryable)
    assert.include(reason.message, `${maxBytes} bytes`)
    assert.strictEqual(vendor.seen.length, 1)
  })

describe("a body larger than the bound", () => {
  it.effect("is refused by its announced length, without being read", () =>
    Effect.gen(function* () {
      let pulled = 0
      const endless = (): Reply =>
        new Response(
          new ReadableStream({
            pull: (controller) => {
              pulled++
              controller.enqueue(new Uint8Array(1000))
            }
          }),
          { headers: { "content-length": "5000" } }
        )
      yield* refused(fakeVendor(endless), 4999)
      assert.isAtMost(pulled, 2)
    })
  )

  it.effect("is refused while it is read, where no length is announced", () =>
    refused(
      fakeVendor(() => inPieces(["[", "1,".repeat(600), "1]"])),
      1000
    )
  )

  it.effect("is refused while it is unpacked", () =>
    Effect.gen(function* () {
      const bomb = yield* packed(`["${"0".repeat(2_000_000)}"]`)
      assert.isBelow(bomb.byteLength, 10_000)
      yield* refused(
        fakeVendor(() => new Response(bomb, { headers: { "content-length": String(bomb.byteLength) } })),
        10_000
      )
    })
  )

  it.effect("by one byte only is refused, and one of just the bound is read", () =>
    Effect.gen(function* () {
      yield* refused(
        fakeVendor(() => inPieces(['["abc"]'])),
        6
      )
      assert.deepStrictEqual(
        yield* bounded(
          fakeVendor(() => inPieces(['["abc"]'])),
          7
        ),
        ["abc"]
      )
    })
  )
})

describe("an answer that is no JSON", () => {
  it.effect.each([
    {
      name: "HTML",
      reply: () => new Response("<!doctype html><p>Login", { headers: { "content-type": "text/html" } }),
      says: "text/html"
    },
    { name: "nothing with status 200", reply: () => new Response(""), says: "an empty body" },
    {
      name: "nothing with status 204",
      reply: () => new Response(null, { status: 204 }),
      says: "an empty body"
    },
    { name: "a word", reply: () => new Response("OK"), says: '"OK' }
  ])("($name) is an invalid response that is not tried again", ({ reply, says }) =>
    Effect.gen(function* () {
      const vendor = fakeVendor(reply)
      const { reason } = yield* Effect.flip(get(vendor))
      assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "notJson" })
      assert.include(reason.message, says)
      assert.strictEqual(vendor.seen.length, 1)
    })
  )

  it.effect("does not repeat a page of it", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() => new Response(`<html>${"x".repeat(10_000)}`))
      const error = yield* Effect.flip(get(vendor))
      assert.isBelow(error.message.length, 400)
    })
  )
})

/** A POST that reads the rows. */
const post = (vendor: FakeVendor) =>
  settle(Effect.flatMap(connect(vendor), (client) => client.read({ ...rows, query: {}, body: { page: 1 } })))

const redirect = (location: string, status = 302): Response =>
  new Response(null, { status, headers: { location } })

describe("a redirect", () => {
  it.effect.each([301, 302, 303, 307, 308])("(%s) within the origin is followed with the token", (status) =>
    Effect.gen(function* () {
      const vendor = fakeVendor((nth) =>
        nth === 1 ? redirect("/moved/rows?page=1", status) : json(["there"])
      )
      assert.deepStrictEqual(yield* getOnce(vendor), ["there"])
      assert.strictEqual(vendor.seen[1]?.url.href, "https://api.acme.test/moved/rows?page=1")
      assert.strictEqual(vendor.seen[1]?.authorization, `Bearer ${canary}`)
    })
  )

  it.effect.each([
    "https://evil.test/v1/rows",
    "//evil.test/v1/rows",
    "http://api.acme.test/v1/rows",
    "https://api.acme.test:8443/v1/rows",
    "https://api.acme.test.evil.test/v1/rows",
    "https://api.acme.test@evil.test/v1/rows",
    "http://[half"
  ])("to %s is refused, and nothing is sent there", (location) =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() => redirect(location))
      const { reason } = yield* Effect.flip(get(vendor))
      assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "redirect" })
      assert.deepStrictEqual(
        vendor.seen.map(({ url }) => url.origin),
        ["https://api.acme.test"]
      )
    })
  )

  it.effect.each([307, 308])("(%s) of a POST repeats it, body and all", (status) =>
    Effect.gen(function* () {
      const vendor = fakeVendor((nth) => (nth === 1 ? redirect("/moved", status) : json(["there"])))
      assert.deepStrictEqual((yield* post(vendor)).body, ["there"])
      assert.deepStrictEqual(
        vendor.seen.map(({ body, method, url }) => [method, url.pathname, body]),
        [
          ["POST", "/v1/rows", '{"page":1}'],
          ["POST", "/moved", '{"page":1}']
        ]
      )
    })
  )

  it.effect.each([301, 302, 303])("(%s) of a POST is refused: it may lead to where a POST writes", (status) =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() => redirect("/v1/rows/new", status))
      const { reason } = yield* Effect.flip(post(vendor))
      assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "redirect", status })
      assert.strictEqual(vendor.seen.length, 1)
    })
  )

  it.effect("of a POST to another origin is refused, and no body is sent there", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor(() => redirect("https://evil.test/v1/rows", 307))
      const { reason } = yield* Effect.flip(post(vendor))
      assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "redirect" })
      assert.deepStrictEqual(
        vendor.seen.map(({ url }) => url.origin),
        ["https://api.acme.test"]
      )
    })
  )

  it.effect("that leads in a circle is given up", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor((nth) => redirect(`/turn/${nth % 2}`))
      const { reason } = yield* Effect.flip(get(vendor))
      assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "redirect" })
      assert.strictEqual(vendor.seen.length, 4)
    })
  )
})
