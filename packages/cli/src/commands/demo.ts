/**
 * `colloquy demo`: every vendor from end to end, against the emulator, without an account.
 */
import { EmulatorServer, Faults } from "@colloquy/emulator"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Demo from "../Demo.ts"
import { nonEmpty, ranged } from "../Flags.ts"

export const demo = Command.make(
  "demo",
  {
    out: nonEmpty(Flag.String("out")).pipe(
      Flag.withMetavar("DIR"),
      Flag.withDescription(
        "Folder for the archive history.db; only an archive that a demo left there is replaced (default: colloquy-demo)"
      ),
      Flag.withDefault("colloquy-demo")
    ),
    seed: ranged(Flag.Int("seed"), 0).pipe(
      Flag.withMetavar("N"),
      Flag.withDescription("Seed: the same seed gives the same conversations (default: 1)"),
      Flag.withDefault(1)
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Print the tables on stdout as JSON"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function* (flags) {
    const parsed = yield* Effect.orDie(Faults.parse(Demo.faults))
    const server = EmulatorServer.layer({
      seed: flags.seed,
      conversations: 20,
      messages: 650,
      token: Demo.token,
      faults: parsed
    })
    yield* Effect.provide(Demo.run(flags), server)
  })
).pipe(
  Command.withDescription(
    "Emulate every vendor with faults, sync all conversations over HTTP into an archive, and compare it with the emulator"
  ),
  Command.withExamples([
    { command: "colloquy demo", description: "Needs no account and no network" },
    {
      command: "colloquy demo --out /tmp/demo --json",
      description: "The tables as JSON, the archive in another folder"
    }
  ])
)
