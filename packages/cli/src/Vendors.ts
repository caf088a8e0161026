/**
 * The registry of vendors, and what the command makes of each: flags, help, a decoder.
 */
import { Botpress } from "@colloquy/botpress"
import { Botuj } from "@colloquy/botuj"
import { Chatling } from "@colloquy/chatling"
import type { Decoder } from "@colloquy/core"
import { OptionFacts, type Vendor } from "@colloquy/core/vendor"
import { Flowise } from "@colloquy/flowise"
import { Gptbots } from "@colloquy/gptbots"
import { Intercom } from "@colloquy/intercom"
import { LangGraph } from "@colloquy/langgraph"
import { Mastra } from "@colloquy/mastra"
import { Matrix } from "@colloquy/matrix"
import { OpenCopilot } from "@colloquy/opencopilot"
import * as Flag from "effect/cli/Flag"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { UsageError } from "./Failure.ts"
import * as Flags from "./Flags.ts"

/** The vendors inside, in the order of help. A new vendor is one line here. */
export const vendors: Registry = [
  OpenCopilot,
  Chatling,
  Botuj,
  Gptbots,
  Mastra,
  LangGraph,
  Matrix,
  Flowise,
  Botpress,
  Intercom
]

/** Vendors; help takes its examples from the first. */
export type Registry = readonly [Vendor.Any, ...ReadonlyArray<Vendor.Any>]

/** The vendors of the running command: those inside, then those of modules. */
export const All = Context.Reference<Registry>("colloquy/Vendors", { defaultValue: () => vendors })

/** The vendors' names, as commands and flags use them. */
export const namesOf = (vendors: Registry): ReadonlyArray<string> =>
  vendors.map(({ definition }) => definition.name)

/** The names of the vendors inside. */
export const names = namesOf(vendors)

/** `chatbotId` gives `--chatbot`, `maxAge` gives `--max-age`. */
export const flagName = (option: string): string =>
  option.replace(/Id$/, "").replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Values that options suggest, by flag. Such an option takes others, too. */
export const suggestionsOf = ({
  definition
}: Vendor.Any): ReadonlyArray<readonly [flag: string, values: ReadonlyArray<string>]> =>
  OptionFacts.of(definition.options)
    .filter(({ choices, kind }) => kind === "text" && choices.length > 0)
    .map(({ choices, name }) => [flagName(name), choices] as const)

/** The values of a vendor's options, by option name. */
export type Chosen = Readonly<Record<string, string | number | undefined>>

// ---------------------------------------------------------------------------------------------------------------
// Flags
// ---------------------------------------------------------------------------------------------------------------

/** Which command the flags are for. */
export type Purpose = "pull" | "conversations" | "sync"

const chosenBy: Readonly<Record<Purpose, ReadonlyArray<OptionFacts.Chooses>>> = {
  pull: ["all", "messages", "order"],
  conversations: ["all"],
  // The archive decides the order.
  sync: ["all", "messages"]
}

/** The options of a vendor that a command has flags for. */
export const optionsOf = (
  { definition }: Vendor.Any,
  purpose: Purpose
): ReadonlyArray<OptionFacts.OptionFacts> =>
  OptionFacts.of(definition.options).filter(({ chooses }) => chosenBy[purpose].includes(chooses))

/** The flags of a vendor's options, by option name. */
export const flagsOf = (
  vendor: Vendor.Any,
  purpose: Purpose
): Readonly<Record<string, Flag.Flag<string | number | undefined>>> =>
  Object.fromEntries(optionsOf(vendor, purpose).map((option) => [option.name, flagOf(option)]))

const flagOf = (option: OptionFacts.OptionFacts): Flag.Flag<string | number | undefined> => {
  const means = option.default === null ? "" : ` (default: ${option.default})`
  const flag = Flag.withDescription(valueFlag(option), `${option.description}${means}`)
  return option.isRequired ? flag : Flag.map(Flag.optional(flag), Option.getOrUndefined)
}

const valueFlag = ({ choices, kind, metavar, name }: OptionFacts.OptionFacts): Flag.Flag<string | number> => {
  const flag = flagName(name)
  switch (kind) {
    case "choice":
      return Flag.Literals(flag, choices)
    case "number":
      return Flag.withMetavar(Flag.Finite(flag), metavar)
    case "epochMillis":
      return Flags.time(flag, metavar)
    case "text":
      return Flag.withMetavar(Flags.nonEmpty(Flag.String(flag)), metavar)
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Usage
// ---------------------------------------------------------------------------------------------------------------

const shown = ({ definition }: Vendor.Any, name: string): string => {
  const option = OptionFacts.of(definition.options).find((each) => each.name === name)
  return `--${flagName(name)} ${option?.metavar ?? "VALUE"}`
}

/** Fails unless exactly one, or at least one, of the options that name a list of conversations is given. */
export const checkList = (
  vendor: Vendor.Any,
  chosen: Chosen,
  ways: "exactly one" | "at least one"
): Effect.Effect<void, UsageError> => {
  const { listedBy = [] } = vendor.definition
  const given = listedBy.filter((name) => chosen[name] !== undefined).length
  if (listedBy.length === 0 || given === 1 || (given > 1 && ways === "at least one")) return Effect.void
  const either = ways === "exactly one" ? "either " : ""
  const flags = listedBy.map((name) => shown(vendor, name)).join(" or ")
  return Effect.fail(new UsageError({ problem: `give ${either}${flags}` }))
}

/** Fails if the option that messages are read by is missing. */
export const checkMessages = (vendor: Vendor.Any, chosen: Chosen): Effect.Effect<void, UsageError> => {
  const { messagesBy } = vendor.definition
  if (messagesBy === undefined || chosen[messagesBy] !== undefined) return Effect.void
  const problem = `--conversation needs ${shown(vendor, messagesBy)}: messages are read by ${flagName(messagesBy)}`
  return Effect.fail(new UsageError({ problem }))
}

/** The vendor's name and its required flags with example values. */
export const exampleOf = (vendor: Vendor.Any): string =>
  [
    vendor.definition.name,
    ...OptionFacts.of(vendor.definition.options)
      .filter(({ isRequired, name }) => isRequired || vendor.definition.listedBy?.[0] === name)
      .map(({ example, metavar, name }) => `--${flagName(name)} ${example ?? metavar}`)
  ].join(" ")

// ---------------------------------------------------------------------------------------------------------------
// Decoders
// ---------------------------------------------------------------------------------------------------------------

/** The decoder of a vendor's records. */
export const decoderOf = Effect.fnUntraced(function* (name: string): Effect.fn.Return<Decoder, UsageError> {
  const vendors = yield* All
  const vendor = vendors.find(({ definition }) => definition.name === name)
  if (vendor !== undefined) return vendor.decoder
  const problem = `records of ${name} cannot be decoded here, those of ${namesOf(vendors).join(", ")} can; a vendor of a module needs --vendor-module`
  return yield* new UsageError({ problem })
})
