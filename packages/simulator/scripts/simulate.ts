/**
 * `pnpm simulate [MINUTES] [SEED]`: draws on and on, prints what was covered, and stops at the first thing that is wrong.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Clock, Console, Effect } from "effect"
import { Coverage, Walks } from "@colloquy/simulator"

const [, , minutes = "10", first = "1000"] = process.argv

const program = Effect.gen(function* () {
  const end = (yield* Clock.currentTimeMillis) + Number(minutes) * 60_000
  const walks = Coverage.make()
  for (let seed = Number(first); (yield* Clock.currentTimeMillis) < end; seed++) {
    const wrong = yield* Walks.check(walks, { runs: 10_000, seed })
    if (wrong !== undefined) return yield* Effect.fail(`walks, seed ${seed}\n${wrong}`)
  }
  yield* Console.log(Coverage.render(walks))
})

NodeRuntime.runMain(program)
