import { Testing } from "@colloquy/engine"
import { OpenCopilot } from "@colloquy/opencopilot"
import { emulation } from "@colloquy/opencopilot/emulation"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Stream } from "effect"

describe("OpenCopilot's list of conversations", () => {
  it.effect("cannot be read where neither a bot nor an organization is given", () =>
    Effect.gen(function* () {
      const source = yield* OpenCopilot.source(Testing.credential)
      const error = yield* Effect.flip(Stream.runDrain(source.conversationPages()))
      assert.deepInclude({ ...error }, { _tag: "SourceError", operation: "OpenCopilot.conversations" })
      assert.strictEqual(error.reason._tag, "InvalidRequest")
    }).pipe(Effect.provide(Testing.layer(emulation.start())))
  )

  it("has rows of a bot and of an organization, told apart where they do not say so", () => {
    const { decoder } = OpenCopilot
    const ofBot = decoder.conversation({ account: "default", json: { conversation_id: "7" } })
    const ofOrganization = decoder.conversation({ account: "default", json: { id: "8", copilot_id: "b" } })
    assert.strictEqual(Result.isSuccess(ofBot) ? ofBot.success.id : null, "7")
    assert.strictEqual(Result.isSuccess(ofOrganization) ? ofOrganization.success.id : null, "8")
  })
})
