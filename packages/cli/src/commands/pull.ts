/**
 * `colloquy pull <vendor>`: messages as NDJSON.
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
    { chosen: Vendors.flagsOf(vendor, "pull"), ...Flags.which, ...Flags.ndjson },
    Effect.fnUntraced(function* ({ chosen, ...flags }) {
      const conversationId = yield* Flags.conversationOf(flags)
      yield* conversationId === undefined
        ? Vendors.checkList(vendor, chosen, "at least one")
        : Vendors.checkMessages(vendor, chosen)
      yield* Read.pull(yield* Opening.unopened(vendor, chosen, flags), flags, conversationId)
    })
  ).pipe(
    Command.withDescription(`Messages from ${vendor.definition.title} (${vendor.definition.tokenVariable})`),
    Command.withExamples([
      {
        command: `colloquy pull ${Vendors.exampleOf(vendor)} --conversation 42`,
        description: "One conversation to stdout"
      },
      {
        command: `colloquy pull ${Vendors.exampleOf(vendor)} --all --out messages.ndjson`,
        description: "Every conversation to a file"
      }
    ])
  )

export const pull = (vendors: Vendors.Registry) =>
  Command.make("pull").pipe(
    Command.withDescription(
      "Read messages as NDJSON, of one conversation or with --all of every conversation"
    ),
    Command.withExamples([
      ...vendors.map((vendor) => ({
        command: `colloquy pull ${Vendors.exampleOf(vendor)} --all`,
        description: `Every message from ${vendor.definition.title} to stdout`
      })),
      { command: "colloquy pull gptbots --help", description: "The flags of one vendor" }
    ]),
    Command.withSubcommands(vendors.map(of))
  )
