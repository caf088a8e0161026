/**
 * The differences between SQLite and Postgres.
 */
import { InvalidRequest } from "@colloquy/core"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import { ConnectionError, LockTimeoutError, SqlError } from "effect/sql/SqlError"
import { type Reason, Busy, Corrupt, Full, InvalidOption, Refused, Unreachable } from "../ArchiveError.ts"
import * as Locks from "./locks.ts"
import { Unlimited } from "./patience.ts"
import * as SessionLock from "./sessionLock.ts"

export interface Dialect {
  /** The type of a table's own key. */
  readonly key: string
  /** The type of an integer beyond 32 bits. */
  readonly bigint: string
  /** A statement's parameter, the first being 1. */
  readonly parameter: (number: number) => string
  /** The type of a vendor's integer: any integer of JavaScript. */
  readonly number: string
  /** Finds a table that is not an archive's, if an archive must have the database to itself. */
  readonly foreign: (sql: SqlClient) => Effect.Effect<ReadonlyArray<unknown>, SqlError>
  /** Sets a database's mode as archives need it. */
  readonly settle: (sql: SqlClient) => Effect.Effect<void, SqlError>
  /** Finds a table by its name. */
  readonly table: (sql: SqlClient, name: string) => Effect.Effect<ReadonlyArray<unknown>, SqlError>
  /** Keeps other transactions from writing to a table until this one ends; others may hold the same lock. */
  readonly steady: (sql: SqlClient, table: string) => Effect.Effect<void, SqlError>
  /** Takes a name that one process at a time can have. */
  readonly take: (sql: SqlClient) => Locks.Take
  /** Statements that create the trigger which copies old contents of `messages` to `revisions`. */
  readonly keepRevisions: (columns: ReadonlyArray<string>) => ReadonlyArray<string>
  /** Rows that a statement changed, from what the driver returns. */
  readonly affected: (raw: unknown) => number
  /** Overwrites what was deleted, in free pages and in the log. */
  readonly scrub: (sql: SqlClient) => Effect.Effect<void, SqlError>
  readonly reasonOf: (cause: unknown, problem: string) => Reason | undefined
}

/** The dialect of a client. */
export const of = (sql: SqlClient): Dialect =>
  sql.onDialectOrElse({ pg: () => postgres, orElse: () => sqlite })

const differs = (columns: ReadonlyArray<string>): string =>
  `(${columns.map((name) => `OLD.${name}`).join(", ")}) IS DISTINCT FROM (${columns.map((name) => `NEW.${name}`).join(", ")})`

const keep = (columns: ReadonlyArray<string>): string =>
  `INSERT INTO revisions (message, conversation, reading, replaced_at, ${columns.join(", ")})
  VALUES (OLD.key, OLD.conversation, NEW.last_reading, NEW.stored_at, ${columns.map((name) => `OLD.${name}`).join(", ")});`

// ---------------------------------------------------------------------------------------------------------------
// SQLite
// ---------------------------------------------------------------------------------------------------------------

const sqlite: Dialect = {
  key: "INTEGER PRIMARY KEY",
  bigint: "INTEGER",
  parameter: () => "?",
  number: "INTEGER",
  foreign: (sql) => sql`SELECT 1 FROM sqlite_master WHERE type = 'table' AND NOT EXISTS (
  SELECT 1 FROM sqlite_master WHERE name = 'colloquy_migrations') LIMIT 1`,
  // The mode stays with the file. In it, readers and a writer do not block each other.
  settle: (sql) => Effect.asVoid(sql`PRAGMA journal_mode = WAL`),
  table: (sql, name) => sql`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ${name}`,
  // Transactions take turns.
  steady: () => Effect.void,
  take: Locks.of,
  keepRevisions: (columns) => [
    `CREATE TRIGGER messages_keep AFTER UPDATE ON messages WHEN ${differs(columns)}
BEGIN ${keep(columns)} END`
  ],
  affected: (raw) => (Predicate.hasProperty(raw, "changes") ? Number(raw.changes) : 0),
  scrub: Effect.fnUntraced(function* (sql) {
    yield* sql`VACUUM`
    const [log] = yield* sql<{ busy: number }>`PRAGMA wal_checkpoint(TRUNCATE)`
    if (log?.busy !== 1) return
    const message = "the erased data is still in the file's log"
    return yield* new SqlError({
      reason: new LockTimeoutError({ cause: null, message, operation: "checkpoint" })
    })
  }),
  reasonOf: (cause, problem) => {
    // Of the file system, when it makes a lock's file.
    const errno = Predicate.hasProperty(cause, "code") ? cause.code : undefined
    if (errno === "ENOSPC" || errno === "EDQUOT") return new Full({ problem })
    const code = Predicate.hasProperty(cause, "errcode") ? Number(cause.errcode) & 0xff : 0
    if (code === 5 || code === 6) return new Busy({ problem })
    if (code === 11 || code === 26) return new Corrupt({ problem })
    if (code === 13) return new Full({ problem })
    // Read-only, disk error, cannot open.
    if (code === 8 || code === 10 || code === 14) return new Unreachable({ problem })
    return undefined
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Postgres
// ---------------------------------------------------------------------------------------------------------------

const postgres: Dialect = {
  key: "bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY",
  bigint: "bigint",
  parameter: (number) => `$${number}`,
  number: "double precision",
  // A schema may be shared; tables of the same name make the migration fail as a whole.
  foreign: () => Effect.succeed([]),
  settle: () => Effect.void,
  table: (sql, name) => sql`SELECT 1 AS found WHERE to_regclass(${name}) IS NOT NULL`,
  steady: (sql, table) => Effect.asVoid(sql`LOCK TABLE ${sql(table)} IN SHARE MODE`),
  take: SessionLock.at,
  keepRevisions: (columns) => [
    `CREATE FUNCTION messages_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN ${keep(columns)} RETURN NULL; END $$`,
    `CREATE TRIGGER messages_keep AFTER UPDATE ON messages FOR EACH ROW WHEN (${differs(columns)})
EXECUTE FUNCTION messages_keep()`
  ],
  affected: (raw) => (Predicate.hasProperty(raw, "rowCount") ? Number(raw.rowCount) : 0),
  scrub: (sql) =>
    Effect.asVoid(
      sql`VACUUM (FULL, ANALYZE) messages, revisions, quarantine, conversations, checkpoints, runs`
    ).pipe(Effect.provideService(Unlimited, true)),
  reasonOf: (cause, problem) => {
    const code = Predicate.hasProperty(cause, "code") ? String(cause.code) : ""
    if (code === "53100" || code === "53200") return new Full({ problem })
    if (code === "XX001" || code === "XX002") return new Corrupt({ problem })
    // Refused connections, shutdowns, wrong passwords and names, transactions that were left alone for too long.
    if (/^(08|28|57P|53|3D|25P03)/.test(code)) return new Unreachable({ problem })
    return undefined
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Errors
// ---------------------------------------------------------------------------------------------------------------

/** The reason for a failed statement. The dialect is unknown if the database could not be opened. */
export const reasonOf = (dialect: Dialect | undefined, { reason }: SqlError): Reason => {
  const dialects = dialect === undefined ? [sqlite, postgres] : [dialect]
  const problem = wordsOf(reason.cause) ?? reason.message ?? reason._tag
  if (isInvalid(reason.cause)) return new InvalidOption({ problem })
  const own = causes(reason.cause)
    .flatMap((cause) => dialects.map(({ reasonOf }) => reasonOf(cause, problem)))
    .find((found) => found !== undefined)
  if (own !== undefined) return own
  switch (reason._tag) {
    case "ConnectionError":
    case "AuthenticationError":
    case "AuthorizationError":
      return new Unreachable({ problem })
    case "LockTimeoutError":
    case "DeadlockError":
    case "SerializationError":
    case "StatementTimeoutError":
      return new Busy({ problem })
    default:
      return new Refused({ problem })
  }
}

const isInvalid = Schema.is(InvalidRequest)

/** The error of a database's options that are out of range. */
export const invalid = (cause: InvalidRequest): SqlError =>
  new SqlError({ reason: new ConnectionError({ cause, message: cause.message, operation: "open" }) })

/** A cause and the causes of it. */
const causes = (cause: unknown): ReadonlyArray<unknown> => {
  const found: Array<unknown> = []
  for (let each = cause; each !== undefined && each !== null && found.length < 8;) {
    found.push(each)
    each = Predicate.hasProperty(each, "cause") ? each.cause : undefined
  }
  return found
}

const wordsOf = (cause: unknown): string | undefined =>
  causes(cause)
    .map((each) => (Predicate.isError(each) ? each.message : ""))
    .find((words) => words !== "")
