import { Botuj, errors, Listings } from "@colloquy/botuj"
import { type Reason, Source } from "@colloquy/core"
import { ErrorTable } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"

const judge = (status: number, body: unknown): Reason | undefined =>
  ErrorTable.classify(errors, { status, body, retryAfter: null }, (text) => text)

const row = { id: 10906, message: "hi", isUser: true, createdOn: "2024-06-23T11:58:10.169778Z" }

describe("an answer of Botuj", () => {
  it.each([
    [400, "InvalidRequest"],
    [401, "Unauthorized"],
    [403, "Forbidden"],
    [404, "NotFound"],
    [422, "InvalidRequest"],
    [429, "RateLimited"],
    [500, "Unavailable"],
    [503, "Unavailable"]
  ] as const)("with the status %s is %s, whatever its body", (status, tag) => {
    assert.deepInclude({ ...judge(status, { message: "nie" }) }, { _tag: tag, vendorMessage: "nie" })
    assert.deepInclude(
      { ...judge(status, { error: "nie", details: [] }) },
      { _tag: tag, vendorMessage: "nie" }
    )
    assert.strictEqual(judge(status, [])?._tag, tag)
    assert.strictEqual(judge(status, undefined)?._tag, tag)
  })

  it.each([{ message: "invalid conversation id" }, { error: "gone" }])(
    "that has words and no list (%j) is no success",
    (body) => {
      assert.deepInclude({ ...judge(200, body) }, { _tag: "InvalidResponse", kind: "unknownError" })
    }
  )

  it.each([[row], { data: [row] }, { message: "ok", items: [] }])(
    "that has a list (%j) is a success",
    (body) => {
      assert.isUndefined(judge(200, body))
    }
  )
})

/** Botuj's server: this body for the first page, an empty list of the same shape behind it. */
const source = (first: unknown, behind: unknown) =>
  Botuj.layerSource({ token: Redacted.make("key") }).pipe(
    Layer.provide(
      Layer.succeed(
        HttpClient.HttpClient,
        HttpClient.make((request, url) => {
          const body = url.searchParams.get("page") === "1" ? first : behind
          return Effect.succeed(HttpClientResponse.fromWeb(request, Response.json(body)))
        })
      )
    )
  )
const messages = Stream.runCollect(Source.messages({ conversationId: "1234" }))

describe("a list of Botuj", () => {
  it.effect.each([
    { name: "a bare array", first: [row], behind: [] },
    { name: "an object with one array", first: { data: [row] }, behind: { data: [] } },
    {
      name: "one array under any key, beside other facts",
      first: { page: 1, wiadomości: [row], meta: { a: [1] } },
      behind: { page: 2, wiadomości: [] }
    }
  ])("that comes as $name is read", ({ behind, first }) =>
    Effect.gen(function* () {
      const read = yield* Effect.provide(messages, source(first, behind))
      assert.deepStrictEqual(
        read.map(({ id }) => id),
        ["10906"]
      )
    })
  )

  it.effect.each([
    { name: "an object with two arrays", body: { data: [row], included: [] } },
    { name: "an object without an array", body: { data: { messages: [row] } } },
    { name: "an empty object", body: {} },
    { name: "null", body: null },
    { name: "a number", body: 7 }
  ])("that comes as $name is an invalid response, not an empty list", ({ body }) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.provide(messages, source(body, body)))
      const reason = error._tag === "SourceError" ? error.reason : undefined
      assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "envelope" })
    })
  )

  it("is not looked for inside a list", () => {
    assert.deepStrictEqual(Listings.listIn([[1], [2]]), [[1], [2]])
    assert.isUndefined(Listings.listIn("rows"))
  })
})
