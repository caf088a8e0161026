/**
 * `colloquy emulate`: the vendors' APIs on loopback, for as long as it runs.
 */
import { emulations, EmulatorServer, Faults } from "@colloquy/emulator"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { UsageError } from "../Failure.ts"
import * as Output from "../Output.ts"

const kinds = Faults.table.map(({ kind, meaning }) => `  ${kind.padEnd(18)} ${meaning}`).join("\n")

const natural = (name: string, least: number) =>
  Flag.Int(name).pipe(
    Flag.withMetavar("N"),
    Flag.filter(
      (value) => value >= least,
      (value) => `--${name} must be ${least} or more, got ${value}`
    )
  )

const codeOf = (cause: unknown): string =>
  Predicate.hasProperty(cause, "code") ? String(cause.code) : "no reason told"

/** A port that cannot be listened on, in what can be done about it. */
const unserved = (port: number, cause: unknown): UsageError =>
  new UsageError({
    problem: `port ${port} on 127.0.0.1 cannot be listened on (${codeOf(cause)}); give another --port, or 0 for a free one`
  })

export const emulate = Command.make(
  "emulate",
  {
    port: natural("port", 0).pipe(
      Flag.filter(
        (value) => value < 65_536,
        () => "a port from 0 to 65535"
      ),
      Flag.withDescription("Port on 127.0.0.1; 0 takes a free one (default: 8787)"),
      Flag.withDefault(8787)
    ),
    seed: natural("seed", 0).pipe(
      Flag.withDescription("Seed of the conversations (default: 1)"),
      Flag.withDefault(1)
    ),
    conversations: natural("conversations", 1).pipe(
      Flag.withDescription("Conversations of each vendor (default: 12)"),
      Flag.withDefault(12)
    ),
    messages: natural("messages", 0).pipe(
      Flag.withDescription(
        "Messages of the largest conversation; ten million need no more memory than ten (default: 120)"
      ),
      Flag.withDefault(120)
    ),
    token: Flag.String("token").pipe(
      Flag.withMetavar("WORD"),
      Flag.withDescription(
        "The one token that is accepted; a made-up one, as this is no vendor (default: emulator-token)"
      ),
      Flag.withDefault("emulator-token")
    ),
    faults: Flag.String("faults").pipe(
      Flag.withMetavar("LIST"),
      Flag.withDescription(
        "What goes wrong: kind[=value][@first:n|@every:n|@nth:n|@p:0.1][/vendor], separated by commas (default: nothing)"
      ),
      Flag.withDefault("")
    )
  },
  Effect.fnUntraced(function* ({ faults, ...options }) {
    const parsed = yield* Effect.mapError(
      Faults.parse(faults),
      (error) => new UsageError({ problem: `--faults: ${error.message}` })
    )
    const server = EmulatorServer.layer({ ...options, faults: parsed })
    return yield* serve(options.token).pipe(
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

const serve = Effect.fnUntraced(function* (token: string) {
  const { baseUrl } = yield* EmulatorServer
  yield* Output.print(usage(baseUrl, token))
  return yield* Effect.never
})

const usage = (baseUrl: string, token: string): string =>
  [
    `listening on ${baseUrl}`,
    "",
    "what is there:",
    `  curl ${baseUrl}/emulator/truth`,
    "read it:",
    ...Object.values(emulations).map(({ usage }) => `  ${usage({ token, baseUrl })}`)
  ].join("\n")
