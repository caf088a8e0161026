/**
 * Reads secrets from where a configuration or a variable says that they are.
 */
import { constants, createReadStream, openSync } from "node:fs"
import { Socket } from "node:net"
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

/** How long a pipe may be empty, and a command may take, which may ask a person. */
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
  return yield* new UsageError({ problem: `the variable named for ${what} is not set` })
})

/** A path of a configuration: relative to its folder, with `~` for the home. */
export const absolute = Effect.fnUntraced(function* (path: string, folder: string) {
  const { join, resolve } = yield* Path.Path
  if (!path.startsWith("~/")) return resolve(folder, path)
  const home = yield* variable("HOME")
  if (home === "")
    return yield* new UsageError({ problem: `there is no home for the path ${path}; set HOME` })
  return join(home, path.slice(2))
})

/** The secret in a file or pipe. Devices are refused: some have no end. */
export const inFile = Effect.fnUntraced(function* (
  path: string,
  named: string
): Effect.fn.Return<string, UsageError, FileSystem.FileSystem> {
  const refuse = (problem: string) =>
    new UsageError({ problem: `the file ${path}, ${named} ${problem}`, mayPass: true })
  const unreadable = () => refuse("cannot be read")
  const fs = yield* FileSystem.FileSystem
  const { type } = yield* Effect.mapError(fs.stat(path), unreadable)
  if (type !== "File" && type !== "FIFO") return yield* refuse("is neither a file nor a pipe")
  // The stream of `FileSystem` reads by position, which a pipe does not have.
  const content = NodeStream.fromReadable<Uint8Array, UsageError>({
    evaluate: () => (type === "FIFO" ? openPipe(path) : createReadStream(path, { end: longest })),
    onError: unreadable
  })
  const text = yield* patiently(textIn(content, refuse), refuse)
  return text === "" ? yield* refuse("is empty") : text
})

/** Opening a pipe in the usual way waits for a writer, in a thread that keeps the process from its end. */
const openPipe = (path: string): Socket =>
  new Socket({
    fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK),
    readable: true,
    writable: false
  })

const patiently = <E, R>(
  reading: Effect.Effect<string, E | UsageError, R>,
  refuse: (problem: string) => UsageError
): Effect.Effect<string, E | UsageError, R> =>
  Effect.timeoutOrElse(reading, {
    duration: patience,
    orElse: () => Effect.fail(refuse(`did not end within ${patience}`))
  })

/** What a command prints. */
const printed = Effect.fnUntraced(function* (
  [program = "", ...args]: ReadonlyArray<string>,
  folder: string,
  what: string
): Effect.fn.Return<string, UsageError, ChildProcessSpawner> {
  const refuse = (problem: string) =>
    new UsageError({ problem: `the command ${program}, named for ${what}, ${problem}`, mayPass: true })
  const spawner = yield* ChildProcessSpawner
  const running = Effect.gen(function* () {
    const command = ChildProcess.make(program, args, {
      cwd: folder,
      stdin: "inherit",
      stderr: "inherit",
      forceKillAfter: "1 second"
    })
    const child = yield* spawner.spawn(command)
    const text = yield* textIn(child.stdout, refuse)
    const code = yield* child.exitCode
    if (code !== 0) return yield* refuse(`ended with exit code ${code}`)
    return text === "" ? yield* refuse("printed nothing") : text
  })
  const ended = Effect.catchTag(Effect.scoped(running), "PlatformError", ({ reason }) =>
    Effect.fail(refuse(`cannot be run (${reason._tag})`))
  )
  return yield* patiently(ended, refuse)
})

/** The text of a stream that may have no end, without the white space around it. */
const textIn = Effect.fnUntraced(function* <E, R>(
  content: Stream.Stream<Uint8Array, E, R>,
  refuse: (problem: string) => UsageError
): Effect.fn.Return<string, E | UsageError, R> {
  const chunks: Array<Uint8Array> = []
  let size = 0
  yield* Stream.runForEach(content, (chunk) => {
    size += chunk.length
    chunks.push(chunk)
    return size > longest
      ? Effect.fail(refuse("holds more than 64 KiB; a secret is far shorter"))
      : Effect.void
  })
  return Buffer.concat(chunks).toString("utf8").trim()
})
