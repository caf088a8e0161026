/**
 * The archive: conversations and messages in SQL, with each conversation's sync state, a quarantine, and erasures.
 *
 * **Example** (Every message that a file has of one conversation)
 *
 * ```ts
 * import { Archive } from "@colloquy/archive"
 * import * as Sqlite from "@colloquy/archive/Sqlite"
 * import { Effect, Layer, Stream } from "effect"
 *
 * export const program = Stream.unwrap(
 *   Archive.useSync((archive) => archive.messages({ vendor: "chatling", conversationId: "42" }))
 * ).pipe(
 *   Stream.runForEach((message) => Effect.log(message.text)),
 *   Effect.provide(Archive.layer.pipe(Layer.provide(Sqlite.layer({ filename: "history.db" }))))
 * )
 * ```
 */
import type { Conversation, Message, Page } from "@colloquy/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Sink from "effect/Sink"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type * as Stream from "effect/Stream"
import type { ArchiveError } from "./ArchiveError.ts"
import * as Database from "./database/database.ts"
import * as Migrations from "./database/migrations.ts"
import type { Erasures } from "./erasing/Erasures.ts"
import * as Erasing from "./erasing/service.ts"
import type { Quarantine } from "./quarantine/Quarantine.ts"
import * as Quarantining from "./quarantine/service.ts"
import * as History from "./reading/history.ts"
import * as Statuses from "./status/service.ts"
import type { Status } from "./status/Status.ts"
import type { Filter, MessageFilter } from "./store/filter.ts"
import type { ReadSession, ReadSessions } from "./writing/ReadSession.ts"
import type { Runs } from "./writing/Runs.ts"
import * as Writing from "./writing/service.ts"

/** An account of a vendor, by the name that it was synced under. */
export interface Account {
  readonly vendor: string
  readonly account: string
}

/**
 * What an archive can do. Everything fails with `ArchiveError`, and what was committed before a failure stays.
 *
 * Its own methods read conversations and messages. Everything else is grouped.
 */
export interface ArchiveService {
  /** How many conversations the archive knows. */
  readonly count: (filter?: Filter) => Effect.Effect<number, ArchiveError>
  /** The accounts of which the archive has something, or which a complete run found empty; sorted by name. */
  readonly accounts: Effect.Effect<ReadonlyArray<Account>, ArchiveError>
  /** Conversations, in the order in which they were first stored. */
  readonly conversations: (filter?: Filter) => Stream.Stream<Conversation, ArchiveError>
  /** Messages: conversation by conversation, each in the order of its listing. */
  readonly messages: (filter?: MessageFilter) => Stream.Stream<Message, ArchiveError>
  /** What is stored of each conversation, compared with what the vendor claims. */
  readonly status: Status
  /** Records that could not be decoded. */
  readonly quarantine: Quarantine
  /** What was erased for good, and erasing. */
  readonly erasures: Erasures
  /** Runs over an account, and the lists of conversations that they read. `Sync` does this for you. */
  readonly runs: Runs
  /** Reads of single conversations. `Sync` does this for you. */
  readonly sessions: ReadSessions
}

/** How an archive is opened. */
export interface OverOptions {
  /** Only reads, as `Archive.layerReadOnly`. Default false. */
  readonly readOnly?: boolean | undefined
}

/** An archive. */
export class Archive extends Context.Service<Archive, ArchiveService>()("@colloquy/archive/Archive") {
  /** Opens the archive in the provided database; creates or migrates it first. */
  static readonly make: Effect.Effect<ArchiveService, ArchiveError, SqlClient> = Effect.map(
    Database.open,
    (database) => service(database)
  )

  /** An archive in whichever database is provided: `Sqlite.layer` or `Postgres.layer`. */
  static readonly layer: Layer.Layer<Archive, ArchiveError, SqlClient> = Layer.effect(Archive, Archive.make)

  /**
   * An archive opened for reading only, in whichever database is provided. It needs no right to write; writes fail.
   * Fails with `OlderVersion` if the archive must be migrated first.
   */
  static readonly layerReadOnly: Layer.Layer<Archive, ArchiveError, SqlClient> = Layer.effect(
    Archive,
    Effect.map(Database.openToRead, (database) => service(database))
  )

  /** An archive in this database. Fails with `ArchiveError` if the database cannot be opened. */
  static over(
    database: Layer.Layer<SqlClient, SqlError>,
    { readOnly = false }: OverOptions = {}
  ): Layer.Layer<Archive, ArchiveError> {
    return Layer.provide(
      readOnly ? Archive.layerReadOnly : Archive.layer,
      Layer.catchTag(database, "SqlError", (error) =>
        Layer.effectContext(Effect.fail(Database.unopened(error)))
      )
    )
  }

  /** Whether there is an archive in the database, of whichever version; nothing is written. */
  static readonly isThere: Effect.Effect<boolean, SqlError, SqlClient> = Effect.map(
    Migrations.found,
    (version) => version > 0
  )

  /** A sink that commits the pages of a walk, and is done when the session is. Walk from the session's `from`. */
  static sink(session: ReadSession): Sink.Sink<void, Page.Page<Message>, never, ArchiveError> {
    return Sink.forEachWhile((page) => Effect.map(session.write(page), ({ end }) => end === null))
  }
}

const service = (database: Database.Database): ArchiveService => ({
  count: (filter = {}) => Database.run(database, "Archive.count", History.count(database, filter)),
  accounts: Database.run(database, "Archive.accounts", History.accounts(database)),
  conversations: (filter = {}) => History.conversations(database, filter),
  messages: (filter = {}) => History.messages(database, filter),
  status: Statuses.make(database),
  quarantine: Quarantining.make(database),
  erasures: Erasing.make(database),
  runs: Writing.runs(database),
  sessions: Writing.sessions(database)
})
