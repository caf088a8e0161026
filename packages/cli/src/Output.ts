/**
 * Writes data to stdout, or to a file that appears only when it is complete.
 */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Predicate from "effect/Predicate"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Terminal from "effect/Terminal"
import { StorageError } from "./Failure.ts"
import * as Redaction from "./terminal/Redaction.ts"
import * as Table from "./terminal/Table.ts"

/** The columns of the terminal that stdout is; `Infinity` if it is none, or does not tell. */
export const width: Effect.Effect<number, never, Stdio.Stdio | Terminal.Terminal> = Effect.gen(function* () {
  const { stdoutIsTerminal } = yield* Stdio.Stdio
  const { columns } = yield* Terminal.Terminal
  const given = (yield* stdoutIsTerminal) ? yield* columns : 0
  return given > 0 ? given : Infinity
})

/** The items as NDJSON: one line each. */
export const ndjson = (items: ReadonlyArray<unknown>): string =>
  items.length === 0 ? "" : `${items.map((item) => JSON.stringify(item)).join("\n")}\n`

/**
 * Writes the text to the file `out`, or to stdout.
 *
 * A file is written under a temporary name in the same folder, readable by its owner alone, and renamed at the end: a
 * file named `out` is always complete. A reader that closes stdout early (`| head`) is no failure; the result is then
 * false.
 */
export const write = <E, R>(
  text: Stream.Stream<string, E, R>,
  out: Option.Option<string>
): Effect.Effect<boolean, E | StorageError, R | Stdio.Stdio | FileSystem.FileSystem | Path.Path> =>
  Option.isSome(out) ? toFile(text, out.value) : toStdout(text)

/** Writes the text to stdout, with a line break. A closed stdout is no failure. */
export const print = (text: string): Effect.Effect<void, StorageError, Stdio.Stdio> =>
  Effect.asVoid(toStdout(Stream.succeed(`${text}\n`)))

/** Writes text for a person to stderr, with a line break. */
export const say = (text: string): Effect.Effect<void> =>
  Console.error(Table.printableLines(Redaction.redacted(text)))

const toStdout = Effect.fnUntraced(function* <E, R>(
  text: Stream.Stream<string, E, R>
): Effect.fn.Return<boolean, E | StorageError, R | Stdio.Stdio> {
  const stdio = yield* Stdio.Stdio
  let whole = true
  const sink = Sink.catch(stdio.stdout({ endOnDone: false }), (error) => {
    if (!isClosedPipe(error)) return Effect.fail(unwritable(error))
    whole = false
    return Effect.void
  })
  yield* Stream.run(text, sink)
  return whole
})

const unwritable = ({ reason }: PlatformError): StorageError => {
  const code = Predicate.hasProperty(reason.cause, "code") ? ` (${String(reason.cause.code)})` : ""
  return new StorageError({ problem: `stdout cannot be written${code}; check where it goes` })
}

const isClosedPipe = (error: PlatformError): boolean =>
  Predicate.hasProperty(error.reason.cause, "code") && error.reason.cause.code === "EPIPE"

const toFile = Effect.fnUntraced(function* <E, R>(
  text: Stream.Stream<string, E, R>,
  path: string
): Effect.fn.Return<boolean, E | StorageError, R | FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const { dirname, join } = yield* Path.Path
  const there = yield* Effect.option(fs.stat(path))
  if (Option.isSome(there) && there.value.type !== "File") {
    return yield* new StorageError({ problem: `${path} is no file, and nothing else is replaced` })
  }
  const unique = yield* Effect.sync(() => crypto.randomUUID())
  const partial = join(dirname(path), `.colloquy-${unique}.partial`)
  const failed = (what: string) => (error: PlatformError) =>
    new StorageError({
      problem: `${path} cannot be ${what} (${error.reason._tag}); check the folder and its rights`
    })
  const sink = Sink.mapError(fs.sink(partial, { flag: "wx", mode: 0o600 }), failed("written"))
  yield* Stream.run(Stream.encodeText(text), sink).pipe(
    Effect.andThen(Effect.mapError(fs.rename(partial, path), failed("put in place"))),
    Effect.onExit((exit) =>
      Exit.isSuccess(exit) ? Effect.void : Effect.ignore(fs.remove(partial, { force: true }))
    )
  )
  return true
})
