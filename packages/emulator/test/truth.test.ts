import { Emulator, Rows } from "@colloquy/emulator"
import type { Options, Readings } from "@colloquy/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { everything, inProcess, readEverything, settle } from "./support.ts"

const readsTheTruth = (options: Options, size: { readonly pageSize?: number } = {}) =>
  Effect.gen(function* () {
    const { corpus } = yield* Emulator
    const exit = yield* settle(readEverything(size))
    assert.deepStrictEqual(yield* exit, everything(corpus))
  }).pipe(Effect.provide(inProcess(options)))

describe("every endpoint gives the whole truth to the vendors' own clients", () => {
  it.effect("with the documented page sizes", () => readsTheTruth({}))
  it.effect("with pages of 7", () => readsTheTruth({ seed: 5 }, { pageSize: 7 }))
  it.effect("with pages of 1 and small conversations", () =>
    readsTheTruth({ conversations: 6, messages: 4 }, { pageSize: 1 })
  )
  it.effect("with one conversation", () => readsTheTruth({ conversations: 1, messages: 1 }))
  it.effect("with none", () => readsTheTruth({ conversations: 0 }))
  it.effect("with many conversations", () => readsTheTruth({ conversations: 130, messages: 3 }))
})

describe("each unknown of the documents, read either way, reads complete", () => {
  const readings: ReadonlyArray<Partial<Readings.Readings>> = [
    { botujEnvelope: "messages" },
    { botujEnvelope: "data" },
    { pastTheEnd: "notFound" },
    { pastTheEnd: "badRequest" },
    { gptbotsTotal: "string" },
    { gptbotsListTotal: "page" },
    { gptbotsErrorStatus: 400 },
    { gptbotsEmpty: "40005" },
    { gptbotsEmpty: "40005", gptbotsErrorStatus: 400 },
    { gptbotsListTotal: "page", gptbotsTotal: "string", gptbotsErrorStatus: 400 },
    { chatlingEmptyLastPage: 0 },
    { overMaximum: "error" },
    { chatlingMessageIds: true },
    { opencopilotSpelling: "knowledgebase_called" },
    { gptbotsNullFeedback: "" },
    { gptbotsNullFeedback: null }
  ]
  it.effect.each(readings.map((reading) => [JSON.stringify(reading), reading] as const))(
    "%s",
    ([, reading]) =>
      Effect.gen(function* () {
        yield* readsTheTruth({ readings: reading })
        yield* readsTheTruth({ readings: reading, conversations: 4, messages: 30 }, { pageSize: 10 })
      })
  )
})

it.effect("the log tells of every request", () =>
  Effect.gen(function* () {
    const emulator = yield* Emulator
    yield* settle(readEverything())
    const records = yield* emulator.requests
    assert.strictEqual(records.length, yield* emulator.requestCount)
    assert.isTrue(records.every(({ status, fault }) => status === 200 && fault === null))
    assert.deepStrictEqual(
      [...new Set(records.map(({ vendor }) => vendor))],
      ["opencopilot", "chatling", "botuj", "gptbots"]
    )
    assert.strictEqual(Rows.toArray(emulator.corpus.botuj.conversationIds).length, 12)
  }).pipe(Effect.provide(inProcess()))
)
