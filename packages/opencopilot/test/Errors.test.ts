import { type Reason, Source } from "@colloquy/core"
import { ErrorTable } from "@colloquy/core/vendor"
import { errors, OpenCopilot } from "@colloquy/opencopilot"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"

const judge = (status: number, body: unknown): Reason | undefined =>
  ErrorTable.classify(errors, { status, body, retryAfter: null }, (text) => text)

describe("an answer of OpenCopilot", () => {
  it.each([
    [400, "InvalidRequest"],
    [401, "Unauthorized"],
    [403, "Forbidden"],
    [404, "NotFound"],
    [429, "RateLimited"],
    [500, "Unavailable"]
  ] as const)("with the status %s is %s, and keeps the words", (status, tag) => {
    const told = { error: "Short", message: "The long story" }
    assert.deepInclude({ ...judge(status, told) }, { _tag: tag, vendorMessage: "The long story" })
    assert.deepInclude({ ...judge(status, { error: "Short" }) }, { _tag: tag, vendorMessage: "Short" })
    assert.strictEqual(judge(status, undefined)?._tag, tag)
    assert.strictEqual(judge(status, [])?._tag, tag)
  })

  it("that has words instead of a list is no success inside a 200", () => {
    assert.deepInclude(
      { ...judge(200, { error: "Internal" }) },
      { _tag: "InvalidResponse", kind: "unknownError" }
    )
  })

  it("that is a list is a success, whatever its messages say", () => {
    assert.isUndefined(judge(200, [{ from: "user", message: "error" }]))
  })
})

const layer = (body: unknown) =>
  OpenCopilot.layerSource({ botId: "b-1", token: Redacted.make("key") }).pipe(
    Layer.provide(
      Layer.succeed(
        HttpClient.HttpClient,
        HttpClient.make((request) => Effect.succeed(HttpClientResponse.fromWeb(request, Response.json(body))))
      )
    )
  )

describe("a list of OpenCopilot", () => {
  it.effect.each([{ data: [] }, {}, null, 7, "rows"])("that comes as %j is an invalid response", (body) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        Effect.provide(Stream.runDrain(Source.messages({ conversationId: "c-1" })), layer(body))
      )
      const reason = error._tag === "SourceError" ? error.reason : undefined
      assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "envelope" })
    })
  )

  it.effect("with a row that is no message names its place, and not its text", () =>
    Effect.gen(function* () {
      const rows = [
        { from: "user", message: "fine" },
        { from: "user", message: { secret: "my words" } }
      ]
      const error = yield* Effect.flip(
        Effect.provide(Stream.runDrain(Source.messages({ conversationId: "c-1" })), layer(rows))
      )
      const reason = error._tag === "SourceError" ? error.reason : undefined
      assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "record", position: 1 })
      assert.include(error.message, "message")
      assert.notInclude(error.message, "my words")
    })
  )
})
