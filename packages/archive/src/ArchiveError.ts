/**
 * The only error of an archive: the operation, and a reason that says what to do.
 *
 * Handle one reason with `Effect.catchReason("ArchiveError", "Conflict", …)`. Whatever fails, what was committed
 * before stays, and nothing is half-written.
 *
 * **Example** (A caller that retries)
 *
 * ```ts
 * import { Archive, type ArchiveError } from "@colloquy/archive"
 * import { Effect } from "effect"
 *
 * export const count: Effect.Effect<number, ArchiveError.ArchiveError, Archive> = Archive.use((archive) =>
 *   archive.count({ vendor: "chatling" })
 * ).pipe(Effect.retry({ while: (error) => error.isRetryable, times: 3 }))
 * ```
 */
import * as Schema from "effect/Schema"

/** The database's own error message. */
const said = { problem: Schema.String }

/** Another writer has changed the same conversation meanwhile: a sync, `forget`, or a replay of the quarantine. */
export class Conflict extends Schema.TaggedError<Conflict>("@colloquy/archive/ArchiveError/Conflict")(
  "Conflict",
  { conversationId: Schema.String }
) {
  readonly isRetryable = true
  override get message(): string {
    return `another sync, forget or quarantine replay has changed conversation ${this.conversationId} meanwhile; nothing is lost, let it finish and run again`
  }
}

/** The archive was made by a newer Colloquy. */
export class NewerVersion extends Schema.TaggedError<NewerVersion>(
  "@colloquy/archive/ArchiveError/NewerVersion"
)("NewerVersion", {
  found: Schema.Int,
  known: Schema.Int
}) {
  readonly isRetryable = false
  override get message(): string {
    return `the archive has version ${this.found}, this Colloquy knows ${this.known}; use the newer Colloquy that made it`
  }
}

/** The archive was made by an older Colloquy and was opened for reading only, so it cannot be migrated. */
export class OlderVersion extends Schema.TaggedError<OlderVersion>(
  "@colloquy/archive/ArchiveError/OlderVersion"
)("OlderVersion", {
  found: Schema.Int,
  known: Schema.Int
}) {
  readonly isRetryable = false
  override get message(): string {
    return `the archive has version ${this.found}, this Colloquy reads version ${this.known}; a sync brings it up to date, ask again behind it`
  }
}

/** The database is no archive, or is damaged. */
export class Corrupt extends Schema.TaggedError<Corrupt>("@colloquy/archive/ArchiveError/Corrupt")(
  "Corrupt",
  said
) {
  readonly isRetryable = false
  override get message(): string {
    return `this is no archive, or it is damaged (${this.problem}); restore it from a copy, or start a new one and sync again`
  }
}

/** The disk or database is full. */
export class Full extends Schema.TaggedError<Full>("@colloquy/archive/ArchiveError/Full")("Full", said) {
  readonly isRetryable = false
  override get message(): string {
    return `there is no room left for the archive (${this.problem}); make room and run again, it goes on where it stopped`
  }
}

/** Other processes hold a lock for too long, or another run reads the same list. */
export class Busy extends Schema.TaggedError<Busy>("@colloquy/archive/ArchiveError/Busy")("Busy", {
  ...said,
  /** The source that another run reads, in words. Absent if it is the archive that is held. */
  source: Schema.optionalKey(Schema.String)
}) {
  readonly isRetryable = true
  override get message(): string {
    if (this.source !== undefined) {
      return `another run is syncing ${this.source} into this archive; let it finish, or stop it, and run again`
    }
    return `the archive is held by another process (${this.problem}); let it finish and run again`
  }
}

/** The database cannot be reached, or went away. */
export class Unreachable extends Schema.TaggedError<Unreachable>(
  "@colloquy/archive/ArchiveError/Unreachable"
)("Unreachable", said) {
  readonly isRetryable = true
  override get message(): string {
    return `the archive cannot be reached (${this.problem}); check the path or URL, its rights and the server, and run again`
  }
}

/** More records could not be decoded than the budget allows. */
export class QuarantineFull extends Schema.TaggedError<QuarantineFull>(
  "@colloquy/archive/ArchiveError/QuarantineFull"
)("QuarantineFull", {
  rows: Schema.Int,
  received: Schema.Int,
  limit: Schema.String
}) {
  readonly isRetryable = false
  override get message(): string {
    return `${this.rows} of ${this.received} records could not be decoded, more than ${this.limit}; look at them with quarantine list, and raise the budget if that is right`
  }
}

/** Nothing has that id. */
export class Missing extends Schema.TaggedError<Missing>("@colloquy/archive/ArchiveError/Missing")(
  "Missing",
  { what: Schema.String }
) {
  readonly isRetryable = false
  override get message(): string {
    return `the archive has no ${this.what}; check the id`
  }
}

/** An option is out of range; the message has its name and its range. */
export class InvalidOption extends Schema.TaggedError<InvalidOption>(
  "@colloquy/archive/ArchiveError/InvalidOption"
)("InvalidOption", said) {
  readonly isRetryable = false
  override get message(): string {
    return this.problem
  }
}

/** The database refused a statement: a mistake in Colloquy, or a schema changed by hand. */
export class Refused extends Schema.TaggedError<Refused>("@colloquy/archive/ArchiveError/Refused")(
  "Refused",
  said
) {
  readonly isRetryable = false
  override get message(): string {
    return `the database refused (${this.problem}); if its schema was not changed by hand, please report it`
  }
}

/** Why an archive failed. */
export const Reason = Schema.Union([
  Conflict,
  NewerVersion,
  OlderVersion,
  Corrupt,
  Full,
  Busy,
  Unreachable,
  QuarantineFull,
  Missing,
  InvalidOption,
  Refused
])
export type Reason = typeof Reason.Type

/** An archive failed. */
export class ArchiveError extends Schema.TaggedError<ArchiveError>("@colloquy/archive/ArchiveError")(
  "ArchiveError",
  {
    /** Such as `Archive.write`. */
    operation: Schema.String,
    reason: Reason,
    /** The database's own error, if there was one. */
    cause: Schema.optionalKey(Schema.Defect())
  }
) {
  /** Whether a retry may succeed. */
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
  override get message(): string {
    return this.reason.message
  }
}
