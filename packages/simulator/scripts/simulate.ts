/**
 * `pnpm simulate [MINUTES] [SEED]`: draws on and on, prints what was covered, and stops at the first thing that is wrong.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Clock, Console, Effect } from "effect"
import { Coverage, Syncs, Walks } from "@colloquy/simulator"

const [, , minutes = "10", first = "1000"] = process.argv

const program = Effect.gen(function* () {
  Syncs.watch()
  const end = (yield* Clock.currentTimeMillis) + Number(minutes) * 60_000
  const walks = Coverage.make()
  const syncs = Coverage.make()
  for (let seed = Number(first); (yield* Clock.currentTimeMillis) < end; seed++) {
    const walk = yield* Walks.check(walks, { runs: 10_000, seed })
    if (walk !== undefined) return yield* Effect.fail(`walks, seed ${seed}\n${walk}`)
    const sync = yield* Syncs.check(syncs, { runs: 500, seed })
    if (sync !== undefined) return yield* Effect.fail(`syncs, seed ${seed}\n${sync}`)
    yield* Console.error(`seed ${seed}: ${walks.cases} walks and ${syncs.cases} histories of syncs so far`)
  }
  yield* Console.log(`walks\n${Coverage.render(walks)}\n\nhistories of syncs\n${Coverage.render(syncs)}`)
})

NodeRuntime.runMain(program)
