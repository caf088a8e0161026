/**
 * `colloquy emulate`: serves the vendors' APIs on loopback until it is stopped.
 */
import { type Emulation, emulations, EmulatorServer, Faults, FromDefinition } from "@colloquy/emulator"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { UsageError } from "../Failure.ts"
import * as Flags from "../Flags.ts"
import * as Invocation from "../Invocation.ts"
import type * as Modules from "../Modules.ts"
import * as Output from "../Output.ts"
import * as Vendors from "../Vendors.ts"

const kinds = Faults.table.map(({ kind, meaning }) => `  ${kind.padEnd(18)} ${meaning}`).join("\n")

const count = (name: string, least: number, most?: number) =>
  Flag.withMetavar(Flags.ranged(Flag.Int(name), least, most), "N")

const codeOf = (cause: unknown): string =>
  Predicate.hasProperty(cause, "code") ? String(cause.code) : "no reason given"

/** The error for a port that cannot be listened on. */
const unserved = (port: number, cause: unknown): UsageError =>
  new UsageError({
    problem: `port ${port} on 127.0.0.1 cannot be listened on (${codeOf(cause)}); give another --port, or 0 for a free one`
  })

const flags = {
  port: count("port", 0, 65_535).pipe(
    Flag.withDescription("Port on 127.0.0.1; 0 picks a free one (default: 8787)"),
    Flag.withDefault(8787)
  ),
  seed: count("seed", 0).pipe(
    Flag.withDescription("Seed of the conversations (default: 1)"),
    Flag.withDefault(1)
  ),
  conversations: count("conversations", 1).pipe(
    Flag.withDescription("Conversations of each vendor (default: 12)"),
    Flag.withDefault(12)
  ),
  messages: count("messages", 0).pipe(
    Flag.withDescription(
      "Messages of the largest conversation; memory use does not depend on it (default: 120)"
    ),
    Flag.withDefault(120)
  ),
  token: Flags.nonEmpty(Flag.String("token")).pipe(
    Flag.withMetavar("WORD"),
    Flag.withDescription(
      "The only token that is accepted; use a made-up one, not a vendor's (default: emulator-token)"
    ),
    Flag.withDefault("emulator-token")
  ),
  faults: Flag.String("faults").pipe(
    Flag.withMetavar("LIST"),
    Flag.withDescription(
      "Faults to inject: kind[=value][@first:n|@every:n|@nth:n|@p:0.1][/vendor], separated by commas (default: none)"
    ),
    Flag.withDefault("")
  )
}

export const emulate = (known: Modules.Known) =>
  Command.make(
    "emulate",
    flags,
    Effect.fnUntraced(function* ({ faults, ...options }) {
      const also = yield* emulationsOf(known)
      const parsed = yield* Effect.mapError(
        Faults.parse(
          faults,
          also.map(({ vendor }) => vendor)
        ),
        (error) => new UsageError({ problem: `--faults: ${error.message}` })
      )
      const server = EmulatorServer.layer({ ...options, faults: parsed, also })
      return yield* serve(options.token, also).pipe(
        Effect.provide(server),
        Effect.catchTag("ServeError", ({ cause }) => Effect.fail(unserved(options.port, cause)))
      )
    })
  ).pipe(
    Command.withDescription(
      `Serve the vendors' APIs as documented, on loopback, until Ctrl-C.\n\nFaults for --faults:\n${kinds}`
    ),
    Command.withShortDescription("Serve the vendors' APIs as documented, on loopback"),
    Command.withExamples([
      {
        command: "colloquy emulate --port 8787",
        description: "Then: colloquy pull … --base-url http://127.0.0.1:8787"
      },
      {
        command: "colloquy emulate --faults '429=1@every:20/chatling,latency=50,truncate@p:0.05'",
        description: "Rate limits, slow answers and broken bodies"
      }
    ])
  )

/** The emulations of the vendors that modules have: their own, else by their definitions. */
const emulationsOf = ({ emulations, vendors }: Modules.Known) =>
  Effect.forEach(
    vendors.slice(Vendors.vendors.length),
    (vendor): Effect.Effect<Emulation.Emulation, UsageError> => {
      const { name } = vendor.definition
      const own = emulations.find((each) => each.vendor === name)
      if (own !== undefined) return Effect.succeed(own)
      const [, ...flags] = Vendors.exampleOf(vendor).split(" ")
      return Effect.mapError(
        Effect.fromResult(FromDefinition.make(vendor, { flags })),
        ({ message }) => new UsageError({ problem: `${name} cannot be emulated: ${message}` })
      )
    }
  )

const serve = Effect.fnUntraced(function* (token: string, also: ReadonlyArray<Emulation.Emulation>) {
  const { baseUrl } = yield* EmulatorServer
  const lines = (all: ReadonlyArray<Emulation.Emulation>, flags: string) =>
    all.map(({ usage }) => `  ${usage({ token, baseUrl })}${flags}`)
  const reading = [...lines(Object.values(emulations), ""), ...lines(also, yield* Invocation.moduleFlags)]
  yield* Output.print(usage(baseUrl, reading).replaceAll(" colloquy ", ` ${yield* Invocation.name} `))
  return yield* Effect.never
})

const usage = (baseUrl: string, reading: ReadonlyArray<string>): string =>
  [
    `listening on ${baseUrl}`,
    "",
    "what it holds:",
    `  curl ${baseUrl}/emulator/truth`,
    "read it:",
    ...reading
  ].join("\n")
