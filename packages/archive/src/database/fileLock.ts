/**
 * Locks for a SQLite archive: one of the operating system on an empty file beside it, for each name that is taken.
 *
 * SQLite takes the lock, because Node cannot. The process holds it by living: it is gone after `kill -9`, too.
 */
import { closeSync, fchmodSync, fchownSync, openSync, rmSync, type Stats, statSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { ConnectionError, SqlError } from "effect/sql/SqlError"
import type { Take } from "./locks.ts"

interface Held {
  readonly path: string
  readonly lock: DatabaseSync
}

/** Takes names beside an archive's file. */
export const beside =
  (filename: string): Take =>
  (name) =>
    Effect.map(
      Effect.acquireRelease(attempt(filename, `${filename}-lock-${name}`), (held) =>
        Effect.sync(() => held !== undefined && release(held))
      ),
      (held) => held !== undefined
    )

const attempt = (filename: string, path: string): Effect.Effect<Held | undefined, SqlError> =>
  Effect.try({
    try: () => take(filename, path),
    catch: (cause) => {
      const message = `its lock file ${path} cannot be used: ${wordsOf(cause)}`
      return new SqlError({
        reason: new ConnectionError({ cause: new Error(message, { cause }), message, operation: "lock" })
      })
    }
  })

/** Node's words without the path. */
const wordsOf = (cause: unknown): string =>
  Predicate.isError(cause) ? cause.message.replace(/, .*/s, "") : "unknown"

const take = (filename: string, path: string): Held | undefined => {
  for (;;) {
    create(path, statSync(filename))
    const found = identityOf(path)
    const lock = locked(path)
    if (lock === undefined) return undefined
    if (identityOf(path) === found) return { path, lock }
    // Another has released and removed the file meanwhile: this is a lock on nothing.
    lock.close()
  }
}

/** Creates a missing file with the archive's mode and owner: who may sync into the archive may lock it. */
const create = (path: string, { gid, mode, uid }: Stats): void => {
  try {
    const made = openSync(path, "wx")
    fchmodSync(made, mode & 0o777)
    // Only root can give a file away, and only root's would lock the owner out.
    if (process.getuid?.() === 0) fchownSync(made, uid, gid)
    closeSync(made)
  } catch (cause) {
    if (!Predicate.hasProperty(cause, "code") || cause.code !== "EEXIST") throw cause
  }
}

/** A number may be given again to the next file, a number and a time of birth may not. */
const identityOf = (path: string): string | undefined => {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? undefined : `${found.dev} ${found.ino} ${found.birthtimeNs}`
}

const locked = (path: string): DatabaseSync | undefined => {
  const lock = new DatabaseSync(path, { timeout: 0 })
  try {
    // Nothing is ever written, so there is no journal to leave behind.
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE")
    return lock
  } catch (cause) {
    lock.close()
    if (Predicate.hasProperty(cause, "errcode") && cause.errcode === busy) return undefined
    throw cause
  }
}

/** SQLite's code for a file that another has locked. */
const busy = 5

/** Removes the file while it is locked: whoever opened it before finds that it is gone. */
const release = ({ lock, path }: Held): void => {
  try {
    rmSync(path, { force: true })
  } catch {
    // Windows keeps a file that is open. The next run uses it.
  }
  lock.close()
}
