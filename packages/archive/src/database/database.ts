/**
 * The database under an archive: its client, its dialect, and how its failures become `ArchiveError`s.
 */
import type { Conversation, InvalidRequest } from "@colloquy/core"
import { DerivedId } from "@colloquy/core/vendor"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import { MigrationError } from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import { SqlError } from "effect/sql/SqlError"
import {
  ArchiveError,
  type Reason,
  Corrupt,
  InvalidOption,
  NewerVersion,
  OlderVersion
} from "../ArchiveError.ts"
import * as Dialect from "./dialect.ts"
import * as Migrations from "./migrations.ts"

export interface Database {
  readonly sql: SqlClient
  readonly dialect: Dialect.Dialect
  /** Random, the archive's own: hashes of erased names begin with it. */
  readonly salt: string
}

/** Opens the archive, and migrates it to this version. */
export const open = Effect.gen(function* () {
  const sql = yield* SqlClient
  const dialect = Dialect.of(sql)
  yield* migrated
  const salt = yield* run({ dialect }, "Archive.open", saltOf(sql))
  return { sql, dialect, salt } satisfies Database
})

const isSqlError = Schema.is(SqlError)

/** Opens the archive for reading only; it is not migrated. */
export const openToRead = Effect.gen(function* () {
  const sql = yield* SqlClient
  const dialect = Dialect.of(sql)
  const found = yield* versionOf
  if (found === 0) return yield* fail("Archive.open", new Corrupt({ problem: "there is no archive in it" }))
  if (found < Migrations.version) {
    return yield* fail("Archive.open", new OlderVersion({ found, known: Migrations.version }))
  }
  const salt = yield* run({ dialect }, "Archive.open", storedSalt(sql))
  // Without a salt nothing was erased yet, and no hash is compared.
  return { sql, dialect, salt: salt ?? "" } satisfies Database
})

/** The archive's version, if this Colloquy knows it; 0 if there is no archive. */
const versionOf = Effect.gen(function* () {
  const dialect = Dialect.of(yield* SqlClient)
  const found = yield* run({ dialect }, "Archive.open", Migrations.found)
  return found > Migrations.version
    ? yield* fail("Archive.open", new NewerVersion({ found, known: Migrations.version }))
    : found
})

/** Migrates the archive. Writes nothing to a database that is refused. */
const migrated = Effect.gen(function* () {
  const sql = yield* SqlClient
  const dialect = Dialect.of(sql)
  const failed = (error: SqlError) => told(dialect, "Archive.open", error)
  const found = yield* versionOf
  const foreign = found > 0 ? [] : yield* Effect.mapError(dialect.foreign(sql), failed)
  if (foreign.length > 0) {
    return yield* fail("Archive.open", new Corrupt({ problem: "it has the tables of something else" }))
  }
  yield* Effect.mapError(dialect.settle(sql), failed)
  if (found === Migrations.version) return
  // If the rollback fails, too, the migrator dies with the failure.
  const run = Effect.catchDefect(typed(Migrations.run), (defect) =>
    defect instanceof MigrationError ? Effect.fail(defect) : Effect.die(defect)
  )
  yield* Effect.catchTags(run, {
    MigrationError: ({ cause, message }) =>
      Effect.fail(
        isSqlError(cause) ? failed(cause) : fail("Archive.open", new Corrupt({ problem: message }))
      ),
    SqlError: (error) => Effect.fail(failed(error))
  })
})

const saltOf = Effect.fnUntraced(function* (sql: SqlClient): Effect.fn.Return<string, SqlError> {
  const known = yield* storedSalt(sql)
  if (known !== undefined) return known
  const salt = yield* Effect.sync(() => crypto.randomUUID())
  yield* sql`INSERT INTO settings (name, value) VALUES ('salt', ${salt}) ON CONFLICT DO NOTHING`
  return (yield* storedSalt(sql)) ?? salt
})

const storedSalt = (sql: SqlClient): Effect.Effect<string | undefined, SqlError> =>
  Effect.map(sql<{ value: string }>`SELECT value FROM settings WHERE name = 'salt'`, ([row]) => row?.value)

/** The error of a database that cannot be opened. */
export const unopened = (error: SqlError): ArchiveError => told(undefined, "Archive.open", error)

/** The archive's error for a failure of the database, with that failure as its cause. */
const told = (dialect: Dialect.Dialect | undefined, operation: string, error: SqlError): ArchiveError =>
  new ArchiveError({ operation, reason: Dialect.reasonOf(dialect, error), cause: error })

/** An error of an operation. */
export const fail = (operation: string, reason: Reason): ArchiveError =>
  new ArchiveError({ operation, reason })

/** The error of an option that is out of range. */
export const refuseOption =
  (operation: string) =>
  ({ message }: InvalidRequest): ArchiveError =>
    fail(operation, new InvalidOption({ problem: message }))

/** Turns the database's failures into the archive's. */
export const run = <A, R>(
  { dialect }: Pick<Database, "dialect">,
  operation: string,
  effect: Effect.Effect<A, ArchiveError | SqlError, R>
): Effect.Effect<A, ArchiveError, R> =>
  Effect.mapError(effect, (error) => (error._tag === "SqlError" ? told(dialect, operation, error) : error))

/** Runs a transaction. An interruption waits for its end, for a second at most. */
export const transaction = <A, R>(
  database: Pick<Database, "dialect" | "sql">,
  operation: string,
  effect: Effect.Effect<A, ArchiveError | SqlError, R>
): Effect.Effect<A, ArchiveError, R> =>
  settled(run(database, operation, typed(database.sql.withTransaction(effect))))

/** Turns the defect of a failed rollback, such as by a lost connection, into an error. */
export const typed = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | SqlError, R> =>
  Effect.catchDefect(effect, (defect) => (isSqlError(defect) ? Effect.fail(defect) : Effect.die(defect)))

/** How long an interruption waits for a transaction, before it is rolled back. */
const grace = "1 second"

const settled = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.forkDetach(effect), (fiber) =>
      Effect.onInterrupt(restore(Fiber.join(fiber)), () =>
        Effect.timeoutOrElse(Effect.interruptible(Fiber.await(fiber)), {
          duration: grace,
          orElse: () => Fiber.interrupt(fiber)
        })
      )
    )
  )

/** The number that a statement counts as `n`; give `CAST(count(…) AS INTEGER)`, for Postgres counts in 64 bits. */
export const counted = (
  statement: Effect.Effect<ReadonlyArray<{ readonly n: number }>, SqlError>
): Effect.Effect<number, SqlError> => Effect.map(statement, ([row]) => row?.n ?? 0)

/** Now, as it is stored. */
export const now: Effect.Effect<string> = Effect.map(DateTime.now, DateTime.formatIso)

/** The hash of an erased name, or of a row that is left out because of it. */
export const hashOf = ({ salt }: Database, kind: "conversation" | "user" | "row", name: Named): string =>
  DerivedId.make([salt, kind, name.vendor, name.account, name.id])

/** What names a conversation or a user. */
export interface Named extends Pick<Conversation, "vendor" | "account"> {
  /** The vendor's id of it. */
  readonly id: string
}
