/**
 * Tokens: from a variable, or from a file that a variable names; never from a flag.
 */
import { Credential } from "@colloquy/core"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { UsageError } from "./Failure.ts"
import type { Reading } from "./Flags.ts"

/** The credential that the common flags choose. */
export const credential = Effect.fnUntraced(function* (
  variable: string,
  flags: Reading
): Effect.fn.Return<Credential.Options, UsageError, FileSystem.FileSystem> {
  const name = Credential.variableOf(variable, flags.account)
  return {
    token: yield* token(name),
    account: flags.account,
    baseUrl: Option.getOrUndefined(flags.baseUrl)
  }
})

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
  const fs = yield* FileSystem.FileSystem
  const content = yield* Effect.mapError(
    fs.readFileString(path),
    () => new UsageError({ problem: `the file ${path}, named by ${name}_FILE, cannot be read` })
  )
  if (content.trim() === "") {
    return yield* new UsageError({ problem: `the file ${path}, named by ${name}_FILE, is empty` })
  }
  return Redacted.make(content.trim())
})

/** A variable's value, "" where it is not set. */
const read = (name: string): Effect.Effect<string> =>
  Config.String(name).pipe(
    Effect.map((value) => value.trim()),
    Effect.orElseSucceed(() => "")
  )
