/**
 * `kill -9` at any moment: what was committed stays, and the next run goes on from there.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Random } from "effect"
import { databases, killing } from "./killing.ts"

/** Slow enough that deaths fall into every part of a sync, and with failures on the way. */
const faults = "latency=3,503@every:19,truncate@every:29"

describe("a sync that is killed", () => {
  for (const [name, places] of Object.entries(databases)) {
    it.live(
      `loses nothing and repeats nothing over ${name}`,
      () =>
        Effect.gen(function* () {
          const tally = yield* killing(yield* places, { kills: 25, seed: 1, faults })
          assert.isAtLeast(tally.kills, 25)
          assert.isAtLeast(tally.archives, 2)
        }).pipe(Random.withSeed("kill"), Effect.scoped),
      400_000
    )
  }
})
