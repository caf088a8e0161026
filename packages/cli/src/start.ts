/**
 * Runs the command as this process: signals, exit code, closed pipes.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { constVoid } from "effect/Function"
import * as Cli from "./Cli.ts"
import * as Failure from "./Failure.ts"

/** Starts the command and sets the exit code of the process. */
export const start = (args: ReadonlyArray<string>): void => {
  // A closed pipe also raises an error event; the failed write has handled it already.
  process.stdout.on("error", constVoid)
  process.stderr.on("error", constVoid)
  const ending = Failure.makeEnding()
  NodeRuntime.runMain(Cli.run(args, ending), {
    disableErrorReporting: true,
    teardown: (exit, onExit) => onExit(Failure.exitCodeOf(exit, ending))
  })
}
