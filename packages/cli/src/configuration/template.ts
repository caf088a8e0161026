/**
 * The configuration that `colloquy init` writes: everything that can be said, in comments.
 */
import { Connection } from "@colloquy/core"
import type { OptionFacts, Vendor } from "@colloquy/core/vendor"
import type * as Vendors from "../Vendors.ts"
import * as Schemas from "./schema.ts"

/** The file with the JSON Schema, beside the configuration. */
export const schemaFile = "colloquy.schema.json"

const headOf = ({ definition }: Vendor.Any): string => {
  const variable = Connection.variableOf(definition.tokenVariable, "eu")
  return `#:schema ./${schemaFile}
# The configuration of colloquy. "colloquy sync" brings every source below up to date.
#
# It holds no token: it says where each token is. It is used only if nobody but you can write it.
# A flag wins over a variable, and a variable over this file.

# The archive: an SQLite file (relative to this file), or where the URL of a Postgres is.
archive = "history.db"
# archive = { variable = "DATABASE_URL" }

# Modules that have vendors of your own: a file (relative to this file), or a package.
# vendors = ["./acme.ts", "colloquy-vendor-acme"]

# How sources are synced, unless they say otherwise.
# [defaults]
# parallel = 4          # conversations of a source to read at once
# lookback = "7d"       # also read in full what was active in this time, to find edits and feedback

# An account is one token and one budget of requests; it may have several sources. An account that is not here has
# its token in a variable, such as ${definition.tokenVariable}, or ${variable} for the account eu.
# [accounts.${definition.name}.eu]
# token = { file = "${definition.name}-eu.token" }
# token = { variable = "MY_TOKEN" }
# token = { command = ["pass", "show", "${definition.name}-eu"] }
# rate-limit = { requests = 100, window = "1m" }
# timeout = "30s"
# retries = 4
# base-url = "https://proxy.example"

# Sources, by a name of your choice. The keys are the flags of "colloquy sync VENDOR".
`
}

const valueOf = ({ choices, example, kind, metavar }: OptionFacts.OptionFacts): string => {
  if (kind === "number") return example ?? "1"
  if (kind === "epochMillis") return `"2024-06-01"`
  return JSON.stringify(example ?? choices[0] ?? metavar)
}

const sectionOf = (vendor: Vendor.Any): string => {
  const { listedBy, name, title } = vendor.definition
  const options = [...Schemas.optionsOf(vendor)].map(([key, option]) => {
    const isNeeded = option.isRequired || listedBy?.[0] === option.name
    return `# ${isNeeded ? "" : "# "}${key} = ${valueOf(option)}    # ${option.description}`
  })
  return [
    `# ${title}`,
    `# [sources.${name}]`,
    `# vendor = "${name}"`,
    `# # account = "eu"    # (default: default)`,
    ...options
  ].join("\n")
}

/** The text. */
export const text = (vendors: Vendors.Registry): string =>
  `${headOf(vendors[0])}\n${vendors.map(sectionOf).join("\n\n")}\n`
