import { Corpus, Emulator, emulations, Rows, type Options } from "@colloquy/emulator"
import { Server } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { everything, inProcess, readEverything, settle } from "./support.ts"

const readsTheTruth = (options: Options, reading: { readonly pageSize?: number } = {}) =>
  Effect.gen(function* () {
    const { emulated } = yield* Emulator
    const exit = yield* settle(readEverything(reading))
    assert.deepStrictEqual(yield* exit, everything(emulated))
  }).pipe(Effect.provide(inProcess(options)))

describe("every vendor's sources give the whole truth", () => {
  it.effect("with the documented page sizes", () => readsTheTruth({}))
  it.effect("with pages of 7", () => readsTheTruth({ seed: 5 }, { pageSize: 7 }))
  it.effect("with pages of 1 and small conversations", () =>
    readsTheTruth({ conversations: 6, messages: 4 }, { pageSize: 1 })
  )
  it.effect("with one conversation", () => readsTheTruth({ conversations: 1, messages: 1 }))
  it.effect("with none", () => readsTheTruth({ conversations: 0 }))
  it.effect("with many conversations", () => readsTheTruth({ conversations: 130, messages: 3 }))
})

/** Every value but the default of everything that is assumed, one at a time, and all of a vendor's at once. */
const choices: ReadonlyMap<string, Options["assumptions"]> = new Map(
  Object.values(emulations).flatMap(({ assumptions }) => {
    const others = assumptions.map(({ name, values }) => values.slice(1).map((value) => ({ [name]: value })))
    const all: object = Object.assign({}, ...others.map((each) => each.at(-1)))
    return [...others.flat(), all].map((choice) => [JSON.stringify(choice), choice])
  })
)

describe("each unknown of the documents, assumed either way, reads complete", () => {
  it.effect.each([...choices])("%s", ([, assumptions]) =>
    Effect.gen(function* () {
      yield* readsTheTruth({ assumptions })
      yield* readsTheTruth({ assumptions, conversations: 4, messages: 30 }, { pageSize: 10 })
    })
  )
})

describe("the log", () => {
  it.effect("tells of every request, and each path is one vendor's", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* settle(readEverything())
      const records = yield* emulator.requests
      assert.strictEqual(records.length, yield* emulator.requestCount)
      assert.isTrue(records.every(({ status, fault }) => status === 200 && fault === null))
      assert.deepStrictEqual([...new Set(records.map(({ vendor }) => vendor))], [...Corpus.Vendor.literals])
      for (const { path, vendor } of records) {
        const owners = Object.values(emulator.emulated).filter(({ owns }) => owns(Server.targetOf(path).path))
        assert.deepStrictEqual(
          owners.map(({ vendor }) => vendor),
          [vendor]
        )
      }
      for (const { corpus } of Object.values(emulator.emulated)) {
        assert.strictEqual(Rows.toArray(corpus.conversationIds).length, 12)
      }
    }).pipe(Effect.provide(inProcess()))
  )
})
