/**
 * Postgres, through `@effect/sql-pg`: a pool of connections to one database.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import type * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

/** Which database. */
export interface Options {
  /** `postgres://user:password@host:port/database` */
  readonly url: Redacted.Redacted
  /** Connections at most. Default 4: an archive's transactions are short. */
  readonly maxConnections?: number | undefined
}

/** An archive's database as a layer. Fails with `SqlError` if no connection can be made. */
export const layer = ({ maxConnections = 4, url }: Options): Layer.Layer<SqlClient, SqlError> =>
  PgClient.layer({ url, maxConnections, applicationName: "colloquy", connectTimeout: "10 seconds" })
