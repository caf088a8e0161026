import * as PostgresServer from "@colloquy/postgres-server"
import { Coverage, Syncs } from "@colloquy/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"

/** A real server takes its time: these show that it goes as in SQLite, and `pnpm simulate 60 1 postgres` looks further. */
const runs = 25

const server = Effect.acquireRelease(
  Effect.promise(() => PostgresServer.start()),
  (server) => Effect.promise(() => server.remove())
)

describe("histories of an archive in Postgres", () => {
  it.live(
    "end as the vendor is",
    () =>
      Effect.gen(function* () {
        const { url } = yield* server
        Syncs.watchSockets()
        const database = Syncs.postgres(url)
        assert.isUndefined(yield* Syncs.check(Coverage.make(), { runs, seed: 1, database }))
      }),
    120_000
  )
})
