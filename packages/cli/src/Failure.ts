/**
 * How a command fails: one line on stderr, and an exit code that a script can tell apart.
 */
import { ArchiveError, type Sync } from "@colloquy/archive"
import { type Reason, SourceError } from "@colloquy/core"
import * as Cause from "effect/Cause"
import * as CliError from "effect/cli/CliError"
import * as Context from "effect/Context"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Redaction from "./terminal/Redaction.ts"
import * as Table from "./terminal/Table.ts"

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

/** An archive that should be there is not. */
export class MissingArchive extends Schema.TaggedError<MissingArchive>()("MissingArchive", {
  problem: Schema.String
}) {
  override get message(): string {
    return this.problem
  }
}

/** There is nothing of that name, and there was nothing to do for it. */
export class NothingFound extends Schema.TaggedError<NothingFound>()("NothingFound", {
  problem: Schema.String
}) {
  override get message(): string {
    return this.problem
  }
}

/** Some conversations of an archive are not all there. Only `status --strict` minds. */
export class ShortError extends Schema.TaggedError<ShortError>()("ShortError", { problem: Schema.String }) {
  override get message(): string {
    return this.problem
  }
}

/** A sync went through, but some of its conversations failed. */
export class PartialSync extends Schema.TaggedError<PartialSync>()("PartialSync", {
  /** The first failed conversation's, such as `IncompleteWalk`. */
  reason: Schema.String,
  problem: Schema.String
}) {
  override get message(): string {
    return this.problem
  }
}

/** What an interrupted command says of itself; a command that can be continued puts it here. */
export const LastWords = Context.Reference<{ stopped: string }>("@colloquy/cli/LastWords", {
  defaultValue: () => ({ stopped: "stopped before the end; run it again to read it whole" })
})

/** What is said of a sync in which these of all conversations failed. */
export const partialSync = (first: Sync.Failed, failed: number, all: number): PartialSync =>
  new PartialSync({
    reason: first.reason,
    problem: `${failed} of ${all} conversations failed, the first ${first.conversationId}: ${first.message}; the others are in the archive, run again to go on`
  })

/** The exit code of each reason; part of the command line's contract. */
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
  Missing: 8,
  Refused: 8
}

const exitCodeFor = (reason: string): number =>
  Object.entries(exitCodes).find(([name]) => name === reason)?.[1] ?? 1

/** A failure as the shell and the person see it. */
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

/** What a failed command reports; an interrupted one with its last words. */
export const report = (cause: Cause.Cause<unknown>, stopped = ""): Report => {
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
    case "ArchiveError":
      return { exitCode: exitCodes[error.reason._tag], reason: error.reason._tag, message }
    case "PartialSync":
      return { exitCode: exitCodeFor(error.reason), reason: error.reason, message }
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
  if (error._tag !== "ShowHelp") return error.message
  if (error.errors.length === 0) return "a command is missing; the help above lists them"
  return error.errors.map((each) => each.message.replaceAll(/\s+/g, " ")).join("; ")
}

/** The last line on stderr: one line, whatever is in it, and no password that a URL had. */
export const line = ({ message, reason }: Report): string =>
  Table.printable(
    Redaction.redacted(`error: ${reason}: ${message.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")}`)
  )

/** The exit code of a finished command. */
export const exitCodeOf = (exit: Exit.Exit<unknown, unknown>): number =>
  Exit.isSuccess(exit) ? 0 : report(exit.cause).exitCode
