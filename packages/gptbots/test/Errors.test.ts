import { type Reason, Source } from "@colloquy/core"
import { ErrorTable } from "@colloquy/core/vendor"
import { errors, Gptbots } from "@colloquy/gptbots"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer, Redacted, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"

const judge = (status: number, body: unknown): Reason | undefined =>
  ErrorTable.classify(errors, { status, body, retryAfter: null }, (text) => text)

const table: ReadonlyArray<{ code: number; tag: Reason["_tag"] }> = [
  { code: 40000, tag: "InvalidRequest" },
  { code: 40005, tag: "InvalidRequest" },
  { code: 40008, tag: "RateLimited" },
  { code: 40127, tag: "Unauthorized" },
  { code: 40353, tag: "Forbidden" },
  { code: 40356, tag: "NotFound" },
  { code: 40358, tag: "InvalidRequest" },
  { code: 40378, tag: "NotFound" },
  { code: 40379, tag: "QuotaExhausted" },
  { code: 20022, tag: "QuotaExhausted" },
  { code: 20055, tag: "Forbidden" },
  { code: 20059, tag: "NotFound" },
  { code: 50000, tag: "Unavailable" }
]
const statuses = [200, 400, 401, 500]

describe("a code of GPTBots", () => {
  it.each(table)("$code is $tag, whatever the status, as a number and as text", ({ code, tag }) => {
    for (const status of statuses) {
      for (const written of [code, String(code)]) {
        const reason = judge(status, { code: written, message: "in its words" })
        assert.deepInclude(
          { ...reason },
          { _tag: tag, code: String(code), vendorMessage: "in its words", status }
        )
      }
    }
  })

  it("is in this table if it is in the vendor package's", () => {
    assert.deepStrictEqual(
      Object.keys(errors.codes).toSorted(),
      table.map(({ code }) => String(code)).toSorted()
    )
  })

  it.each([
    { code: 0, message: "success" },
    { code: "0" },
    { total: 0, messages: [] },
    { total: 1, messages: [], message: "hi" }
  ])("is none in %j with status 200", (body) => {
    assert.isUndefined(judge(200, body))
  })

  it("0 with an error status is judged by the status", () => {
    assert.strictEqual(judge(404, { code: 0, message: "no" })?._tag, "NotFound")
  })

  it.each([
    [400, "InvalidRequest"],
    [403, "Forbidden"],
    [429, "RateLimited"],
    [503, "Unavailable"]
  ] as const)("that nobody documents is judged by the status %s", (status, tag) => {
    assert.strictEqual(judge(status, { code: 99999, message: "new" })?._tag, tag)
  })

  it("that nobody documents is no success inside a 200", () => {
    assert.deepInclude(
      { ...judge(200, { code: 99999, message: "new" }) },
      { _tag: "InvalidResponse", kind: "unknownError", code: "99999" }
    )
    assert.strictEqual(judge(200, { code: "constructor" })?._tag, "InvalidResponse")
  })

  it("missing beside an error status leaves the words", () => {
    assert.deepInclude(
      { ...judge(401, { message: "who?" }) },
      { _tag: "Unauthorized", code: null, vendorMessage: "who?" }
    )
    assert.strictEqual(judge(502, undefined)?._tag, "Unavailable")
  })

  it("of a rate limit keeps what the server asked for", () => {
    const asked = { status: 200, body: { code: 40008 }, retryAfter: Duration.seconds(9) }
    const reason = ErrorTable.classify(errors, asked, (text) => text)
    assert.deepStrictEqual(reason?._tag === "RateLimited" ? reason.retryAfter : null, Duration.seconds(9))
  })
})

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
