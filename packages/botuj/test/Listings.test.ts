import { Botuj, Listings } from "@colloquy/botuj"
import { Source } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"

const row = { id: 10906, message: "hi", isUser: true, createdOn: "2024-06-23T11:58:10.169778Z" }

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

  it("is not looked for inside a list", () => {
    assert.deepStrictEqual(Listings.listIn([[1], [2]]), [[1], [2]])
    assert.isUndefined(Listings.listIn("rows"))
  })
})
