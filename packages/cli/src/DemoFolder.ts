/**
 * The folder of a demo: what an earlier demo left there is replaced, and nothing else.
 *
 * Beside its archive a demo leaves the archive's SHA-256, in the form that `sha256sum -c` takes. An archive that is byte
 * for byte what a demo left holds nothing of anybody's; one that something else was synced into, or that a demo could
 * not close, is kept.
 */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import * as Stream from "effect/Stream"
import { StorageError, UsageError } from "./Failure.ts"

const archiveIn = (folder: string): string => `${folder}/history.db`
const markIn = (folder: string): string => `${folder}/demo.sha256`

/** Makes the folder, and takes away what an earlier demo left in it. Gives the place of the archive. */
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
  // The mark goes first: what is left without it is kept.
  const left = [markIn(folder), filename, `${filename}-wal`, `${filename}-shm`]
  yield* told(
    folder,
    Effect.forEach(left, (path) => fs.remove(path, { force: true }))
  )
  return filename
})

/** Marks the archive in the folder as a demo's, as it is now. It must be closed. */
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

/** A file in the folder that a demo would replace, and that is not a demo's. */
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

/** What a mark says: the digest and the file's name. */
const textOf = (digest: string): string => `${digest}  history.db\n`

/** What is there under a name; undefined if nothing is. */
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
