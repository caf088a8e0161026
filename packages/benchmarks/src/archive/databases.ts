/**
 * Databases for a benchmark: files in a temporary folder, and a Postgres of its own. They end with their scope.
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Postgres from "@colloquy/archive/Postgres"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { start } from "@colloquy/postgres-server"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

/** An empty database. */
export interface Empty {
  readonly layer: Layer.Layer<SqlClient, SqlError>
  /** Its file; empty where it is none. */
  readonly filename: string
}

/** Makes an empty database of this name. */
export type Make = (name: string) => Effect.Effect<Empty>

/** A Postgres server with its own defaults, commits written through to the disk. */
export const postgres: Effect.Effect<Make, never, Scope.Scope> = Effect.map(
  Effect.acquireRelease(
    Effect.promise(() => start({ durable: true })),
    ({ remove }) => Effect.promise(remove)
  ),
  ({ createDatabase }) =>
    (name) =>
      Effect.map(
        Effect.promise(() => createDatabase(name)),
        (url) => ({ layer: Postgres.layer({ url: Redacted.make(url) }), filename: "" })
      )
)

/** A folder that is gone at the end. */
const folder: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "colloquy-benchmark-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

/** SQLite files. */
export const sqlite: Effect.Effect<Make, never, Scope.Scope> = Effect.map(folder, (path) => (name) => {
  const filename = join(path, `${name}.db`)
  return Effect.succeed({ layer: Sqlite.layer({ filename }), filename })
})
