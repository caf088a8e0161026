/**
 * `colloquy conversations <vendor>`: the list of conversations as NDJSON.
 */
import type { Vendor } from "@colloquy/core/vendor"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Flags from "../Flags.ts"
import * as Opening from "../Opening.ts"
import * as Read from "../Read.ts"
import * as Vendors from "../Vendors.ts"

const of = (vendor: Vendor.Any) =>
  Command.make(
    vendor.definition.name,
    { chosen: Vendors.flagsOf(vendor, "conversations"), ...Flags.ndjson },
    Effect.fnUntraced(function* ({ chosen, ...flags }) {
      yield* Vendors.checkList(vendor, chosen, "exactly one")
      yield* Read.conversations(yield* Opening.unopened(vendor, chosen, flags), flags)
    })
  ).pipe(
    Command.withDescription(
      `Conversations from ${vendor.definition.title} (${vendor.definition.tokenVariable})`
    ),
    Command.withExamples([
      {
        command: `colloquy conversations ${Vendors.exampleOf(vendor)}`,
        description: "The whole list to stdout"
      }
    ])
  )

export const conversations = (vendors: Vendors.Registry) =>
  Command.make("conversations").pipe(
    Command.withDescription("Read the list of conversations as NDJSON"),
    Command.withExamples([
      ...vendors.map((vendor) => ({
        command: `colloquy conversations ${Vendors.exampleOf(vendor)}`,
        description: `The list of ${vendor.definition.title} to stdout`
      })),
      { command: "colloquy conversations gptbots --help", description: "The flags of one vendor" }
    ]),
    Command.withSubcommands(vendors.map(of))
  )
