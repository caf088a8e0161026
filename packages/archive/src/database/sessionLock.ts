/**
 * Locks for a Postgres archive: an advisory lock of a transaction that is open, on a connection of its own, for as long as
 * the name is taken.
 *
 * A lock of a transaction, not of a session: PgBouncer would give a session with its lock to the next client.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { SqlClient } from "effect/sql/SqlClient"
import type { Take } from "./locks.ts"

/** It must not hold back a vacuum, whatever the default isolation. */
const begin = "BEGIN ISOLATION LEVEL READ COMMITTED, READ ONLY"

/**
 * The number of one of its tables tells the archive from others in the same database. If the client's machine goes away,
 * the server notices within a minute or two.
 */
const lock = `SELECT pg_try_advisory_xact_lock(hashtextextended('lists'::regclass::oid || ' ' || $1::text, 0)) AS taken,
  set_config('tcp_keepalives_idle', '30', true), set_config('tcp_keepalives_interval', '10', true),
  set_config('tcp_keepalives_count', '3', true),
  CASE WHEN current_setting('transaction_timeout', true) IS NULL THEN NULL
    ELSE set_config('transaction_timeout', '0', true) END`

/** It comes last: the snapshot of a query would stay until the next statement, this one needs none. */
const idle = "SET LOCAL idle_in_transaction_session_timeout = 0"

/** Takes names at a server. */
export const at =
  (sql: SqlClient): Take =>
  (name) =>
    Effect.gen(function* () {
      const connection = yield* sql.reserve
      const execute = (statement: string, params: ReadonlyArray<unknown> = []) =>
        connection.executeUnprepared(statement, params, undefined)
      yield* execute(begin)
      // Waits for the server, so that the next one finds the lock released.
      yield* Effect.addFinalizer(() =>
        Effect.flatMap(Effect.forkDetach(execute("ROLLBACK")), (fiber) =>
          Effect.timeoutOption(Effect.interruptible(Fiber.await(fiber)), most)
        )
      )
      const [row] = yield* execute(lock, [name])
      yield* execute(idle)
      return row?.["taken"] === true
    })

/** How long a release waits for the server. Closing the connection ends what is under way, and releases the lock, too. */
const most = "1 second"
