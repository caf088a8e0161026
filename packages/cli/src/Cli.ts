/**
 * The `colloquy` command: its subcommands, its services, and how it ends.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Stdio from "effect/Stdio"
import { conversations } from "./commands/conversations.ts"
import { demo } from "./commands/demo.ts"
import { emulate } from "./commands/emulate.ts"
import { forget } from "./commands/forget.ts"
import { init } from "./commands/init.ts"
import { pull } from "./commands/pull.ts"
import { quarantine } from "./commands/quarantine.ts"
import { status } from "./commands/status.ts"
import { sync } from "./commands/sync.ts"
import * as Completion from "./Completion.ts"
import * as Configuration from "./Configuration.ts"
import * as Failure from "./Failure.ts"
import * as Invocation from "./Invocation.ts"
import * as Modules from "./Modules.ts"
import * as Output from "./Output.ts"
import * as Presenter from "./Presenter.ts"
import { layerLogger, ProgressLine } from "./terminal/ProgressLine.ts"
import * as Vendors from "./Vendors.ts"
import * as Wizard from "./Wizard.ts"

/** The version that `--version` prints. */
export const version = "0.1.0"

/** Makes the `colloquy` command, with subcommands for these vendors. */
export const make = (known: Modules.Known) => {
  const { vendors } = known
  return Command.make("colloquy").pipe(
    Command.withDescription(
      [
        "Reads conversation history from chatbot vendors. If a command exits with 0, you have every message.",
        "",
        "Archive: an SQLite file or a postgres:// URL, given as --archive or in COLLOQUY_ARCHIVE.",
        `Tokens: ${vendors.map(({ definition }) => definition.tokenVariable).join(", ")}, or …_FILE to name a file.`,
        "Exit codes: 0 complete, 2 usage, 3 token refused, 4 not found, 5 vendor or network, 6 listing incomplete, 7 answer not as documented, 8 file or archive, 130 interrupted, 1 a mistake in Colloquy."
      ].join("\n  ")
    ),
    Command.withSubcommands([
      demo,
      init,
      pull(vendors),
      conversations(vendors),
      sync(vendors),
      status(vendors),
      quarantine(vendors),
      forget(vendors),
      emulate(known)
    ]),
    Command.withGlobalFlags([Configuration.flag, Modules.flag])
  )
}

const services = (unwritten: Presenter.Unwritten, vendors: Vendors.Registry) =>
  Layer.mergeAll(
    NodeHttpClient.layerUndici,
    Presenter.layer(unwritten),
    Layer.unwrap(
      Stdio.Stdio.useSync((stdio) => Completion.layer(Presenter.printing(unwritten, stdio), vendors))
    ),
    ProgressLine.layer,
    layerLogger
  ).pipe(Layer.provideMerge(NodeServices.layer))

/** How long an interrupted command may take to clean up. */
const grace = "2 seconds"

/** Makes an interruption end the effect, even if a finalizer waits for a server that does not answer. */
const endable = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.forkDetach(effect), (fiber) =>
      Effect.onInterrupt(restore(Fiber.join(fiber)), () =>
        Effect.timeoutOption(Effect.interruptible(Fiber.interrupt(fiber)), grace)
      )
    )
  )

/** Runs the command. After a failure the last line on stderr says why. */
export const run = Effect.fnUntraced(function* (
  args: ReadonlyArray<string>,
  ending: Failure.Ending = Failure.makeEnding()
) {
  yield* Effect.flatMap(Modules.load(args), (known) => runWith(known, args, ending)).pipe(
    Effect.provide(NodeServices.layer),
    endable,
    Effect.onExit((exit) => {
      if (Exit.isSuccess(exit)) return Effect.void
      if (Failure.stoppedWell(exit, ending)) return Output.say(ending.stopped)
      return Console.error(Failure.line(Failure.report(exit.cause, ending.stopped)))
    })
  )
})

/** Runs the command with the vendors that are known. */
const runWith = Effect.fnUntraced(function* (
  known: Modules.Known,
  args: ReadonlyArray<string>,
  ending: Failure.Ending
) {
  const { flagged, unread, vendors } = known
  const colloquy = make(known)
  const unwritten = yield* Ref.make(Option.none<Failure.StorageError>())
  const run = Command.runWith(colloquy, { version })
  yield* (Wizard.isAsked(args) ? Wizard.run(colloquy, args, run) : run(args)).pipe(
    Effect.andThen(
      Effect.flatMap(Ref.get(unwritten), Option.match({ onNone: () => Effect.void, onSome: Effect.fail }))
    ),
    Effect.onError((cause) =>
      // The presenter has said where the help is behind an error of the arguments' form.
      Failure.isUsageError(cause) ? Presenter.sayHelp(colloquy, args) : Modules.sayUnread(unread, cause)
    ),
    Effect.provide(services(unwritten, vendors)),
    Effect.provideService(Failure.Ending, ending),
    Effect.provideService(Vendors.All, vendors),
    Effect.provideService(Invocation.Modules, flagged)
  )
})
