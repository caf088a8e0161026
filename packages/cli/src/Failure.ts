/**
 * How a command fails: one line on stderr, and an exit code that a script can tell apart.
 */
import { type Reason, SourceError } from "@colloquy/core"
import * as Cause from "effect/Cause"
import * as CliError from "effect/cli/CliError"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

/** Flags, variables or files that do not fit together, with what would. */
export class UsageError extends Schema.TaggedError<UsageError>()("UsageError", { problem: Schema.String }) {
  override get message(): string {
    return this.problem
  }
}

/** A file could not be read or written. */
export class StorageError extends Schema.TaggedError<StorageError>()("StorageError", {
  problem: Schema.String
}) {
  override get message(): string {
    return this.problem
  }
}

/** What was read is not what was there. Only `demo` can know. */
export class MismatchError extends Schema.TaggedError<MismatchError>()("MismatchError", {
  problem: Schema.String
}) {
  override get message(): string {
    return this.problem
  }
}

/** The exit code of each reason; part of the command line's contract. */
const exitCodes: Readonly<Record<Reason["_tag"], number>> = {
  InvalidRequest: 2,
  Unauthorized: 3,
  Forbidden: 3,
  NotFound: 4,
  Unavailable: 5,
  RateLimited: 5,
  QuotaExhausted: 5,
  Timeout: 5,
  Transport: 5,
  IncompleteWalk: 6,
  InvalidResponse: 7
}

/** A failure as the shell and the person see it. */
export interface Report {
  readonly exitCode: number
  /** `Usage`, `NotFound`, …: the first word of the error line. */
  readonly reason: string
  readonly message: string
}

const isSourceError = Schema.is(SourceError)
const isUsageError = Schema.is(UsageError)
const isStorageError = Schema.is(StorageError)
const isMismatchError = Schema.is(MismatchError)

/** What a failed command reports. */
export const report = (cause: Cause.Cause<unknown>): Report => {
  if (Cause.hasInterruptsOnly(cause)) {
    return {
      exitCode: 130,
      reason: "Interrupted",
      message: "stopped before the end; run it again to read it whole"
    }
  }
  const error = Cause.squash(cause)
  if (isSourceError(error)) return sourceReport(error)
  if (isUsageError(error)) return usage(error.message)
  if (isStorageError(error)) return { exitCode: 8, reason: "Storage", message: error.message }
  if (isMismatchError(error)) return { exitCode: 1, reason: "Mismatch", message: error.message }
  if (CliError.isCliError(error)) return usage(cliMessage(error))
  const message = Predicate.isError(error) ? error.message : "an unexpected failure"
  return {
    exitCode: 1,
    reason: "Defect",
    message: `${message}; this is a mistake in Colloquy, please report it`
  }
}

const sourceReport = (error: SourceError): Report => ({
  exitCode: exitCodes[error.reason._tag],
  reason: error.reason._tag,
  message: error.message
})

const usage = (message: string): Report => ({ exitCode: 2, reason: "Usage", message })

const cliMessage = (error: CliError.CliError): string => {
  if (error._tag !== "ShowHelp") return error.message
  if (error.errors.length === 0) return "a command is missing; the help above lists them"
  return error.errors.map((each) => each.message.replaceAll(/\s+/g, " ")).join("; ")
}

/** The last line on stderr: one line, whatever is in it. */
export const line = ({ message, reason }: Report): string =>
  `error: ${reason}: ${message.replaceAll(/[\r\n]+/g, " ")}`

/** The exit code of a finished command. */
export const exitCodeOf = (exit: Exit.Exit<unknown, unknown>): number =>
  Exit.isSuccess(exit) ? 0 : report(exit.cause).exitCode
