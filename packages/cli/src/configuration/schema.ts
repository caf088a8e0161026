/**
 * The schemas of a configuration. A source's keys are the flags of `sync`, without the dashes in front.
 */
import type { OptionFacts, Vendor } from "@colloquy/core/vendor"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Flags from "../Flags.ts"
import * as Vendors from "../Vendors.ts"

const Text = Schema.String.check(Schema.isNonEmpty({ expected: "text that is not empty" }))

const text = (description: string) => Text.annotate({ description })

const whole = (least: number, most: number, description: string) =>
  Schema.Finite.check(
    Schema.isInt({ expected: "a whole number" }).abort(),
    Schema.isBetween(
      { minimum: least, maximum: most },
      {
        expected: `a whole number${most === Number.MAX_SAFE_INTEGER ? `, ${least} or more` : ` from ${least} to ${most}`}`
      }
    )
  ).annotate({ description })

const duration = (description: string) =>
  Schema.String.annotate({ description }).check(
    Schema.makeFilter((value) => Option.isSome(Flags.durationOf(value)), {
      expected: 'a duration such as "7d", "12h" or "90min"'
    })
  )

const most = Number.MAX_SAFE_INTEGER

// ---------------------------------------------------------------------------------------------------------------
// Accounts
// ---------------------------------------------------------------------------------------------------------------

const where =
  'where it is, such as { variable = "NAME" }, { file = "PATH" } or { command = ["PROGRAM", "ARGUMENT"] }'

/** Where a secret is. A configuration never has the secret itself. */
export const Secret = Schema.Struct({
  variable: Schema.optionalKey(text("The variable that holds it")),
  file: Schema.optionalKey(text("The file that holds it; relative to the configuration's folder")),
  command: Schema.optionalKey(
    Schema.Array(Text)
      .check(
        Schema.isMinLength(1, {
          expected: 'a program and its arguments, such as ["pass", "show", "chatling"]'
        })
      )
      .annotate({
        description: "A program and its arguments; what it prints is the secret. No shell is involved"
      })
  )
})
  .annotate({
    description: "Where a secret is: a variable, a file or a command",
    message: `must say ${where}; a secret itself does not belong here`
  })
  .check(Schema.makeFilter((place) => Object.keys(place).length === 1, { expected: where }))
export interface Secret extends Schema.Schema.Type<typeof Secret> {}

/** An account: one token, one budget of requests. */
export const Account = Schema.Struct({
  token: Schema.optionalKey(Secret),
  "base-url": Schema.optionalKey(
    Schema.String.annotate({ description: "Base URL instead of the vendor's own" }).check(
      Schema.isPattern(/^https?:\/\//, {
        expected: "a URL that begins with https:// or, on this machine, http://"
      })
    )
  ),
  "rate-limit": Schema.optionalKey(
    Schema.Struct({
      requests: whole(1, most, "Requests in each window"),
      window: duration("The window, such as 1m")
    }).annotate({ description: "Your plan's limit of requests, if it is not the documented one" })
  ),
  timeout: Schema.optionalKey(duration("The time for one try of a request (default: 30s)")),
  retries: Schema.optionalKey(whole(0, 100, "Retries of a failed request (default: 4)"))
})
export interface Account extends Schema.Schema.Type<typeof Account> {}

// ---------------------------------------------------------------------------------------------------------------
// Sources
// ---------------------------------------------------------------------------------------------------------------

/** How a source is synced. */
export const Reading = Schema.Struct({
  parallel: Schema.optionalKey(whole(1, 64, "Conversations to read at once (default: 4)")),
  lookback: Schema.optionalKey(
    duration("Read conversations in full if they were active within this time (default: none)")
  ),
  "quarantine-rows": Schema.optionalKey(
    whole(0, most, "Stop if more records cannot be decoded (default: 100)")
  ),
  "quarantine-share": Schema.optionalKey(
    Schema.Finite.check(
      Schema.isBetween({ minimum: 0, maximum: 1 }, { expected: "a number from 0 to 1" })
    ).annotate({
      description: "Stop if more than this share of the records cannot be decoded (default: 0.1)"
    })
  ),
  "page-size": Schema.optionalKey(whole(1, most, "Rows to ask for in each request (default: the vendor's)")),
  concurrency: Schema.optionalKey(whole(1, 64, "Pages of one listing to fetch at once (default: 1)")),
  "max-pages": Schema.optionalKey(
    whole(1, most, "Most pages to read of one listing; a longer listing fails (default: no limit)")
  )
})
export interface Reading extends Schema.Schema.Type<typeof Reading> {}

const optionOf = ({ choices, default: standard, description, kind }: OptionFacts.OptionFacts) => {
  const annotations = {
    description: standard === null ? description : `${description} (default: ${standard})`
  }
  switch (kind) {
    case "choice":
      return Schema.Literals(choices).annotate(annotations)
    case "number":
      return Schema.Finite.annotate(annotations)
    case "epochMillis":
      return Schema.String.annotate(annotations).check(
        Schema.makeFilter((value) => Option.isSome(Flags.timeOf(value)), {
          expected: "a time such as 2024-06-01"
        })
      )
    case "text":
      return text(annotations.description)
  }
}

/** The options of a vendor in a configuration, by key. */
export const optionsOf = (vendor: Vendor.Any): ReadonlyMap<string, OptionFacts.OptionFacts> =>
  new Map(Vendors.optionsOf(vendor, "sync").map((option) => [Vendors.flagName(option.name), option]))

const serverChooses = (title: string) =>
  Schema.Never.annotate({ message: `must be left out: ${title}'s server chooses the page size` })

/** The schema of a vendor's sources. */
export const sourceOf = (vendor: Vendor.Any) => {
  const { name, serverChoosesPageSize, title } = vendor.definition
  return Schema.Struct({
    vendor: Schema.Literal(name).annotate({ description: title }),
    account: Schema.optionalKey(text("The account, by its name (default: default)")),
    ...Object.fromEntries(
      [...optionsOf(vendor)].map(([key, option]) => [
        key,
        option.isRequired ? optionOf(option) : Schema.optionalKey(optionOf(option))
      ])
    ),
    ...Reading.fields,
    ...(serverChoosesPageSize === true ? { "page-size": Schema.optionalKey(serverChooses(title)) } : {})
  })
}

// ---------------------------------------------------------------------------------------------------------------
// The whole
// ---------------------------------------------------------------------------------------------------------------

const Archive = Schema.Union([Text, Secret]).annotate({
  description: "The archive: an SQLite file, a postgres:// URL without a password, or where the URL is",
  expected: 'a file, a URL, or { variable = "NAME" }'
})

const Modules = Schema.Array(Text).annotate({
  description: "Modules to take vendors from: a file, relative to the configuration's folder, or a package",
  expected: 'a list of modules, such as ["./acme.ts", "colloquy-vendor-acme"]'
})

const wholeOf = <Source extends Schema.Constraint>(source: Source) =>
  Schema.Struct({
    archive: Schema.optionalKey(Archive),
    vendors: Schema.optionalKey(Modules),
    defaults: Schema.optionalKey(
      Reading.annotate({ description: "How sources are synced, unless they say otherwise" })
    ),
    accounts: Schema.optionalKey(
      Schema.Record(Schema.String, Schema.Record(Schema.String, Account)).annotate({
        description: "Accounts by vendor and name, such as [accounts.chatling.eu]"
      })
    ),
    sources: Schema.optionalKey(
      Schema.Record(Schema.String, source).annotate({
        description: "What colloquy sync brings up to date, by a name of your choice"
      })
    )
  })

/** A configuration whose sources are still to be decoded by the schemas of their vendors. */
export const Outline = wholeOf(Schema.Record(Schema.String, Schema.Unknown))
export interface Outline extends Schema.Schema.Type<typeof Outline> {}

/** The whole as JSON Schema, for editors. */
export const jsonSchema = (vendors: Vendors.Registry): unknown => {
  const document = Schema.toJsonSchemaDocument(wholeOf(Schema.Union(vendors.map(sourceOf))), {
    onExcessProperty: "error"
  })
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "colloquy.toml",
    ...document.schema,
    $defs: document.definitions
  }
}
