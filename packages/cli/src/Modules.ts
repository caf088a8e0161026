/**
 * Vendors from modules: those that `--vendor-module` and the configuration's `vendors` name.
 *
 * Each vendor has subcommands, so that modules are loaded before the command is made. They are code: a module is loaded
 * only if a flag, or a configuration that nobody else can write, names it.
 */
import { OptionFacts, type Vendor } from "@colloquy/core/vendor"
import type { Emulation } from "@colloquy/emulator"
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { common as sync } from "./commands/sync.ts"
import * as Configuration from "./Configuration.ts"
import * as Failure from "./Failure.ts"
import * as Flags from "./Flags.ts"
import * as Exported from "./modules/exported.ts"
import * as File from "./modules/file.ts"
import * as Output from "./Output.ts"
import * as Vendors from "./Vendors.ts"

const name = "vendor-module"

/** The flag that names modules, in every command. */
export const flag = GlobalFlag.Setting(name)({
  flag: Flag.String(name).pipe(
    Flag.withMetavar("MODULE"),
    Flag.withDescription("Take vendors from this module, ./FILE or a package; may be repeated"),
    Flag.atLeast(0)
  )
})

/** The vendors of a command. */
export interface Known {
  /** Those inside, then those of modules. */
  readonly vendors: Vendors.Registry
  /** Emulations that modules have of their vendors. */
  readonly emulations: ReadonlyArray<Emulation.Emulation>
  /** The modules that flags name. */
  readonly flagged: ReadonlyArray<string>
  /** Why the configuration could not be asked for modules. */
  readonly unread: Option.Option<Failure.UsageError>
}

/** Only the vendors inside. */
const inside: Known = { vendors: Vendors.vendors, emulations: [], flagged: [], unread: Option.none() }

/** The values of a flag in arguments that are not parsed yet. */
export const given = (args: ReadonlyArray<string>, name: string): ReadonlyArray<string> => {
  const end = args.indexOf("--")
  const before = end === -1 ? args : args.slice(0, end)
  return before.flatMap((arg, at) => {
    if (arg.startsWith(`--${name}=`)) return [arg.slice(name.length + 3)]
    const value = arg === `--${name}` ? before[at + 1] : undefined
    return value === undefined ? [] : [value]
  })
}

/** The vendors that arguments and configuration give. Fails for a module that cannot be used. */
export const load = Effect.fnUntraced(function* (args: ReadonlyArray<string>) {
  if (args.includes("--version") || args.includes("-v")) return inside
  const { resolve } = yield* Path.Path
  const configured = yield* Effect.result(
    Configuration.modules(Option.fromUndefinedOr(given(args, "config")[0]))
  )
  const flagged = given(args, name)
  const asked = [
    ...(configured._tag === "Success" ? configured.success : []),
    ...flagged.map((module): File.Asked => ({ name: module, folder: resolve("."), by: `--${name}` }))
  ]
  const unread =
    configured._tag === "Failure" ? Option.some(configured.failure) : Option.none<Failure.UsageError>()
  const files = new Map<string, File.Asked>()
  for (const each of asked) files.set(yield* File.find(each), each)
  const loaded = yield* Effect.forEach(files, ([file, each]) => Exported.load(each, file))
  return {
    vendors: yield* together(loaded),
    emulations: loaded.flatMap(({ emulations }) => emulations),
    flagged,
    unread
  } satisfies Known
})

/** The vendors inside and those of modules. Fails if two have one name. */
const together = Effect.fnUntraced(function* (loaded: ReadonlyArray<Exported.Exported>) {
  const owners = new Map(Vendors.names.map((name) => [name, "the command itself"]))
  const all: Array<Vendor.Any> = []
  for (const { asked, vendors } of loaded) {
    for (const vendor of vendors) {
      const { name } = vendor.definition
      const owner = owners.get(name)
      if (owner !== undefined) {
        return yield* File.refused(asked, `has a vendor called ${name}, as ${owner} has; leave one out`)
      }
      const clash = clashOf(vendor)
      if (clash !== undefined) {
        return yield* File.refused(asked, `the vendor ${name} has the option ${clash}; call it otherwise`)
      }
      owners.set(name, asked.name)
      all.push(vendor)
    }
  }
  return [...Vendors.vendors, ...all] satisfies Vendors.Registry
})

/** The flags and keys of sources that every vendor has. */
const taken = new Set(
  ["vendor", "source", "config", name, "help", "version", "wizard", "completions", "log-level"].concat(
    Object.keys({ ...Flags.which, ...Flags.ndjson, ...sync }).map(Vendors.flagName)
  )
)

/** An option whose flag would be another's, in words. */
const clashOf = ({ definition }: Vendor.Any): string | undefined => {
  const seen = new Map<string, string>()
  for (const option of OptionFacts.of(definition.options)) {
    const flag = Vendors.flagName(option.name)
    if (taken.has(flag)) return `${option.name}, but --${flag} is a flag of the command`
    const other = seen.get(flag)
    if (other !== undefined) return `${option.name}, but --${flag} is the flag of ${other}`
    seen.set(flag, option.name)
  }
  return undefined
}

/** Says that the configuration was not asked for vendors, if an unknown one may be of it. */
export const sayUnread = (unread: Known["unread"], cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  Option.match(unread, {
    onNone: () => Effect.void,
    onSome: ({ problem }) =>
      Failure.report(cause).reason === "Usage"
        ? Output.say(`the vendors of the configuration are not known: ${problem}`)
        : Effect.void
  })
