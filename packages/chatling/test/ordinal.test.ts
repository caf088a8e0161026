import { Chatling, Codecs } from "@colloquy/chatling"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"

const decodeRow = Schema.decodeUnknownSync(Schema.JsonObject)

const at = (created_at: string | null, more: object = {}) => ({
  role: "user",
  text: "hi",
  created_at,
  ...more
})

const row = { account: "default", conversationId: "42", index: 0 }

describe("an ordinal", () => {
  it("chooses the id among equal messages of one second, as a walk gives them", () => {
    for (const wire of [at("2024-03-02T10:00:07+00:00"), at(null), at("some time"), at(null, { id: 7 })]) {
      const place = {
        account: "default",
        conversationId: "42",
        options: {},
        outOfOrder: false,
        carried: Codecs.messages.carries.start(null)
      }
      for (const ordinal of [0, 1, 2, 3]) {
        const decoded = Chatling.decoder.message({ ...row, index: ordinal, json: decodeRow(wire), ordinal })
        const walked = Codecs.messages.decode(wire, { ...place, index: ordinal })
        assert.deepStrictEqual(decoded, Result.succeed(walked))
      }
    }
  })

  it.effect.each([Number.NaN, -1, 0.5])("is not %s", (ordinal) =>
    Effect.gen(function* () {
      const decoded = Chatling.decoder.message({ ...row, json: decodeRow(at(null)), ordinal })
      const { message, reason } = yield* Effect.flip(Effect.fromResult(decoded))
      assert.strictEqual(reason._tag, "InvalidRequest")
      assert.include(message, "ordinal must be a whole number")
    })
  )
})
