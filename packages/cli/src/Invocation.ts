/**
 * How hints name the command: as it was started, with the archive that it was given.
 */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Configuration from "./Configuration.ts"
import * as Redaction from "./terminal/Redaction.ts"

const variable = (name: string): Effect.Effect<string> => Effect.orElseSucceed(Config.String(name), () => "")

/** The repository's scripts that run the command. */
const ofRepository: ReadonlySet<string> = new Set(["colloquy", "demo"])

/** The command as it was started: `colloquy`, `npx colloquy`, or the repository's script. */
export const name: Effect.Effect<string> = Effect.gen(function* () {
  const script = yield* variable("npm_lifecycle_event")
  if (script === "") return "colloquy"
  const [, pnpm] = /^pnpm\/(\d+)/.exec(yield* variable("npm_config_user_agent")) ?? []
  if (!ofRepository.has(script) || pnpm === undefined) return "npx colloquy"
  return /[\\/]_npx[\\/]/.test(yield* variable("npm_execpath"))
    ? `npx -y pnpm@${pnpm} colloquy`
    : "pnpm colloquy"
})

/** The modules that flags of the running command name. */
export const Modules = Context.Reference<ReadonlyArray<string>>("colloquy/Modules", {
  defaultValue: () => []
})

/** The flags that name the modules again. */
export const moduleFlags = Effect.map(Modules, (modules) =>
  modules.map((module) => ` --vendor-module ${quoted(module)}`).join("")
)

/** Where the help is of a command, in words to type. */
export const help = Effect.fnUntraced(function* (words: ReadonlyArray<string>) {
  return `help: ${[yield* name, ...words, "--help"].join(" ")}${yield* moduleFlags}`
})

/** A word as a shell takes it. */
export const quoted = (word: string): string =>
  /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`

/** The flag that names the archive again; nothing if a variable names it. A URL with a password is not repeated. */
const archiveFlag = (archive: Option.Option<string>): string => {
  if (Option.isNone(archive)) return ""
  const { value } = archive
  return Redaction.redacted(value) === value ? ` --archive ${quoted(value)}` : " --archive URL"
}

const configFlag = Effect.map(
  Configuration.flag,
  Option.match({ onNone: () => "", onSome: (path) => ` --config ${quoted(path)}` })
)

/** A command to type next, on the same archive. */
export const command = Effect.fnUntraced(function* (
  words: string,
  { archive }: { readonly archive: Option.Option<string> }
) {
  return `${yield* name} ${words}${archiveFlag(archive)}${yield* configFlag}`
})
