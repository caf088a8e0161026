/**
 * Shows help, the version and usage errors.
 */
import type * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import type * as Command from "effect/cli/Command"
import type { FlagDoc, HelpDoc } from "effect/cli/HelpDoc"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Stdio from "effect/Stdio"
import type * as Terminal from "effect/Terminal"
import type { StorageError } from "./Failure.ts"
import * as Invocation from "./Invocation.ts"
import * as Output from "./Output.ts"
import * as Nearest from "./terminal/Nearest.ts"
import * as Wrapping from "./terminal/Wrapping.ts"

/** Why the presenter could not write. The presenter itself cannot fail. */
export type Unwritten = Ref.Ref<Option.Option<StorageError>>

/** Prints text on stdout; notes if that is not possible. */
export const printing =
  (unwritten: Unwritten, stdio: Stdio.Stdio) =>
  (text: string): Effect.Effect<void> =>
    Output.print(text).pipe(
      Effect.provideService(Stdio.Stdio, stdio),
      Effect.catch((error) => Ref.set(unwritten, Option.some(error)))
    )

/** Requested help goes to stdout. After a usage error, two lines about the usage go to stderr. */
export const layer = (unwritten: Unwritten): Layer.Layer<never, never, Stdio.Stdio | Terminal.Terminal> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const print = printing(unwritten, yield* Stdio.Stdio)
      const width = yield* Output.width
      const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
      const formatter = CliOutput.defaultFormatter({ colors: false })
      return CliOutput.layerPresenter({
        present: (event) => {
          if (event._tag === "Version") return print(formatter.formatVersion(event.name, event.version))
          if (event._tag === "Help" && event.reason === "Requested") {
            const text = formatter.formatHelpDoc(withShortTypes(event.helpDoc))
            const help = Wrapping.help(text, Math.min(width, Wrapping.standard))
            return print(canColor ? help.replaceAll(/^[A-Z][A-Z ]+$/gm, bold) : help)
          }
          const errors = event._tag === "InvalidInvocation" ? event.errors : []
          return Effect.flatMap(Invocation.help(event.commandPath.slice(1)), (help) =>
            Console.error([...usage(event.helpDoc), help, ...nearest(event.helpDoc, errors)].join("\n"))
          )
        }
      })
    })
  )

const bold = (title: string): string => `\u001B[1m${title}\u001B[0m`

/** Effect's own flags list their choices twice: as the type, and in the description. */
const withShortType = (flag: FlagDoc): FlagDoc =>
  flag.type.startsWith("<") ? { ...flag, type: "choice" } : flag

const withShortTypes = (doc: HelpDoc): HelpDoc => ({
  ...doc,
  globalFlags: doc.globalFlags?.map(withShortType) ?? []
})

/** How a command is used, and what its subcommands are. */
const usage = (helpDoc: HelpDoc): ReadonlyArray<string> => {
  const subcommands = (helpDoc.subcommands ?? []).flatMap(({ commands }) => commands.map(({ name }) => name))
  return [
    `usage: ${helpDoc.usage}`,
    ...(subcommands.length > 0 ? [`subcommands: ${subcommands.join(", ")}`] : [])
  ]
}

/** What to do about a flag that stands in front of its command, or that is nearly a global one. */
const nearest = (
  { flags, globalFlags = [], subcommands = [], usage }: HelpDoc,
  errors: ReadonlyArray<CliError.CliError>
): ReadonlyArray<string> => {
  const globals = globalFlags.map(({ name }) => `--${name}`)
  return errors.flatMap((error) => {
    if (error._tag !== "UnrecognizedOption" || error.suggestions.length > 0) return []
    const command = usage.replace(/ \[flags\].*/, "")
    if (flags.some(({ name }) => `--${name}` === error.option)) return [`order: ${command} ${error.option}`]
    if (subcommands.length > 0) return [`a subcommand's flags stand behind it: ${command} ${error.option}`]
    const meant = Nearest.nearest(error.option, globals)
    return meant === undefined ? [] : [`nearest: ${meant}`]
  })
}

/** Says where the help is of the command that the arguments name. */
export const sayHelp = (root: Command.Command.Any, args: ReadonlyArray<string>): Effect.Effect<void> =>
  Effect.flatMap(Invocation.help(wordsOf(root, args)), (help) => Console.error(help))

/** The subcommands among the arguments. */
const wordsOf = (command: Command.Command.Any, args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const below = command.subcommands.flatMap(({ commands }) => commands)
  for (const [at, arg] of args.entries()) {
    const found = below.find(({ name }) => name === arg)
    if (found !== undefined) return [arg, ...wordsOf(found, args.slice(at + 1))]
  }
  return []
}
