import { Corpus, Emulator, Rows } from "@colloquy/emulator"
import { Server } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { everything, inProcess, listsOfMessages, readEverything, settle } from "./support.ts"

describe("the log", () => {
  it.effect("tells of every request, and each path is one vendor's", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const exit = yield* settle(readEverything())
      assert.deepStrictEqual(yield* exit, everything(emulator.emulated))
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
      for (const { corpus, vendor } of Object.values(emulator.emulated)) {
        const length = listsOfMessages.includes(vendor) ? 11 : 12
        assert.strictEqual(Rows.toArray(corpus.conversationIds).length, length)
      }
    }).pipe(Effect.provide(inProcess()))
  )
})
