/**
 * SQLite in one file, through `node:sqlite`: a small `SqlClient`, until the official one can replace it.
 *
 * Writers take turns within a process, and wait for those of other processes for up to five seconds. An archive's file
 * is in WAL mode: it may be read by anything while it is written.
 */
import { InvalidRequest } from "@colloquy/core"
import { Check } from "@colloquy/core/vendor"
import { accessSync, closeSync, constants, existsSync, openSync, statSync } from "node:fs"
import { dirname } from "node:path"
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { classifySqliteError, SqlError } from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import { invalid } from "./dialect.ts"
import * as FileLock from "./fileLock.ts"
import * as Locks from "./locks.ts"

/** Which file, and how long to wait for other writers. */
export interface Options {
  /**
   * The file. A missing file is created, readable by its owner alone; a missing folder is not. `:memory:` keeps the
   * archive in memory.
   */
  readonly filename: string
  /** Milliseconds to wait while another process writes. Default 5,000. */
  readonly busyTimeout?: number | undefined
  /** Opens for reading only, which needs no right to write. A missing file is not created. Default false. */
  readonly readOnly?: boolean | undefined
}

/** Most statements that stay prepared. */
const prepared = 100

/** The result of a statement that writes. */
export interface Changes {
  readonly changes: number | bigint
}

/** Opens the file for as long as the scope lives. Fails with `SqlError` if it cannot be opened or is no database. */
export const make = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<SqlClient.SqlClient, SqlError, Scope.Scope | Reactivity.Reactivity> {
  const { busyTimeout = 5000 } = options
  yield* Effect.mapError(Check.wholeNumber("busyTimeout", busyTimeout, { most: 2 ** 31 - 1 }), invalid)
  if (options.filename === "") {
    return yield* invalid(InvalidRequest.refuse('filename is empty; give a path, or ":memory:"'))
  }
  const db = yield* Effect.acquireRelease(
    attempt("open", () => open(options)),
    (db) => Effect.sync(() => db.close())
  )
  const connection = connect(db)
  const { acquirer, borrower, isTransaction, onCommitFailure, transactionAcquirer } =
    SqlClient.makeSqliteAcquirers({
      connection: Effect.succeed(connection),
      semaphore: yield* Semaphore.make(1),
      isTransaction: () => db.isTransaction
    })
  const client = yield* SqlClient.make({
    acquirer,
    borrower,
    transactionAcquirer,
    onCommitFailure,
    isTransaction,
    compiler: Statement.makeCompilerSqlite(),
    driver: "sqlite-node",
    // Otherwise a transaction that reads before it writes could not wait for another writer.
    beginTransaction: "BEGIN IMMEDIATE",
    prepareTransactionControls: true,
    spanAttributes: [["db.system.name", "sqlite"]]
  })
  const file = fileOf(db)
  if (file !== "" && options.readOnly !== true) Locks.put(client, FileLock.beside(file))
  return client
})

/** The whole path of the file, without links; empty in memory. */
const fileOf = (db: DatabaseSync): string => String(db.prepare("PRAGMA database_list").get()?.["file"] ?? "")

/** An archive's file as a layer. */
export const layer = (options: Options): Layer.Layer<SqlClient.SqlClient, SqlError> =>
  Layer.effect(SqlClient.SqlClient, make(options)).pipe(Layer.provide(Reactivity.layer))

/**
 * Creates a missing file, readable by its owner alone: SQLite would let everybody read it. Its log gets the file's mode.
 * SQLite reports any failure when it opens the file.
 */
const makePrivate = (filename: string): void => {
  if (filename === "" || filename === ":memory:" || filename.startsWith("file:") || existsSync(filename))
    return
  try {
    closeSync(openSync(filename, "a", 0o600))
  } catch {
    return
  }
}

/** The error of a file that cannot be opened. SQLite says neither which file nor why. */
const named = (filename: string, cause: unknown): Error =>
  new Error(`${filename}: ${problemOf(filename) ?? textOf(cause)}`, { cause })

/** What is in the way of a file; undefined if that is not to be seen from here. */
const problemOf = (filename: string): string | undefined => {
  const stats = statSync(filename, { throwIfNoEntry: false })
  if (stats?.isDirectory() === true) return "it is a folder, not a file"
  const folder = dirname(filename)
  const above = statSync(folder, { throwIfNoEntry: false })
  if (above === undefined) return `the folder ${folder} does not exist`
  if (!above.isDirectory()) return `${folder} is not a folder`
  return stats === undefined ? "it does not exist, or may not be made" : undefined
}

const open = (options: Options): DatabaseSync => {
  try {
    return opened(options)
  } catch (cause) {
    throw named(options.filename, cause)
  }
}

const opened = ({ busyTimeout = 5000, filename, readOnly = false }: Options): DatabaseSync => {
  if (!readOnly) makePrivate(filename)
  const db = readOnly ? toRead(filename, busyTimeout) : new DatabaseSync(filename, { timeout: busyTimeout })
  try {
    db.exec("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32000")
    // Overwrites replaced content where that costs nothing.
    db.exec("PRAGMA secure_delete = FAST")
    // A file that is no database fails here.
    db.exec(readOnly ? "PRAGMA query_only = ON; PRAGMA schema_version" : "PRAGMA schema_version")
    return db
  } catch (cause) {
    db.close()
    throw cause
  }
}

/**
 * Opens an existing file. A process that may write opens it for writing, because only then does SQLite remove the files
 * beside it. A process that may not write would leave files there which the writer may not touch; it opens the file as
 * immutable, unless a writer's log lies beside it.
 */
const toRead = (filename: string, timeout: number): DatabaseSync => {
  if (mayWrite(filename)) return new DatabaseSync(filename, { timeout })
  if (existsSync(`${filename}-wal`) || !existsSync(filename)) {
    return new DatabaseSync(filename, { timeout, readOnly: true })
  }
  const url = pathToFileURL(filename)
  url.searchParams.set("immutable", "1")
  return new DatabaseSync(url, { timeout, readOnly: true })
}

/** Whether the file exists, and both it and the files beside it may be written. */
const mayWrite = (filename: string): boolean => {
  try {
    accessSync(filename, constants.W_OK)
    accessSync(dirname(filename), constants.W_OK)
    return true
  } catch {
    return false
  }
}

const attempt = <A>(operation: string, run: () => A): Effect.Effect<A, SqlError> =>
  Effect.try({
    try: run,
    catch: (cause) =>
      new SqlError({ reason: classifySqliteError(cause, { operation, message: textOf(cause) }) })
  })

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : "SQLite failed")

const connect = (db: DatabaseSync): Connection => {
  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = db.prepare(sql)
    if (statements.size >= prepared) statements.clear()
    statements.set(sql, statement)
    return statement
  }
  const execute: Connection["execute"] = (sql, params, transform) =>
    attempt("execute", () => {
      const rows = prepare(sql).all(...valuesOf(params))
      return transform === undefined ? rows : transform(rows)
    })
  const executeValues: Connection["executeValues"] = (sql, params) =>
    Effect.map(execute(sql, params, undefined), (rows) => rows.map((row) => Object.values(row)))
  return {
    execute,
    // The number of prepared statements is bounded, so every statement may be prepared.
    executeUnprepared: execute,
    executeRaw: (sql, params): Effect.Effect<Changes, SqlError> =>
      attempt("execute", () => prepare(sql).run(...valuesOf(params))),
    executeValues,
    executeValuesUnprepared: executeValues,
    executeStream: (sql, params, transform) => Stream.fromIterableEffect(execute(sql, params, transform))
  }
}

/** The values of a page need no conversion. */
const valuesOf = (params: ReadonlyArray<unknown>): ReadonlyArray<SQLInputValue> =>
  areValues(params) ? params : params.map(toValue)

const areValues = (params: ReadonlyArray<unknown>): params is ReadonlyArray<SQLInputValue> =>
  params.every((value) => typeof value === "string" || typeof value === "number" || value === null)

const toValue = (value: unknown): SQLInputValue => {
  if (value === undefined) return null
  if (typeof value === "boolean") return value ? 1 : 0
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "bigint") {
    return value
  }
  if (value instanceof Uint8Array) return value
  throw new TypeError(`SQLite cannot hold a value of type ${typeof value}`)
}
