/**
 * The database of a history: SQLite in memory, or a real Postgres.
 */
import * as Postgres from "@colloquy/archive/Postgres"
import * as Sqlite from "@colloquy/archive/Sqlite"
import type { Database } from "@colloquy/conformance/histories/run"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"

export const sqlite: Database = Sqlite.layer({ filename: ":memory:" })

let schemas = 0

/** A schema of its own on a server, dropped at the end. */
export const postgres = (url: string): Database =>
  Layer.unwrap(
    Effect.sync(() => {
      const name = `simulated_${(schemas += 1)}`
      const client = Postgres.layer({
        url: Redacted.make(`${url}?options=${encodeURIComponent(`-c search_path=${name}`)}`)
      })
      const schema = Effect.acquireRelease(
        SqlClient.use((sql) => sql.unsafe(`CREATE SCHEMA ${name}`)),
        () =>
          SqlClient.use((sql) => sql.unsafe(`DROP SCHEMA ${name} CASCADE`)).pipe(
            Effect.provide(client),
            Effect.ignore
          )
      )
      return Layer.provideMerge(Layer.effectDiscard(schema), client)
    })
  )
