/**
 * `--wizard`: asks for a command and its flags, and runs it.
 *
 * Effect's wizard shows no description of a flag that is longer than its label, and ends with 0 if it is cancelled. Here
 * the command's help comes first, and a cancelled wizard is an interruption.
 */
import * as Command from "effect/cli/Command"
import * as Prompt from "effect/cli/Prompt"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { Ending } from "./Failure.ts"
import * as Invocation from "./Invocation.ts"

const flag = "--wizard"

/** Whether the arguments ask for the wizard. Help comes first. */
export const isAsked = (args: ReadonlyArray<string>): boolean =>
  args.includes(flag) && !["--help", "-h", "--version", "-v"].some((other) => args.includes(other))

const subcommandsOf = (command: Command.Command.Any): ReadonlyArray<Command.Command.Any> =>
  command.subcommands.flatMap(({ commands }) => commands)

/** The command that the arguments or, where they end, the answers name; the words are behind the root's name. */
const chosen = Effect.fnUntraced(function* (root: Command.Command.Any, args: ReadonlyArray<string>) {
  const words: Array<string> = []
  let command = root
  for (let below = subcommandsOf(root); below.length > 0; below = subcommandsOf(command)) {
    const given = below.find(({ name }) => name === args[words.length])
    const choices = below.map((each) => ({
      title: each.name,
      value: each,
      description: each.shortDescription ?? each.description ?? ""
    }))
    command = given ?? (yield* Prompt.run(Prompt.Select({ message: "Command", choices })))
    words.push(command.name)
  }
  return { command, words, rest: args.slice(words.length) }
})

/** Asks, and runs what was chosen. */
export const run = Effect.fnUntraced(
  function* <E, R>(
    root: Command.Command.Any,
    args: ReadonlyArray<string>,
    runWith: (args: ReadonlyArray<string>) => Effect.Effect<void, E, R>
  ) {
    const ending = yield* Ending
    const { stopped } = ending
    ending.stopped = "the wizard was cancelled, and nothing was run"
    const { command, rest, words } = yield* chosen(
      root,
      args.filter((arg) => arg !== flag)
    )
    yield* runWith([...words, "--help"])
    yield* Console.log()
    const ready = yield* Command.wizard(command, { prefix: [root.name, ...words, ...rest] })
    yield* Console.log(ready.map(Invocation.quoted).join(" "))
    const shouldRun = yield* Prompt.run(Prompt.Confirm({ message: "Run this command?", initial: true }))
    ending.stopped = stopped
    if (shouldRun) yield* runWith(ready.slice(1))
  },
  Effect.catchTag("QuitError", () => Effect.interrupt)
)
