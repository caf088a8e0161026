/**
 * Postgres, through `@effect/sql-pg`: a pool of connections to one database. Every wait has a limit.
 *
 * A statement that a silent server does not answer fails as `Unreachable`; one that waits too long for a lock fails as
 * `Busy`. Where a network drops packets, the server's own limits cannot be seen, so the client has limits, too.
 */
import { type InvalidRequest } from "@colloquy/core"
import { Check } from "@colloquy/core/vendor"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as PgConnection from "@effect/sql-pg/PgConnection"
import * as PgPool from "@effect/sql-pg/PgPool"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { SqlError, UnknownError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import { invalid } from "./dialect.ts"
import { guarded } from "./encryption.ts"
import { within } from "./patience.ts"

/** Which database, and how long to wait for it. */
export interface Options {
  /**
   * `postgres://user:password@host:port/database`. A host that is not loopback needs `?sslmode=require`, or
   * `?sslmode=disable` for a network that may read the password. `prefer` and `allow` are refused: they let a server
   * decline TLS.
   */
  readonly url: Redacted.Redacted
  /**
   * Most connections. Default 4: an archive's transactions are short. Each list that a run reads takes another one, which
   * holds the run's lock.
   */
  readonly maxConnections?: number | undefined
  /** How long to wait for a connection. Default the URL's `connect_timeout`, else 10 seconds. */
  readonly connectTimeout?: Duration.Input | undefined
  /** How long to wait for a lock that another session holds. Default what the URL's `options` set, else 30 seconds. */
  readonly lockTimeout?: Duration.Input | undefined
  /**
   * How long to wait for the answer to a statement. Default 5 minutes. Rewriting tables for `forget` has no limit.
   */
  readonly statementTimeout?: Duration.Input | undefined
}

/**
 * An archive's database as a layer. Fails with `SqlError` if no connection can be made, and before it connects if a
 * password could be sent in the clear.
 *
 * **Example** (An archive in Postgres)
 *
 * ```ts
 * import { Archive } from "@colloquy/archive"
 * import * as Postgres from "@colloquy/archive/Postgres"
 * import { Config, Effect, Layer } from "effect"
 *
 * export const archive = Archive.layer.pipe(
 *   Layer.provide(Layer.unwrap(Effect.map(Config.Redacted("DATABASE_URL"), (url) => Postgres.layer({ url }))))
 * )
 * ```
 */
export const layer = (options: Options): Layer.Layer<SqlClient.SqlClient, SqlError> =>
  Layer.effect(SqlClient.SqlClient, make(options)).pipe(Layer.provide(Reactivity.layer))

/** An archive's database for as long as the scope lives. */
export const make = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<SqlClient.SqlClient, SqlError, Scope.Scope | Reactivity.Reactivity> {
  const { maxConnections = 4, statementTimeout = "5 minutes", url } = options
  yield* Effect.mapError(checked(options), invalid)
  yield* guarded(Redacted.value(url))
  const config: PgConnection.Config = {
    url,
    applicationName: "colloquy",
    connectTimeout: connectTimeoutOf(options),
    // A statement without a limit also ends if the server is gone.
    keepAlive: "30 seconds",
    startupParameters: startupOf(options)
  }
  const pool = yield* PgPool.make({ ...config, maxConnections })
  const connect = connectionOf(within(Duration.fromInputUnsafe(statementTimeout)))
  const client = yield* SqlClient.make({
    acquirer: Effect.map(pool.get, connect),
    borrower: (use) => pool.use((connection) => use(connect(connection))),
    transactionAcquirer: Effect.map(pool.reserve, connect),
    prepareTransactionControls: true,
    commit,
    releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
    compiler: PgClient.makeCompiler(),
    driver: "pg",
    spanAttributes: [["db.system.name", "postgresql"]]
  })
  // Runs that wait for the pool while they hold its connections would wait for ever.
  return Object.assign(client, { reserve: Effect.map(PgConnection.make(config), connect) })
})

const checked = Effect.fnUntraced(function* ({
  connectTimeout = least,
  lockTimeout = least,
  maxConnections = 1,
  statementTimeout = least
}: Options): Effect.fn.Return<void, InvalidRequest> {
  yield* Check.wholeNumber("maxConnections", maxConnections, { least: 1 })
  yield* Check.duration("connectTimeout", connectTimeout, { least })
  yield* Check.duration("lockTimeout", lockTimeout, { least })
  yield* Check.duration("statementTimeout", statementTimeout, { least })
})

/** Postgres takes a limit of zero for no limit. */
const least = "1 millis"

/** The driver uses the URL's own timeout only if no other is given. */
const connectTimeoutOf = ({ connectTimeout, url }: Options): Duration.Input | undefined =>
  connectTimeout ?? (Redacted.value(url).includes("connect_timeout=") ? undefined : "10 seconds")

/** The server's limits for each session, without those that the URL sets. */
const startupOf = ({ lockTimeout, url }: Options): Readonly<Record<string, string>> => {
  const limits = {
    ...(lockTimeout === undefined && Redacted.value(url).includes("lock_timeout")
      ? {}
      : { lock_timeout: millisOf(lockTimeout ?? "30 seconds") }),
    // A client that went away in the middle of a transaction must not hold its locks for hours.
    ...(Redacted.value(url).includes("idle_in_transaction_session_timeout")
      ? {}
      : { idle_in_transaction_session_timeout: millisOf("5 minutes") })
  }
  return limits
}

/** In milliseconds, of which Postgres takes 31 bits: about 24 days. */
const millisOf = (input: Duration.Input): string =>
  String(Math.min(Math.ceil(Duration.toMillis(input)), 2 ** 31 - 1))

type Limited = ReturnType<typeof within>

/** Adapts the driver's connection to the client, with a limit for each statement. */
const connectionOf =
  (limited: Limited) =>
  (connection: PgConnection.PgConnection): Connection => {
    const rows = (sql: string, params: ReadonlyArray<unknown>, prepare: boolean) =>
      Effect.map(limited(connection.query(sql, params, prepare)), (result) => result.rows)
    return {
      execute: (sql, params, transform) =>
        Effect.map(rows(sql, params, true), (found) => transform?.(found) ?? found),
      executeUnprepared: (sql, params, transform) =>
        Effect.map(rows(sql, params, false), (found) => transform?.(found) ?? found),
      executeRaw: (sql, params) => limited(connection.query(sql, params)),
      executeValues: (sql, params) => limited(connection.queryValues(sql, params)),
      executeValuesUnprepared: (sql, params) => limited(connection.queryValues(sql, params, false)),
      executeStream: (sql, params, transform) =>
        Stream.fromIterableEffect(
          Effect.map(rows(sql, params, false), (found) => transform?.(found) ?? found)
        )
    }
  }

/** Postgres answers `ROLLBACK` to a `COMMIT` of a transaction that has failed. */
const commit = (connection: Connection): Effect.Effect<void, SqlError> =>
  Effect.flatMap(connection.executeRaw("COMMIT", []), (result) =>
    Predicate.hasProperty(result, "command") && result.command === "ROLLBACK"
      ? Effect.fail(rolledBack)
      : Effect.void
  )

const message = "the transaction had failed, and was rolled back"

const rolledBack = new SqlError({
  reason: new UnknownError({ cause: new Error(message), message, operation: "commit" })
})
