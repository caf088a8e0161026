import { Bodies, Coverage } from "@colloquy/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Console, Effect } from "effect"

/** Cases in a process, and over a socket; the same ones every time. `pnpm simulate 10 1 bodies` looks further. */
const inProcess = 1900
const overSocket = 100

describe("vendors whose answers are damaged, pulled and synced", () => {
  it.live(
    "give every record that is whole; every other is kept, or fails typed",
    () =>
      Effect.gen(function* () {
        const coverage = Coverage.make()
        const check = (runs: number, transport: Parameters<typeof Bodies.check>[1]["transport"]) =>
          Bodies.check(coverage, { runs, seed: 1, transport })
        assert.isUndefined(yield* check(inProcess, Bodies.inProcess))
        assert.isUndefined(yield* check(overSocket, Bodies.overSocket))
        yield* Console.log(Coverage.render(coverage))
        assert.strictEqual(coverage.cases, inProcess + overSocket)
      }),
    300_000
  )
})
