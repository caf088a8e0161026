/**
 * Finds the configuration's file, and reads it if nobody else can write it.
 *
 * A configuration says where tokens go and may run commands. It is therefore never taken from the working directory by
 * itself: whoever can put a file there could read every token.
 */
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { UsageError } from "../Failure.ts"

/** The name of the file. */
export const name = "colloquy.toml"

/** The variable that names the file if `--config` does not. If it is empty, no file is used. */
export const variable = "COLLOQUY_CONFIG"

const read = (variable: string): Effect.Effect<string | undefined> =>
  Effect.orElseSucceed(
    Effect.map(Config.option(Config.String(variable)), Option.getOrUndefined),
    () => undefined
  )

/** The path of a user's own configuration; undefined if there is no home. */
export const standardPath = Effect.gen(function* () {
  const { isAbsolute, join } = yield* Path.Path
  const home = yield* read("HOME")
  const given = (yield* read("XDG_CONFIG_HOME")) ?? ""
  // A relative one is no place of the user: it would be in the working directory.
  const folder = isAbsolute(given) ? given : home === undefined ? "" : join(home, ".config")
  return isAbsolute(folder) ? join(folder, "colloquy", name) : undefined
})

/** Elsewhere an empty variable counts as one that is not set. Here it says that there is no configuration. */
const emptyToo = ConfigProvider.layer(ConfigProvider.fromEnv({ preserveEmptyStrings: true }))

/** The path that the variable names; undefined if it is not set. */
export const named = Effect.provide(read(variable), emptyToo)

/** The path of the configuration: the flag's, else the variable's, else the user's own if it is there. */
export const find = Effect.fnUntraced(function* (flag: Option.Option<string>) {
  const fs = yield* FileSystem.FileSystem
  const given = Option.getOrUndefined(flag) ?? (yield* named)
  if (given !== undefined) return given === "" ? undefined : given
  const path = yield* standardPath
  if (path === undefined) return undefined
  // What its user may not even look for is not the user's own.
  return (yield* Effect.orElseSucceed(fs.exists(path), () => false)) ? path : undefined
})

/** Most bytes of a configuration. */
const largest = 1024 * 1024

/** Write rights of the group and of others. */
const othersWrite = 0o022

/** Why a file must not decide what runs: somebody else than its user, or the administrator, can write it. */
export const dangerOf = (
  { mode, uid }: Pick<FileSystem.File.Info, "mode" | "uid">,
  path: string
): string | undefined => {
  const owner = Option.getOrUndefined(uid)
  const user = process.getuid?.()
  if (user === undefined) return undefined
  if (owner !== user && owner !== 0) return "belongs to another user; it is used only if it is yours"
  return (mode & othersWrite) === 0 ? undefined : `can be written by others; run chmod go-w ${path}`
}

/** The text of a configuration. Fails if somebody else than its user, or the system's administrator, can write it. */
export const text = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<string, UsageError, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const refuse = (problem: string) => new UsageError({ problem: `the configuration ${path} ${problem}` })
  const told = Effect.mapError(({ reason }: { readonly reason: { readonly _tag: string } }) =>
    refuse(reason._tag === "NotFound" ? "does not exist" : `cannot be read (${reason._tag})`)
  )
  const reading = Effect.gen(function* () {
    // Opening a pipe would wait for a writer.
    if ((yield* told(fs.stat(path))).type !== "File") return yield* refuse("is no file")
    const file = yield* told(fs.open(path))
    const info = yield* told(file.stat)
    const danger = dangerOf(info, path)
    if (danger !== undefined) return yield* refuse(danger)
    if (info.size > largest) return yield* refuse("is larger than 1 MiB")
    const bytes = yield* told(file.readAlloc(Number(info.size)))
    return new TextDecoder().decode(Option.getOrElse(bytes, () => new Uint8Array()))
  })
  return yield* Effect.scoped(reading)
})
