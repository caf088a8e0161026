import { Coverage, Walks } from "@colloquy/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Console, Effect } from "effect"

/** Walks in each of these; the same ones every time. `pnpm simulate` looks further. */
const runs = 100_000
const seeds = [1, 2, 3]

describe("walks over a list that changes, at a server of any manners", () => {
  it.live(
    "end only with every row that stayed, or say what they cannot see; repeat none, leave no hole, and get on",
    () =>
      Effect.gen(function* () {
        const coverage = Coverage.make()
        for (const seed of seeds) {
          assert.isUndefined(yield* Walks.check(coverage, { runs, seed }), `seed ${seed}`)
        }
        yield* Console.log(Coverage.render(coverage))
        assert.strictEqual(coverage.cases, runs * seeds.length)
      }),
    1_800_000
  )
})
