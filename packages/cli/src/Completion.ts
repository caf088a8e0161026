/**
 * The scripts of `--completions`. They also offer the values of flags that take others, too.
 */
import * as CliConfig from "effect/cli/CliConfig"
import * as Completions from "effect/cli/Completions"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Vendors from "./Vendors.ts"

/** The values that are offered, by flag. */
type Offered = ReadonlyMap<string, ReadonlyArray<string>>

/** The command with the offered values as choices. */
const withOffers = (
  command: Completions.CommandDescriptor,
  offered: Offered
): Completions.CommandDescriptor => ({
  ...command,
  flags: command.flags.map((flag) => {
    const values = offered.get(flag.name)
    return values === undefined ? flag : { ...flag, type: { _tag: "Choice", values } }
  }),
  subcommands: command.subcommands.map((each) => withOffers(each, offered))
})

/** The flags of every command, with these scripts. */
export const layer = (
  print: (text: string) => Effect.Effect<void>,
  vendors: Vendors.Registry
): Layer.Layer<never> => {
  const offered: Offered = new Map([
    ["vendor", Vendors.namesOf(vendors)],
    ...vendors.flatMap(Vendors.suggestionsOf)
  ])
  const completions: typeof GlobalFlag.Completions = GlobalFlag.Action({
    flag: GlobalFlag.Completions.flag,
    run: (shell, { command }) =>
      Option.isNone(shell)
        ? Effect.void
        : print(
            Completions.generate(
              command.name,
              shell.value,
              withOffers(Completions.fromCommand(command), offered)
            )
          )
  })
  return CliConfig.layer({
    builtIns: GlobalFlag.BuiltIns.map((flag) => (flag === GlobalFlag.Completions ? completions : flag))
  })
}
