import { Coverage, Syncs } from "@colloquy/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Console, Effect } from "effect"

/** Histories, each of about seven syncs; the same ones every time. `pnpm simulate` looks further. */
const runs = 3500
const seed = 1

describe("an archive that is synced from a vendor that changes, while requests fail, clocks jump and processes die", () => {
  it.live(
    "has what was never there in no run, what is said to be complete after it, and at rest what the vendor has",
    () =>
      Effect.gen(function* () {
        Syncs.watch()
        const coverage = Coverage.make()
        assert.isUndefined(yield* Syncs.check(coverage, { runs, seed, database: Syncs.sqlite }))
        yield* Console.log(Coverage.render(coverage))
        assert.strictEqual(coverage.cases, runs)
      }),
    1_800_000
  )
})
