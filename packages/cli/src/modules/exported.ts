/**
 * Loads a module, and takes the vendors from what it exports.
 */
import { pathToFileURL } from "node:url"
import { Vendor } from "@colloquy/core/vendor"
import { Emulation } from "@colloquy/emulator"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { UsageError } from "../Failure.ts"
import { type Asked, refused } from "./file.ts"

/** What is taken from a module. */
export interface Exported {
  readonly asked: Asked
  readonly vendors: ReadonlyArray<Vendor.Any>
  /** Emulations of vendors, where the module has its own. */
  readonly emulations: ReadonlyArray<Emulation.Emulation>
}

/** How long loading a module may take. */
const patience = "10 seconds"

/** Loads the module in a file. */
export const load = Effect.fnUntraced(function* (
  asked: Asked,
  file: string
): Effect.fn.Return<Exported, UsageError> {
  const loaded: unknown = yield* Effect.tryPromise({
    try: () => import(pathToFileURL(file).href),
    catch: (cause) => refused(asked, problemOf(cause))
  }).pipe(
    Effect.timeoutOrElse({
      duration: patience,
      orElse: () =>
        Effect.fail(refused(asked, `did not finish loading within ${patience}; await nothing at its top`))
    })
  )
  const exports = Object.entries(Predicate.isObject(loaded) ? loaded : {})
  const values = exports.flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
  const vendors = [...new Set(values.filter(Vendor.isVendor))]
  const emulations = [...new Set(values.filter(Emulation.isEmulation))]
  const [problem] = [
    ...strangersIn(exports, vendors.length),
    ...vendors.flatMap((vendor) => foreign(`the vendor ${vendor.definition.name}`, vendor[Vendor.TypeId])),
    ...vendors.flatMap(misnamed),
    ...emulations.flatMap((each) => foreign(`the emulation of ${each.vendor}`, each[Emulation.TypeId]))
  ]
  return problem === undefined ? { asked, vendors, emulations } : yield* refused(asked, problem)
})

// ---------------------------------------------------------------------------------------------------------------
// Loading
// ---------------------------------------------------------------------------------------------------------------

/** Node's codes, and what to do. */
const advice: Readonly<Record<string, string>> = {
  ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX:
    "Node only strips types: write it without enums, namespaces and parameter properties, or build it to JavaScript",
  ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING:
    "a package must be JavaScript: build it before it is published",
  ERR_UNKNOWN_FILE_EXTENSION:
    "name a .js, .mjs, .ts or .mts file; Node strips types unless that is switched off",
  ERR_MODULE_NOT_FOUND: "install what it imports for its folder, and name files with their endings"
}

/** Why a module cannot be loaded: Node's first line, where it is, and what to do. */
const problemOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return `throws when it is loaded: ${String(cause)}`
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : ""
  const [where] = /file:\/\/\S+:\d+/.exec(cause.stack ?? "") ?? []
  const said = `${cause.message}${where === undefined ? "" : ` (${where})`}`
  const known = advice[code]
  if (known !== undefined) return `cannot be loaded: ${said}; ${known}`
  return cause instanceof SyntaxError ? `cannot be parsed: ${said}` : `throws when it is loaded: ${said}`
}

// ---------------------------------------------------------------------------------------------------------------
// What it exports
// ---------------------------------------------------------------------------------------------------------------

const expected = "expected is what Vendor.make of @colloquy/core/vendor returns"

/** A default export that is no vendor, or no vendor at all. Other exports may be what they like. */
const strangersIn = (
  exports: ReadonlyArray<readonly [string, unknown]>,
  vendors: number
): ReadonlyArray<string> => {
  const [, standard] = exports.find(([name]) => name === "default") ?? []
  const isStrange = standard !== undefined && ![standard].flat().every(Vendor.isVendor)
  if (isStrange) return [`its default export is ${kindOf(standard)} and no vendor; ${expected}`]
  if (vendors > 0) return []
  const shown = exports.slice(0, 8).map(([name, value]) => `${name} (${kindOf(value)})`)
  const all = [...shown, ...(exports.length > 8 ? [`${exports.length - 8} more`] : [])].join(", ")
  return [all === "" ? `exports nothing; ${expected}` : `exports no vendor, but ${all}; ${expected}`]
}

const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return "a list"
  if (value instanceof Promise) return "a promise"
  return typeof value === "object" ? "an object" : `a ${typeof value}`
}

const minorOf = (version: string): string => version.split(".").slice(0, 2).join(".")

/** What another minor version of core has made does not fit. */
const foreign = (what: string, version: unknown): ReadonlyArray<string> => {
  if (minorOf(String(version)) === minorOf(Vendor.version)) return []
  return [
    `${what} is made with @colloquy/core ${String(version)}, and this command has ${Vendor.version}; take a version of the module for ${minorOf(Vendor.version)}, or of the command for ${minorOf(String(version))}`
  ]
}

/** A name is a subcommand, and a key of the configuration. */
const misnamed = ({ definition: { name } }: Vendor.Any): ReadonlyArray<string> =>
  /^[a-z][a-z\d-]*$/.test(name)
    ? []
    : [`its vendor is called ${JSON.stringify(name)}; a name has lower case letters, digits and -`]
