/**
 * What a configuration says: its text, decoded and checked.
 */
import type { Vendor } from "@colloquy/core/vendor"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import * as Flags from "../Flags.ts"
import * as Nearest from "../terminal/Nearest.ts"
import * as Redaction from "../terminal/Redaction.ts"
import * as Vendors from "../Vendors.ts"
import * as Problems from "./problems.ts"
import * as Schemas from "./schema.ts"
import * as Toml from "./toml.ts"

/** A source of a configuration. */
export interface Source {
  readonly name: string
  readonly vendor: Vendor.Any
  readonly account: string
  readonly chosen: Vendors.Chosen
  /** How it is synced: its own words, else those of the defaults. */
  readonly reading: Schemas.Reading
}

/** The settings of a configuration. */
export interface Settings {
  readonly archive: string | Schemas.Secret | undefined
  readonly sources: ReadonlyArray<Source>
  /** The account of a vendor, if the configuration has it. */
  readonly account: (vendor: string, name: string) => Schemas.Account | undefined
  /** The names of a vendor's accounts. */
  readonly accountNames: (vendor: string) => ReadonlyArray<string>
}

/** The settings in a text; `name` is the file's, for messages. Fails with all that is wrong, a line for each. */
export const parse = (
  text: string,
  name: string,
  vendors: Vendors.Registry
): Result.Result<Settings, ReadonlyArray<string>> => {
  const document = Toml.parse(text)
  if (Result.isFailure(document)) {
    const { line, problem } = document.failure
    return Result.fail([`${name}:${line}: this is no TOML: ${problem}`])
  }
  const { lineOf, namesIn, value } = document.success
  return Result.mapError(decode(value, namesIn("sources"), vendors), (problems) =>
    problems
      .map(({ path, problem }) => ({ line: lineOf(path), text: `${path.map(key).join(".")} ${problem}` }))
      .toSorted((one, other) => one.line - other.line)
      .map(({ line, text }) => `${name}:${line}: ${text}`)
  )
}

/** The modules that a text names, and their line; none if it cannot be understood. */
export const modulesIn = (
  text: string
): { readonly modules: ReadonlyArray<string>; readonly line: number } => {
  const none = { modules: [], line: 1 }
  // Most configurations name none. To parse them twice would take time.
  if (!text.includes("vendors")) return none
  const document = Toml.parse(text)
  if (Result.isFailure(document)) return none
  const { lineOf, value } = document.success
  return { modules: isNaming(value) ? value.vendors : [], line: lineOf(["vendors"]) }
}

const isNaming = Schema.is(Schema.Struct({ vendors: Schema.Array(Schema.String) }))

/** A key as TOML writes it. */
const key = (name: string): string => (/^[\w-]+$/.test(name) ? name : JSON.stringify(name))

type Problem = Problems.Problem
type Checked<A> = Result.Result<A, ReadonlyArray<Problem>>

const decode = (
  value: unknown,
  order: ReadonlyArray<string>,
  vendors: Vendors.Registry
): Checked<Settings> => {
  const outline = Problems.decode(Schemas.Outline, value, [], keysAt)
  const { accounts = {}, archive, defaults = {} } = Result.getOrElse(outline, (): Schemas.Outline => ({}))
  const decoded = sourcesIn(value, order).map(([name, source]) =>
    decodeSource(name, source, defaults, vendors)
  )
  const sources = decoded.flatMap((each) => (Result.isSuccess(each) ? [each.success] : []))
  const problems = [
    ...(Result.isFailure(outline) ? outline.failure : []),
    ...passwordIn(archive),
    ...Object.keys(accounts).flatMap((vendor) => unknownVendor(["accounts", vendor], vendor, vendors)),
    ...decoded.flatMap((each) => (Result.isFailure(each) ? each.failure : [])),
    ...repeated(sources)
  ]
  if (problems.length > 0) return Result.fail(problems)
  return Result.succeed({
    archive,
    sources,
    account: (vendor, name) => valueOf(valueOf(accounts, vendor) ?? {}, name),
    accountNames: (vendor) => Object.keys(valueOf(accounts, vendor) ?? {})
  })
}

/** The tables of the sources, also if something else is wrong: all mistakes are told at once. */
const sourcesIn = (value: unknown, order: ReadonlyArray<string>): ReadonlyArray<readonly [string, Table]> => {
  const sources = Predicate.hasProperty(value, "sources") ? value.sources : undefined
  if (!Predicate.isObject(sources)) return []
  return order.flatMap((name) => {
    const table = sources[name]
    return Predicate.isObject(table) ? [[name, table] as const] : []
  })
}

const passwordIn = (archive: Settings["archive"]): ReadonlyArray<Problem> =>
  typeof archive === "string" && Redaction.redacted(archive) !== archive
    ? [{ path: ["archive"], problem: 'has a password in it; write where the URL is: { variable = "NAME" }' }]
    : []

const valueOf = <A>(record: Readonly<Record<string, A>>, name: string): A | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined

/** The keys of a table outside of the sources. */
const keysAt = (table: Toml.KeyPath): ReadonlyArray<string> => {
  const [first] = table
  if (first === undefined) return Object.keys(Schemas.Outline.fields)
  if (first === "defaults") return Object.keys(Schemas.Reading.fields)
  if (first === "accounts" && table.length === 3) return Object.keys(Schemas.Account.fields)
  return table.at(-1) === "rate-limit" ? ["requests", "window"] : ["variable", "file", "command"]
}

// ---------------------------------------------------------------------------------------------------------------
// Sources
// ---------------------------------------------------------------------------------------------------------------

const vendorNamed = (name: unknown, vendors: Vendors.Registry): Vendor.Any | undefined =>
  vendors.find(({ definition }) => definition.name === name)

const unknownVendor = (
  path: Toml.KeyPath,
  name: unknown,
  vendors: Vendors.Registry
): ReadonlyArray<Problem> => {
  if (vendorNamed(name, vendors) !== undefined) return []
  const names = Vendors.namesOf(vendors)
  if (name === undefined) return [{ path, problem: `is missing; give one of ${names.join(", ")}` }]
  return [{ path, problem: Problems.unexpected(String(name), names, "names no vendor") }]
}

/** The keys of a source that every vendor has. */
const Common = Schema.Struct({ account: Schema.optionalKey(Schema.String), ...Schemas.Reading.fields })
const decodeCommon = Schema.decodeUnknownSync(Common)

type Table = Readonly<Record<string, unknown>>

const decodeSource = (
  name: string,
  table: Table,
  defaults: Schemas.Reading,
  vendors: Vendors.Registry
): Checked<Source> => {
  const path = ["sources", name]
  if (name.trim() === "") return Result.fail([{ path, problem: "needs a name" }])
  const vendor = vendorNamed(table["vendor"], vendors)
  if (vendor === undefined) return Result.fail(unknownVendor([...path, "vendor"], table["vendor"], vendors))
  const schema = Schemas.sourceOf(vendor)
  const checked = Problems.decode(schema, table, path, () => Object.keys(schema.fields))
  if (Result.isFailure(checked)) return Result.fail(withoutMeant(checked.failure))
  const { account = "default", ...reading } = decodeCommon(table)
  const chosen = chosenIn(vendor, table)
  const { listedBy = [] } = vendor.definition
  if (listedBy.length > 0 && !listedBy.some((option) => chosen[option] !== undefined)) {
    return Result.fail([{ path, problem: `needs ${listedBy.map(Vendors.flagName).join(" or ")}` }])
  }
  const standard =
    vendor.definition.serverChoosesPageSize === true ? Struct.omit(defaults, ["page-size"]) : defaults
  return Result.succeed({ name, vendor, account, chosen, reading: { ...standard, ...reading } })
}

/** Leaves out that a key is missing where a mistyped one was meant for it. */
const withoutMeant = (problems: ReadonlyArray<Problem>): ReadonlyArray<Problem> =>
  problems.filter(
    ({ path, problem }) =>
      problem !== Problems.missing ||
      !problems.some((other) => other.problem.endsWith(Nearest.meaning(path.at(-1) ?? "")))
  )

/** The vendor's options in a checked table. */
const chosenIn = (vendor: Vendor.Any, table: Table): Vendors.Chosen =>
  Object.fromEntries(
    [...Schemas.optionsOf(vendor)].map(([key, { kind, name }]) => {
      const value = table[key]
      if (typeof value === "number") return [name, value]
      if (typeof value !== "string") return [name, undefined]
      return [name, kind === "epochMillis" ? Option.getOrUndefined(Flags.timeOf(value)) : value]
    })
  )

/** The values of all options, in their order. */
const withDefaults = (vendor: Vendor.Any, chosen: Vendors.Chosen): ReadonlyArray<unknown> =>
  [...Schemas.optionsOf(vendor).values()].map((option) => chosen[option.name] ?? option.default)

/** Two sources that read the same conversations. */
const repeated = (sources: ReadonlyArray<Source>): ReadonlyArray<Problem> => {
  const first = new Map<string, string>()
  return sources.flatMap(({ account, chosen, name, vendor }) => {
    const what = JSON.stringify([vendor.definition.name, account, withDefaults(vendor, chosen)])
    const other = first.get(what)
    if (other === undefined) first.set(what, name)
    return other === undefined
      ? []
      : [{ path: ["sources", name], problem: `reads the same as ${other}; leave one out` }]
  })
}
