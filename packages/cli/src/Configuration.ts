/**
 * The user's configuration: sources and accounts by name, and the archive.
 */
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Result from "effect/Result"
import * as File from "./configuration/file.ts"
import * as Settings from "./configuration/settings.ts"
import { UsageError } from "./Failure.ts"
import * as Output from "./Output.ts"
import * as Vendors from "./Vendors.ts"

/** The flag that names the file, in every command. */
export const flag = GlobalFlag.Setting("config")({
  flag: Flag.String("config").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription(
      `The configuration (default: the variable ${File.variable}, else ~/.config/colloquy/${File.name})`
    ),
    Flag.optional
  )
})

/** A configuration, and where it is. */
export interface Configuration extends Settings.Settings {
  readonly path: string
  /** Its folder, which its paths are relative to. */
  readonly folder: string
}

/** The configuration; none if there is none. Fails for a file that is missing, unsafe or wrong. */
export const current = Effect.gen(function* () {
  const path = yield* File.find(yield* flag)
  if (path === undefined) return Option.none<Configuration>()
  const { dirname, resolve } = yield* Path.Path
  const settings = Settings.parse(yield* File.text(path), path, yield* Vendors.All)
  if (Result.isFailure(settings)) return yield* mistaken(settings.failure)
  return Option.some<Configuration>({ ...settings.success, path, folder: dirname(resolve(path)) })
})

/**
 * The modules that the configuration at a flag's path names, before a vendor of theirs is known. Fails for a file that is
 * missing or unsafe.
 */
export const modules = Effect.fnUntraced(function* (given: Option.Option<string>) {
  const path = yield* File.find(given)
  if (path === undefined) return []
  const { dirname, resolve } = yield* Path.Path
  const { line, modules } = Settings.modulesIn(yield* File.text(path))
  const folder = dirname(resolve(path))
  return modules.map((name) => ({ name, folder, by: `${path}:${line}: vendors` }))
})

/** Shows all mistakes; the error line has room for the first. */
const mistaken = Effect.fnUntraced(function* (problems: ReadonlyArray<string>) {
  const [first = ""] = problems
  if (problems.length > 1) yield* Output.say(problems.join("\n"))
  const others = problems.length > 1 ? `${problems.length} mistakes in the configuration, the first: ` : ""
  return yield* new UsageError({ problem: `${others}${first}` })
})

/** The configuration. Fails if there is none. */
export const required = Effect.flatMap(
  current,
  Option.match({
    onSome: Effect.succeed,
    onNone: () =>
      Effect.flatMap(
        here,
        (hint) =>
          new UsageError({
            problem: `give a vendor, or a configuration by --config FILE; colloquy init writes one${hint}`
          })
      )
  })
)

/** Tells of a file in the working directory, which is not used by itself. */
const here = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const isThere = yield* Effect.orElseSucceed(fs.exists(File.name), () => false)
  return isThere ? `; the one in this folder is used only if it is named: --config ${File.name}` : ""
})
