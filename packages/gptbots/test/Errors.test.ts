import { Source } from "@colloquy/core"
import { Gptbots } from "@colloquy/gptbots"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"

/** GPTBots' server: answers by page. */
const source = (reply: (page: number) => Response) => {
  const client = HttpClient.make((request, url) =>
    Effect.succeed(HttpClientResponse.fromWeb(request, reply(Number(url.searchParams.get("page")))))
  )
  return Gptbots.layerSource({ token: Redacted.make("key"), pageSize: 2 }).pipe(
    Layer.provide(Layer.succeed(HttpClient.HttpClient, client))
  )
}
const row = (id: number) => ({ message_id: `m${id}`, message_type: "QUESTION", text: `t${id}` })
const pastEnd = (status: number) => Response.json({ code: 40005, message: "too far" }, { status })
const pages = Stream.runCollect(Source.messagePages({ conversationId: "c-1" }))

describe("40005, the page behind the end", () => {
  it.effect.each([200, 400])("ends a listing whose total never came (status %s)", (status) =>
    Effect.gen(function* () {
      const read = yield* Effect.provide(
        pages,
        source((page) =>
          page <= 2 ? Response.json({ messages: [row(2 * page), row(2 * page + 1)] }) : pastEnd(status)
        )
      )
      assert.deepStrictEqual(
        read.flatMap(({ items }) => items.map(({ id }) => id)),
        ["m2", "m3", "m4", "m5"]
      )
      assert.strictEqual(read.at(-1)?.completion?.proof, "endOfPagesError")
    })
  )

  it.effect.each([200, 400])("on the first page means an empty conversation (status %s)", (status) =>
    Effect.gen(function* () {
      const read = yield* Effect.provide(
        pages,
        source(() => pastEnd(status))
      )
      assert.strictEqual(read.at(-1)?.completion?.count, 0)
    })
  )

  it.effect("before the total is reached is an incomplete walk", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        Effect.provide(
          pages,
          source((page) =>
            page === 1 ? Response.json({ total: "5", messages: [row(1), row(2)] }) : pastEnd(400)
          )
        )
      )
      assert.strictEqual(error._tag === "SourceError" ? error.reason._tag : error._tag, "IncompleteWalk")
    })
  )

  it.effect.each([{ total: 3 }, { total: "3" }, { total: null }, { total: "many" }, {}])(
    "is not needed or is, as the total tells: %j",
    (claims) =>
      Effect.gen(function* () {
        const read = yield* Effect.provide(
          pages,
          source((page) => {
            if (page > 2) return pastEnd(400)
            return Response.json({ ...claims, messages: page === 1 ? [row(1), row(2)] : [row(3)] })
          })
        )
        assert.deepStrictEqual(
          read.flatMap(({ items }) => items.map(({ id }) => id)),
          ["m1", "m2", "m3"]
        )
      })
  )
})
