/**
 * `pnpm simulate [MINUTES] [SEED] [WHAT]`: draws cases until the time is up, prints the coverage, and stops at the first
 * fault. `WHAT` is `all`, the default; one of `walks`, `syncs`, `bodies` and `sockets` (damaged answers over a socket);
 * or `postgres`: histories in a real server, which it starts.
 */
import * as PostgresServer from "@colloquy/postgres-server"
import { Bodies, Coverage, Syncs, Walks } from "@colloquy/simulator"
import { NodeRuntime } from "@effect/platform-node"
import { Clock, Console, Effect } from "effect"

const [, , minutes = "10", first = "1000", what = "all"] = process.argv

const server = Effect.acquireRelease(
  Effect.promise(() => PostgresServer.start()),
  (server) => Effect.promise(() => server.remove())
)

type Check = (coverage: Coverage.Coverage, seed: number) => Effect.Effect<string | undefined>

const walks: Check = (coverage, seed) => Walks.check(coverage, { runs: 10_000, seed })
const syncs: Check = (coverage, seed) => Syncs.check(coverage, { runs: 500, seed, database: Syncs.sqlite })
const bodies: Check = (coverage, seed) =>
  Bodies.check(coverage, { runs: 500, seed, transport: Bodies.inProcess })
const sockets: Check = (coverage, seed) =>
  Bodies.check(coverage, { runs: 100, seed, transport: Bodies.overSocket })
const inPostgres =
  (url: string): Check =>
  (coverage, seed) =>
    Syncs.check(coverage, { runs: 50, seed, database: Syncs.postgres(url) })

/** What can be drawn, by name. */
const chosen = Effect.gen(function* () {
  if (what !== "postgres") Syncs.watch()
  switch (what) {
    case "walks":
      return { walks }
    case "syncs":
      return { "histories of syncs": syncs }
    case "bodies":
      return { "damaged answers": bodies }
    case "sockets":
      return { "damaged answers over a socket": sockets }
    case "postgres": {
      const { url } = yield* server
      Syncs.watchSockets()
      return { "histories of syncs in Postgres": inPostgres(url) }
    }
    default:
      return { walks, "histories of syncs": syncs, "damaged answers": bodies }
  }
})

const program = Effect.gen(function* () {
  const end = (yield* Clock.currentTimeMillis) + Number(minutes) * 60_000
  const checks = Object.entries(yield* chosen).map(([name, check]) => ({
    name,
    check,
    coverage: Coverage.make()
  }))
  for (let seed = Number(first); (yield* Clock.currentTimeMillis) < end; seed++) {
    for (const { check, coverage, name } of checks) {
      const wrong = yield* check(coverage, seed)
      if (wrong !== undefined) return yield* Effect.fail(`${name}, seed ${seed}\n${wrong}`)
    }
    const counts = checks.map(({ coverage, name }) => `${coverage.cases} ${name}`)
    yield* Console.error(`seed ${seed}: ${counts.join(", ")} so far`)
  }
  for (const { coverage, name } of checks) yield* Console.log(`${name}\n${Coverage.render(coverage)}\n`)
})

NodeRuntime.runMain(Effect.scoped(program))
