/**
 * Tokens: read from a variable, or from a file that a variable names; never from a flag.
 */
import { createReadStream } from "node:fs"
import { Connection } from "@colloquy/core"
import * as NodeStream from "@effect/platform-node/NodeStream"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { UsageError } from "./Failure.ts"
import * as Flags from "./Flags.ts"

/** The connection that the flags choose: token, account and base URL. */
export const credential = Effect.fnUntraced(function* (
  variable: string,
  flags: Flags.ReadOptions
): Effect.fn.Return<Connection.Connection, UsageError, FileSystem.FileSystem> {
  const name = Connection.variableOf(variable, flags.account)
  const baseUrl = Option.getOrUndefined(flags.baseUrl)
  const problem = baseUrl === undefined ? undefined : problemOf(baseUrl)
  if (problem !== undefined) return yield* new UsageError({ problem: `the base URL ${problem}` })
  return { token: yield* token(name), account: flags.account, baseUrl }
})

/** What is wrong with a base URL that must not be printed, because it may hold a password; undefined if nothing is. */
const problemOf = (baseUrl: string): string | undefined =>
  Flags.wrapped(baseUrl) ??
  (/\s.*@/s.test(baseUrl) ? "has a space in it, and maybe a password; remove both" : undefined)

const token = Effect.fnUntraced(function* (
  name: string
): Effect.fn.Return<Redacted.Redacted, UsageError, FileSystem.FileSystem> {
  const direct = yield* read(name)
  if (direct !== "") return Redacted.make(direct)
  const path = yield* read(`${name}_FILE`)
  if (path === "") {
    return yield* new UsageError({
      problem: `no token; set ${name}, or ${name}_FILE to a file that holds it`
    })
  }
  return Redacted.make(yield* tokenIn(path, `${name}_FILE`))
})

/** Most bytes of a token file. */
const longest = 64 * 1024

/** The token in a file or pipe. Devices are refused: some have no end. */
const tokenIn = Effect.fnUntraced(function* (
  path: string,
  variable: string
): Effect.fn.Return<string, UsageError, FileSystem.FileSystem> {
  const refuse = (problem: string) =>
    new UsageError({ problem: `the file ${path}, named by ${variable}, ${problem}` })
  const unreadable = () => refuse("cannot be read")
  const fs = yield* FileSystem.FileSystem
  const { type } = yield* Effect.mapError(fs.stat(path), unreadable)
  if (type !== "File" && type !== "FIFO") return yield* refuse("is neither a file nor a pipe")
  // The stream of `FileSystem` reads by position, which a pipe does not have.
  const content = NodeStream.fromReadable<Uint8Array, UsageError>({
    evaluate: () => createReadStream(path, { end: longest }),
    onError: unreadable
  })
  const bytes = yield* Stream.mkUint8Array(content)
  if (bytes.length > longest) return yield* refuse("holds more than 64 KiB; a token is far shorter")
  const token = new TextDecoder().decode(bytes).trim()
  return token === "" ? yield* refuse("is empty") : token
})

/** A variable's value; "" if it is not set. */
const read = (name: string): Effect.Effect<string> =>
  Config.String(name).pipe(
    Effect.map((value) => value.trim()),
    Effect.orElseSucceed(() => "")
  )
