/**
 * The demo's folder. A demo replaces only what an earlier demo left there.
 *
 * Beside its archive a demo writes the archive's SHA-256, in the format of `sha256sum -c`. An archive with that hash is
 * exactly what a demo left, and is replaced. Any other archive is kept: something else was synced into it, or a demo
 * could not close it.
 */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import * as Stream from "effect/Stream"
import { StorageError, UsageError } from "./Failure.ts"

const archiveIn = (folder: string): string => `${folder}/history.db`
const markIn = (folder: string): string => `${folder}/demo.sha256`

/** Creates the folder and removes what an earlier demo left in it. Returns the archive's path. */
export const prepare = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<string, StorageError | UsageError, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const filename = archiveIn(folder)
  const foreign = yield* told(
    folder,
    Effect.andThen(fs.makeDirectory(folder, { recursive: true }), foreignIn(folder))
  )
  if (foreign !== undefined) {
    return yield* new UsageError({
      problem: `${foreign} is not as a demo left it; give another --out, or move it away`
    })
  }
  // The mark is removed first: an archive without a mark is kept.
  const left = [markIn(folder), filename, `${filename}-wal`, `${filename}-shm`]
  yield* told(
    folder,
    Effect.forEach(left, (path) => fs.remove(path, { force: true }))
  )
  return filename
})

/** Writes the mark for the archive as it is now. The archive must be closed. */
export const mark = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<void, StorageError, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const digest = digestOf(archiveIn(folder))
  yield* told(
    folder,
    Effect.flatMap(digest, (digest) => fs.writeFileString(markIn(folder), textOf(digest)))
  )
})

const told = <A, R>(
  folder: string,
  effect: Effect.Effect<A, PlatformError, R>
): Effect.Effect<A, StorageError, R> =>
  Effect.mapError(
    effect,
    ({ reason }) =>
      new StorageError({
        problem: `the folder ${folder} cannot be used (${reason._tag}); give another --out`
      })
  )

/** A file that the demo would replace although no demo left it; undefined if there is none. */
const foreignIn = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<string | undefined, PlatformError, FileSystem.FileSystem> {
  const filename = archiveIn(folder)
  const log = yield* entry(`${filename}-wal`)
  if (log !== undefined && (log.type !== "File" || log.size > 0)) return `${filename}-wal`
  const archive = yield* entry(filename)
  const mark = yield* entry(markIn(folder))
  if (mark === undefined) return archive === undefined ? undefined : filename
  const fs = yield* FileSystem.FileSystem
  const isMark = mark.type === "File" && mark.size === textOf("0".repeat(64)).length
  const digest = isMark ? /^[\da-f]{64}/.exec(yield* fs.readFileString(markIn(folder)))?.[0] : undefined
  if (digest === undefined) return archive === undefined ? markIn(folder) : filename
  if (archive === undefined) return undefined
  return archive.type === "File" && (yield* digestOf(filename)) === digest ? undefined : filename
})

/** A mark's text: the digest and the file's name. */
const textOf = (digest: string): string => `${digest}  history.db\n`

/** The type and size of a file; undefined if it does not exist. */
const entry = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<
  { readonly type: string; readonly size: number } | undefined,
  PlatformError,
  FileSystem.FileSystem
> {
  const fs = yield* FileSystem.FileSystem
  const found = Effect.map(fs.stat(path), ({ size, type }) => ({ type, size: Number(size) }))
  return yield* Effect.catchIf(
    found,
    ({ reason }) => reason._tag === "NotFound",
    () => Effect.succeed(undefined)
  )
})

const digestOf = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<string, PlatformError, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const hash = createHash("sha256")
  yield* Stream.runForEach(fs.stream(path), (bytes) => Effect.sync(() => hash.update(bytes)))
  return hash.digest("hex")
})
