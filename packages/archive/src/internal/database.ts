/**
 * The database under an archive: its client, its dialect, and how its failures are told.
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
  type ArchiveReason,
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
  /** Random, the archive's own: what hashes of forgotten names begin with. */
  readonly salt: string
}

/** Brings the archive to this version, and gives what works on it. */
export const open = Effect.gen(function* () {
  const sql = yield* SqlClient
  const dialect = Dialect.of(sql)
  yield* migrated
  const salt = yield* run({ dialect }, "Archive.open", saltOf(sql))
  return { sql, dialect, salt } satisfies Database
})

const isSqlError = Schema.is(SqlError)

/** Gives what reads the archive as it is; nothing is written, not even what would bring it up to date. */
export const openToRead = Effect.gen(function* () {
  const sql = yield* SqlClient
  const dialect = Dialect.of(sql)
  const found = yield* versionOf
  if (found === 0) return yield* fail("Archive.open", new Corrupt({ problem: "there is no archive in it" }))
  if (found < Migrations.version) {
    return yield* fail("Archive.open", new OlderVersion({ found, known: Migrations.version }))
  }
  const salt = yield* run({ dialect }, "Archive.open", storedSalt(sql))
  // Where there is none yet, nothing was forgotten, and nothing is compared with it.
  return { sql, dialect, salt: salt ?? "" } satisfies Database
})

/** The version that is there, if this Colloquy knows it; 0 where there is none. */
const versionOf = Effect.gen(function* () {
  const dialect = Dialect.of(yield* SqlClient)
  const found = yield* run({ dialect }, "Archive.open", Migrations.found)
  return found > Migrations.version
    ? yield* fail("Archive.open", new NewerVersion({ found, known: Migrations.version }))
    : found
})

/** Nothing is written to what is refused. */
const migrated = Effect.gen(function* () {
  const sql = yield* SqlClient
  const dialect = Dialect.of(sql)
  const failed = (error: SqlError) => fail("Archive.open", Dialect.reasonOf(dialect, error))
  const found = yield* versionOf
  const foreign = found > 0 ? [] : yield* Effect.mapError(dialect.foreign(sql), failed)
  if (foreign.length > 0) {
    return yield* fail("Archive.open", new Corrupt({ problem: "it has the tables of something else" }))
  }
  yield* Effect.mapError(dialect.settle(sql), failed)
  if (found === Migrations.version) return
  // What fails with its rollback, too, is a defect of the migrator.
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

/** A database that cannot be opened, told in the archive's terms. */
export const unopened = (error: SqlError): ArchiveError =>
  fail("Archive.open", Dialect.reasonOf(undefined, error))

/** An error of an operation. */
export const fail = (operation: string, reason: ArchiveReason): ArchiveError =>
  new ArchiveError({ operation, reason })

/** Tells an option of an operation that is none. */
export const refuseOption =
  (operation: string) =>
  ({ message }: InvalidRequest): ArchiveError =>
    fail(operation, new InvalidOption({ problem: message }))

/** Tells the database's failures in the archive's terms. */
export const run = <A, R>(
  { dialect }: Pick<Database, "dialect">,
  operation: string,
  effect: Effect.Effect<A, ArchiveError | SqlError, R>
): Effect.Effect<A, ArchiveError, R> =>
  Effect.mapError(effect, (error) =>
    error._tag === "SqlError" ? fail(operation, Dialect.reasonOf(dialect, error)) : error
  )

/** All or nothing: an interruption waits for the end, but not for one that does not come. */
export const transaction = <A, R>(
  database: Pick<Database, "dialect" | "sql">,
  operation: string,
  effect: Effect.Effect<A, ArchiveError | SqlError, R>
): Effect.Effect<A, ArchiveError, R> =>
  settled(run(database, operation, typed(database.sql.withTransaction(effect))))

/** A rollback that fails for the same reason as what it rolls back, such as a lost connection, is a defect of the client. */
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

/** The hash by which a forgotten name, or a row that was left out for it, is known. */
export const hashOf = ({ salt }: Database, kind: "conversation" | "user" | "row", name: NamedBy): string =>
  DerivedId.make([salt, kind, name.vendor, name.account, name.id])

/** What names a conversation or a user. */
export type NamedBy = Pick<Conversation, "vendor" | "account" | "id">
