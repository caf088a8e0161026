/**
 * Reads secrets from where a configuration or a variable says that they are.
 */
import { createReadStream } from "node:fs"
import * as NodeStream from "@effect/platform-node/NodeStream"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as ChildProcess from "effect/process/ChildProcess"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { UsageError } from "../Failure.ts"
import type { Secret } from "./schema.ts"

/** Most bytes of a secret. */
const longest = 64 * 1024

/** How long a command may take, which may ask a person. */
const patience = "30 seconds"

/** A variable's value without the white space around it; "" if it is not set. */
export const variable = (name: string): Effect.Effect<string> =>
  Config.String(name).pipe(
    Effect.map((value) => value.trim()),
    Effect.orElseSucceed(() => "")
  )

/** Where a secret is, and what a message calls it: `the token of chatling, account eu`. */
export interface Place {
  readonly secret: Secret
  readonly what: string
  /** The folder of the configuration. */
  readonly folder: string
}

/** Reads a secret. */
export const read = Effect.fnUntraced(function* ({ folder, secret, what }: Place) {
  const { command, file, variable: name } = secret
  if (command !== undefined) return Redacted.make(yield* printed(command, folder, what))
  if (file !== undefined)
    return Redacted.make(yield* inFile(yield* absolute(file, folder), `named for ${what},`))
  const value = yield* variable(name ?? "")
  if (value !== "") return Redacted.make(value)
  return yield* new UsageError({ problem: `the variable ${name}, named for ${what}, is not set` })
})

/** A path of a configuration: relative to its folder, with `~` for the home. */
export const absolute = Effect.fnUntraced(function* (path: string, folder: string) {
  const { join, resolve } = yield* Path.Path
  if (!path.startsWith("~/")) return resolve(folder, path)
  return join(yield* variable("HOME"), path.slice(2))
})

/** The secret in a file or pipe. Devices are refused: some have no end. */
export const inFile = Effect.fnUntraced(function* (
  path: string,
  named: string
): Effect.fn.Return<string, UsageError, FileSystem.FileSystem> {
  const refuse = (problem: string) => new UsageError({ problem: `the file ${path}, ${named} ${problem}` })
  const unreadable = () => refuse("cannot be read")
  const fs = yield* FileSystem.FileSystem
  const { type } = yield* Effect.mapError(fs.stat(path), unreadable)
  if (type !== "File" && type !== "FIFO") return yield* refuse("is neither a file nor a pipe")
  // The stream of `FileSystem` reads by position, which a pipe does not have.
  const content = NodeStream.fromReadable<Uint8Array, UsageError>({
    evaluate: () => createReadStream(path, { end: longest }),
    onError: unreadable
  })
  return yield* secretIn(content, refuse)
})

/** What a command prints. */
const printed = Effect.fnUntraced(function* (
  [program = "", ...args]: ReadonlyArray<string>,
  folder: string,
  what: string
): Effect.fn.Return<string, UsageError, ChildProcessSpawner> {
  const refuse = (problem: string) =>
    new UsageError({ problem: `the command ${program}, named for ${what}, ${problem}` })
  const spawner = yield* ChildProcessSpawner
  const running = Effect.gen(function* () {
    const command = ChildProcess.make(program, args, { cwd: folder, stdin: "inherit", stderr: "inherit" })
    const child = yield* spawner.spawn(command)
    const text = yield* secretIn(Stream.take(child.stdout, longest + 1), refuse)
    const code = yield* child.exitCode
    return code === 0 ? text : yield* refuse(`ended with exit code ${code}`)
  })
  return yield* Effect.scoped(running).pipe(
    Effect.catchTag("PlatformError", ({ reason }) => Effect.fail(refuse(`cannot be run (${reason._tag})`))),
    Effect.timeoutOrElse({
      duration: patience,
      orElse: () => Effect.fail(refuse(`did not end within ${patience}`))
    })
  )
})

const secretIn = Effect.fnUntraced(function* <E, R>(
  content: Stream.Stream<Uint8Array, E, R>,
  refuse: (problem: string) => UsageError
): Effect.fn.Return<string, E | UsageError, R> {
  const bytes = yield* Stream.mkUint8Array(content)
  if (bytes.length > longest) return yield* refuse("holds more than 64 KiB; a secret is far shorter")
  const secret = new TextDecoder().decode(bytes).trim()
  return secret === "" ? yield* refuse("is empty") : secret
})
