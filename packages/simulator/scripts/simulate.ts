/**
 * `pnpm simulate [MINUTES] [SEED] [postgres]`: draws on and on, prints what was covered, and stops at the first thing that
 * is wrong. With `postgres` the histories are kept in a real server, started for it.
 */
import { NodeRuntime } from "@effect/platform-node"
import * as PostgresServer from "@colloquy/postgres-server"
import { Coverage, Syncs, Walks } from "@colloquy/simulator"
import { Clock, Console, Effect } from "effect"

const [, , minutes = "10", first = "1000", database = "sqlite"] = process.argv

const server = Effect.acquireRelease(
  Effect.promise(() => PostgresServer.start()),
  (server) => Effect.promise(() => server.remove())
)

/** Histories for each seed: a server takes longer over them. */
const kept = Effect.gen(function* () {
  if (database === "sqlite") {
    Syncs.watch()
    return { database: Syncs.sqlite, runs: 500 }
  }
  const { url } = yield* server
  Syncs.watchSockets()
  return { database: Syncs.postgres(url), runs: 50 }
})

const program = Effect.gen(function* () {
  const where = yield* kept
  const end = (yield* Clock.currentTimeMillis) + Number(minutes) * 60_000
  const walks = Coverage.make()
  const syncs = Coverage.make()
  for (let seed = Number(first); (yield* Clock.currentTimeMillis) < end; seed++) {
    const walk = database === "sqlite" ? yield* Walks.check(walks, { runs: 10_000, seed }) : undefined
    if (walk !== undefined) return yield* Effect.fail(`walks, seed ${seed}\n${walk}`)
    const sync = yield* Syncs.check(syncs, { ...where, seed })
    if (sync !== undefined) return yield* Effect.fail(`syncs, seed ${seed}\n${sync}`)
    yield* Console.error(`seed ${seed}: ${walks.cases} walks and ${syncs.cases} histories of syncs so far`)
  }
  yield* Console.log(`walks\n${Coverage.render(walks)}\n\nhistories of syncs\n${Coverage.render(syncs)}`)
})

NodeRuntime.runMain(Effect.scoped(program))
