/**
 * How a command fails: one line on stderr, and an exit code for scripts.
 */
import { ArchiveError, type Sync } from "@colloquy/archive"
import { type Reason, SourceError } from "@colloquy/core"
import * as Cause from "effect/Cause"
import * as CliError from "effect/cli/CliError"
import * as Context from "effect/Context"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Nearest from "./terminal/Nearest.ts"
import * as Redaction from "./terminal/Redaction.ts"
import * as Table from "./terminal/Table.ts"

/** Flags, variables or files that cannot be used; the problem says what to give instead. */
export class UsageError extends Schema.TaggedError<UsageError>()("UsageError", {
  problem: Schema.String,
  /** Whether it may pass without a change of flags or files, such as a command that gives no token just now. */
  mayPass: Schema.optionalKey(Schema.Boolean)
}) {
  override get message(): string {
    return this.problem
  }
}

const isUsage = Schema.is(UsageError)

/** Whether a command refused its flags, variables or files. */
export const isUsageError = (cause: Cause.Cause<unknown>): boolean => isUsage(Cause.squash(cause))

/** A file could not be read or written. */
export class StorageError extends Schema.TaggedError<StorageError>()("StorageError", {
  problem: Schema.String
}) {
  override get message(): string {
    return this.problem
  }
}

/** The archive differs from the emulator's data. Only `demo` fails with it. */
export class MismatchError extends Schema.TaggedError<MismatchError>()("MismatchError", {
  problem: Schema.String
}) {
  override get message(): string {
    return this.problem
  }
}

/** The archive does not exist. */
export class MissingArchive extends Schema.TaggedError<MissingArchive>()("MissingArchive", {
  problem: Schema.String
}) {
  override get message(): string {
    return this.problem
  }
}

/** Nothing has that name, and nothing was done. */
export class NothingFound extends Schema.TaggedError<NothingFound>()("NothingFound", {
  problem: Schema.String
}) {
  override get message(): string {
    return this.problem
  }
}

/** Some conversations of the archive are not complete. Only `status --strict` fails with it. */
export class ShortError extends Schema.TaggedError<ShortError>()("ShortError", { problem: Schema.String }) {
  override get message(): string {
    return this.problem
  }
}

/** A sync came to its end, but some of its conversations or sources failed. */
export class PartialSync extends Schema.TaggedError<PartialSync>()("PartialSync", {
  /** The reason of the first failure, such as `IncompleteWalk`. */
  reason: Schema.String,
  /** The exit code, if it does not follow from the reason. */
  exitCode: Schema.optional(Schema.Int),
  problem: Schema.String
}) {
  override get message(): string {
    return this.problem
  }
}

/** How an interruption ends the command. */
export interface Ending {
  /** What is said then. A command that can be resumed replaces it. */
  stopped: string
  /** Whether being stopped is the command's normal end, with exit code 0. */
  stopsWell: boolean
}

/** An ending, before a command changes it. */
export const makeEnding = (): Ending => ({
  stopped: "stopped before the end; run it again to read it whole",
  stopsWell: false
})

/** The ending of the running command. */
export const Ending = Context.Reference<Ending>("colloquy/Ending", { defaultValue: makeEnding })

/** The error of a sync in which `failed` of `all` conversations failed. */
export const partialSync = (first: Sync.Failed, failed: number, all: number): PartialSync =>
  new PartialSync({
    reason: first.reason,
    problem: `${failed} of ${all} conversations failed, the first ${first.conversationId}: ${first.message}; the others are in the archive, run again to go on`
  })

/** The exit code of each reason: a contract of the command line. */
const exitCodes: Readonly<Record<Reason["_tag"] | ArchiveError.Reason["_tag"], number>> = {
  InvalidRequest: 2,
  InvalidOption: 2,
  Unauthorized: 3,
  Forbidden: 3,
  NotFound: 4,
  Unavailable: 5,
  RateLimited: 5,
  QuotaExhausted: 5,
  Timeout: 5,
  Transport: 5,
  IncompleteWalk: 6,
  InvalidResponse: 7,
  QuarantineFull: 7,
  Conflict: 8,
  NewerVersion: 8,
  OlderVersion: 8,
  Corrupt: 8,
  Full: 8,
  Busy: 8,
  Unreachable: 8,
  Missing: 4,
  Refused: 8
}

const exitCodeFor = (reason: string): number =>
  Object.entries(exitCodes).find(([name]) => name === reason)?.[1] ?? 1

/** A failure as it is shown: exit code and error line. */
export interface Report {
  readonly exitCode: number
  /** `Usage`, `NotFound`, …: the first word of the error line. */
  readonly reason: string
  readonly message: string
}

const Known = Schema.Union([
  SourceError,
  ArchiveError.ArchiveError,
  UsageError,
  StorageError,
  MissingArchive,
  NothingFound,
  MismatchError,
  ShortError,
  PartialSync
])
const isKnown = Schema.is(Known)

/** The report of a failed command, without passwords of URLs; `stopped` is the message of an interrupted one. */
export const report = (cause: Cause.Cause<unknown>, stopped = ""): Report => {
  const told = reportOf(cause, stopped)
  return { ...told, message: Redaction.redacted(told.message) }
}

const reportOf = (cause: Cause.Cause<unknown>, stopped: string): Report => {
  if (Cause.hasInterruptsOnly(cause)) return { exitCode: 130, reason: "Interrupted", message: stopped }
  const error = Cause.squash(cause)
  if (isKnown(error)) return known(error)
  if (CliError.isCliError(error)) return usage(cliMessage(error))
  const message = Predicate.isError(error) ? error.message : "an unexpected failure"
  return {
    exitCode: 1,
    reason: "Defect",
    message: `${message}; this is a mistake in Colloquy, please report it`
  }
}

const known = (error: typeof Known.Type): Report => {
  const { message } = error
  switch (error._tag) {
    case "SourceError":
    case "ArchiveError": {
      const { _tag } = error.reason
      return { exitCode: exitCodes[_tag], reason: _tag === "Missing" ? "NotFound" : _tag, message }
    }
    case "PartialSync":
      return { exitCode: error.exitCode ?? exitCodeFor(error.reason), reason: error.reason, message }
    case "ShortError":
      return { exitCode: 6, reason: "Short", message }
    case "MissingArchive":
      return { exitCode: 8, reason: "Unreachable", message }
    case "NothingFound":
      return { exitCode: 4, reason: "NotFound", message }
    case "StorageError":
      return { exitCode: 8, reason: "Storage", message }
    case "MismatchError":
      return { exitCode: 1, reason: "Mismatch", message }
    case "UsageError":
      return usage(message)
  }
}

const usage = (message: string): Report => ({ exitCode: 2, reason: "Usage", message })

const cliMessage = (error: CliError.CliError): string => {
  if (error._tag !== "ShowHelp") return wordsOf(error)
  if (error.errors.length === 0) return "a command is missing; give one of the subcommands above"
  const [first] = error.errors
  // The flags of an unknown command are unknown, too, and the value of an unknown flag seems to be a command.
  const isUnknown = error.errors.some(({ _tag }) => _tag === "UnknownSubcommand")
  return isUnknown && first !== undefined ? wordsOf(first) : error.errors.map(wordsOf).join("; ")
}

/** An error with the nearest match. */
const wordsOf = (error: CliError.CliError): string => {
  switch (error._tag) {
    case "UnknownSubcommand": {
      const where = (error.parent ?? []).join(" ")
      const [meant] = error.suggestions
      const instead = meant === undefined ? "; give one of the subcommands above" : `; did you mean ${meant}?`
      return `Unknown subcommand "${error.subcommand}" for "${where}"${instead}`
    }
    case "UnrecognizedOption": {
      const where = error.command === undefined ? "" : ` in command ${error.command.join(" ")}`
      const [meant] = error.suggestions
      return `Unrecognized flag: ${error.option}${where}${meant === undefined ? "" : `; did you mean ${meant}?`}`
    }
    case "InvalidValue": {
      const choices = [...error.expected.matchAll(/"([^"]+)"/g)].flatMap(([, choice]) => choice ?? [])
      const words = oneLine(error.message)
        .replace("Expected a string representing a finite number", "Expected: a number")
        .replace("Expected an integer", "Expected: a whole number")
      return `${words}${Nearest.question(error.value, choices)}`
    }
    default:
      return oneLine(error.message)
  }
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ")

/** The last line on stderr: always one line, without passwords of URLs. */
export const line = ({ message, reason }: Report): string =>
  Table.printable(
    Redaction.redacted(`error: ${reason}: ${message.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")}`)
  )

/** Whether a command was stopped whose normal end that is. */
export const stoppedWell = (exit: Exit.Exit<unknown, unknown>, { stopsWell }: Ending): boolean =>
  stopsWell && Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)

/** Whether flags or files must be changed before the command can work. One source of several does not decide that. */
export const isMistake = (cause: Cause.Cause<unknown>): boolean => {
  const error = Cause.squash(cause)
  if (error instanceof PartialSync || (isUsage(error) && error.mayPass === true)) return false
  return report(cause).exitCode === 2
}

/** The exit code of a finished command. */
export const exitCodeOf = (exit: Exit.Exit<unknown, unknown>, ending: Ending): number =>
  Exit.isSuccess(exit) || stoppedWell(exit, ending) ? 0 : report(exit.cause).exitCode
