/**
 * The archive: conversations and messages in SQL, with how far each was read, what could not be decoded, and what must
 * not come back.
 *
 * **Example** (Every message that a file has of one conversation)
 *
 * ```ts
 * import { Archive, Sqlite } from "@colloquy/archive"
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
import type { Conversation, Message, Page, SourceService } from "@colloquy/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import * as Sink from "effect/Sink"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type * as Stream from "effect/Stream"
import { type ArchiveError, Missing } from "./ArchiveError.ts"
import * as Checkpoints from "./internal/checkpoints.ts"
import * as Conversations from "./internal/conversations.ts"
import * as Database from "./internal/database.ts"
import * as Forget from "./internal/forget.ts"
import * as Forgotten from "./internal/forgotten.ts"
import * as Lists from "./internal/lists.ts"
import * as Migrations from "./internal/migrations.ts"
import * as Options from "./internal/options.ts"
import * as Personal from "./internal/personal.ts"
import * as Query from "./internal/query.ts"
import * as Replay from "./internal/replay.ts"
import * as Quarantine from "./internal/quarantine.ts"
import * as Runs from "./internal/runs.ts"
import * as Survey from "./internal/survey.ts"
import * as Status from "./internal/status.ts"
import * as Reading from "./Reading.ts"

/** A page of a list of conversations, as it is put into the archive. */
export interface Listed {
  readonly vendor: string
  readonly account: string
  readonly page: Page.Page<Conversation>
  /** The run that reads the list: what it has not met of the list by its end has vanished, or was mended. */
  readonly run: Runs.Run
  /** The source's `impersonalExtra`. Default what was told before, else none. */
  readonly impersonalExtra?: ReadonlyArray<string> | undefined
}

/** What putting a page of a list into the archive did. */
export interface ListedPage {
  /** Its conversations that were not forgotten. */
  readonly conversations: ReadonlyArray<Conversation>
  /** At the list's end: conversations that have vanished from it since it was last read. */
  readonly vanished: number
}

/** Forgets; with `dryRun` it only counts what would be erased, and writes nothing. */
export type Forgetting = (
  name: Database.NamedBy,
  options?: { readonly dryRun?: boolean | undefined }
) => Effect.Effect<Forget.Erased, ArchiveError>

/** What an archive can do. Everything fails with `ArchiveError`, and what was committed before a failure stays. */
export interface ArchiveService {
  /** Stores a page of a vendor's list of conversations. */
  readonly list: (listed: Listed) => Effect.Effect<ListedPage, ArchiveError>
  /**
   * Conversations that the run has to look at again once it has been through its list: for new messages those that one
   * which it continues had read and of which the list tells nothing; whole those of which nothing came before anything
   * else had.
   */
  readonly unsettled: (run: Runs.Run) => Stream.Stream<Query.Unsettled, ArchiveError>
  /** Takes it for right that conversations have vanished from the vendor's lists that match; how many. */
  readonly acceptVanished: (filter?: Query.Filter) => Effect.Effect<number, ArchiveError>
  /** How far a conversation was read; undefined for one that the archive has never met. */
  readonly state: (name: Database.NamedBy) => Effect.Effect<Checkpoints.State | undefined, ArchiveError>
  /** Plans a reading of a conversation, from where it stands. Undefined if the conversation was forgotten. */
  readonly reading: (
    conversation: Conversation,
    plan: Reading.Plan
  ) => Effect.Effect<Reading.Reading | undefined, ArchiveError>
  /** Notes that reading a conversation failed, for `status` to show. */
  readonly noteFailure: (name: Database.NamedBy, failure: string) => Effect.Effect<void, ArchiveError>
  /**
   * Takes a conversation out again of which nothing ever came and that no list has: one that was asked for by an id
   * that the vendor does not know. False if there is more to it, and it stays.
   */
  readonly dropUnread: (name: Database.NamedBy) => Effect.Effect<boolean, ArchiveError>
  /** How many conversations the archive has met. */
  readonly count: (filter?: Query.Filter) => Effect.Effect<number, ArchiveError>
  /** Conversations, in the order in which they were first met. */
  readonly conversations: (filter?: Query.Filter) => Stream.Stream<Conversation, ArchiveError>
  /** Messages: conversation by conversation, each in the order of its listing. */
  readonly messages: (filter?: Query.MessageFilter) => Stream.Stream<Message, ArchiveError>
  /** What is stored of each conversation, against what the vendor claims. */
  readonly status: (
    filter?: Query.Filter
  ) => Effect.Effect<ReadonlyArray<Status.ConversationStatus>, ArchiveError>
  /** Records that could not be decoded, oldest first. */
  readonly quarantined: (
    filter?: Query.Filter
  ) => Effect.Effect<ReadonlyArray<Quarantine.Record>, ArchiveError>
  /** One of them, by its id. */
  readonly quarantinedRecord: (id: string) => Effect.Effect<Quarantine.Record, ArchiveError>
  /** Decodes a record again; true if it has become a message or conversation of the archive, and left quarantine. */
  readonly replay: (record: Quarantine.Record, source: SourceService) => Effect.Effect<boolean, ArchiveError>
  /** Drops a record for good; it comes back only if the vendor is read again where it stands. */
  readonly discard: (id: string) => Effect.Effect<void, ArchiveError>
  /**
   * Erases a conversation from every table and free page, and keeps it from coming back; one that the archive has never met
   * is kept out, too.
   */
  readonly forgetConversation: Forgetting
  /**
   * Erases a user's messages, and whole every conversation that is listed as that user's, in the same way. Conversations
   * that keep messages of others lose what their list tells in anyone's words.
   */
  readonly forgetUser: Forgetting
  /** What was forgotten, oldest first: hashes, for names are not kept. */
  readonly forgotten: Effect.Effect<ReadonlyArray<Survey.Forgotten>, ArchiveError>
  /** Lets a conversation come back, from the vendor; false if it was not forgotten. */
  readonly undoForgetConversation: (name: Database.NamedBy) => Effect.Effect<boolean, ArchiveError>
  /** Lets a user come back, from the vendor: the next sync reads whole what the user was left out of. */
  readonly undoForgetUser: (name: Database.NamedBy) => Effect.Effect<boolean, ArchiveError>
  /** Logs the beginning of a run, and says which runs before it it continues. */
  readonly beginRun: (of: Runs.Of) => Effect.Effect<Runs.Run, ArchiveError>
  /** Logs the end of a run. */
  readonly endRun: (
    run: Runs.Run,
    outcome: Runs.Outcome,
    report: unknown
  ) => Effect.Effect<void, ArchiveError>
}

/** How an archive is opened. */
export interface OverOptions {
  /** As `Archive.layerReadOnly` does. Default false. */
  readonly readOnly?: boolean | undefined
}

/** An archive. */
export class Archive extends Context.Service<Archive, ArchiveService>()("@colloquy/archive/Archive") {
  /** Opens the archive in a database, made or brought up to date first; the requirement chooses the database. */
  static readonly make: Effect.Effect<ArchiveService, ArchiveError, SqlClient> = Effect.map(
    Database.open,
    (database) => service(database)
  )

  /** An archive in whichever database is provided: `Sqlite.layer` or `Postgres.layer`. */
  static readonly layer: Layer.Layer<Archive, ArchiveError, SqlClient> = Layer.effect(Archive, Archive.make)

  /**
   * An archive that is only read, in whichever database is provided: rights to write are not needed, and what writes fails.
   * Fails with `OlderVersion` where it would have to be brought up to date first.
   */
  static readonly layerReadOnly: Layer.Layer<Archive, ArchiveError, SqlClient> = Layer.effect(
    Archive,
    Effect.map(Database.openToRead, (database) => service(database))
  )

  /** An archive in this database, which fails as an archive does where the database cannot be opened. */
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

  /** A sink that commits the pages of a walk, and is done when the reading is. Walk from the reading's `from`. */
  static sink(reading: Reading.Reading): Sink.Sink<void, Page.Page<Message>, never, ArchiveError> {
    return Sink.forEachWhile((page) => Effect.map(reading.write(page), ({ end }) => end === null))
  }
}

const service = (database: Database.Database): ArchiveService => {
  const run = <A>(operation: string, effect: Effect.Effect<A, ArchiveError | SqlError>) =>
    Database.run(database, `Archive.${operation}`, effect)
  const atomic = <A>(operation: string, effect: Effect.Effect<A, ArchiveError | SqlError>) =>
    Database.transaction(database, `Archive.${operation}`, effect)
  const forget =
    (kind: Forget.Kind): Forgetting =>
    (name, { dryRun = false } = {}) =>
      dryRun
        ? run("forget", Survey.survey(database, kind, name))
        : Effect.flatMap(Database.now, (at) => atomic("forget", Forget.erase(database, kind, name, at))).pipe(
            Effect.tap(() => run("forget", Forget.scrub(database)))
          )
  return {
    list: (listed) => atomic("list", list(database, listed)),
    unsettled: (of) => Query.unsettled(database, of),
    acceptVanished: (filter = {}) =>
      atomic(
        "acceptVanished",
        Effect.flatMap(Database.now, (at) => Lists.accept(database, filter, at))
      ),
    state: (name) => run("state", state(database, name)),
    reading: (conversation, plan) =>
      Options.period("goneAfter", plan.goneAfter ?? 0).pipe(
        Effect.mapError(Database.refuseOption("Archive.reading")),
        Effect.andThen(atomic("reading", reading(database, conversation, plan)))
      ),
    noteFailure: (name, failure) => run("noteFailure", noteFailure(database, name, failure)),
    dropUnread: (name) => atomic("dropUnread", dropUnread(database, name)),
    count: (filter = {}) => run("count", Query.count(database, filter)),
    conversations: (filter = {}) => Query.conversations(database, filter),
    messages: (filter = {}) => Query.messages(database, filter),
    status: (filter = {}) => run("status", Status.load(database, filter)),
    quarantined: (filter = {}) => run("quarantined", Quarantine.list(database, filter)),
    quarantinedRecord: (id) => run("quarantined", quarantinedRecord(database, id)),
    replay: (record, source) => atomic("replay", Replay.replay(database, record, source)),
    discard: (id) =>
      run("discard", Effect.andThen(quarantinedRecord(database, id), Quarantine.remove(database, id))),
    forgetConversation: forget("conversation"),
    forgetUser: forget("user"),
    forgotten: run("forgotten", Survey.list(database)),
    undoForgetConversation: (name) => atomic("undoForget", Survey.undo(database, "conversation", name)),
    undoForgetUser: (name) => atomic("undoForget", Survey.undo(database, "user", name)),
    beginRun: (of) =>
      atomic(
        "beginRun",
        Effect.flatMap(Database.now, (at) => Runs.begin(database, of, at))
      ),
    endRun: (begun, outcome, report) =>
      run(
        "endRun",
        Effect.flatMap(Database.now, (at) => Effect.asVoid(Runs.end(database, begun, outcome, report, at)))
      )
  }
}

const list = Effect.fnUntraced(function* (
  database: Database.Database,
  { account, impersonalExtra, page, run, vendor }: Listed
): Effect.fn.Return<ListedPage, SqlError> {
  const storedAt = yield* Database.now
  const forgotten = yield* Forgotten.load(database)
  const conversations = page.items.filter((conversation) => !forgotten.conversation(conversation))
  const owner = { vendor, account }
  const stored = yield* Personal.storable(database, forgotten, owner, conversations, impersonalExtra)
  yield* Conversations.put(database, stored, storedAt, storedAt)
  if (impersonalExtra !== undefined) yield* Personal.tell(database, owner, impersonalExtra)
  const where = { vendor, account, conversation: null, list: run.list }
  const records = page.undecodable
    .map((record) => Quarantine.rowOf(where, record, false))
    .filter((record) => !forgotten.record(record))
  yield* Quarantine.put(
    database,
    { reading: run.key, storedAt },
    yield* Personal.storableRecords(database, forgotten, owner, records)
  )
  if (run.list === null) return { conversations, vanished: 0 }
  const reading = { list: run.list, run: run.key }
  const ids = [
    ...conversations.map(({ id }) => id),
    ...page.undecodable.flatMap(({ json }) => valuesIn(json))
  ]
  yield* Lists.note(database, reading, yield* Conversations.keysOf(database, owner, ids))
  if (page.completion === null) return { conversations, vanished: 0 }
  yield* Quarantine.settleList(database, where, run.key)
  return { conversations, vanished: yield* Lists.end(database, reading, storedAt) }
})

/** What may be the id in a record that could not be decoded: its conversation is on the list all the same. */
const valuesIn = (json: Schema.Json): ReadonlyArray<string> =>
  Predicate.isObject(json)
    ? Object.values(json).flatMap((value) =>
        typeof value === "string" || typeof value === "number" ? [String(value)] : []
      )
    : []

const state = Effect.fnUntraced(function* (database: Database.Database, name: Database.NamedBy) {
  const key = yield* Conversations.keyOf(database, name)
  return key === undefined ? undefined : yield* Checkpoints.find(database, key)
})

const reading = Effect.fnUntraced(function* (
  database: Database.Database,
  conversation: Conversation,
  plan: Reading.Plan
): Effect.fn.Return<Reading.Reading | undefined, SqlError> {
  const forgotten = yield* Forgotten.load(database)
  if (forgotten.conversation(conversation)) return undefined
  const at = yield* Database.now
  const stored = yield* Personal.storable(database, forgotten, conversation, [conversation])
  yield* Conversations.put(database, stored, null, at)
  const key = (yield* Conversations.keyOf(database, conversation)) ?? 0
  const state = yield* Checkpoints.load(database, key)
  return Reading.make({ database, forgotten, conversation, key }, state, plan, at)
})

const noteFailure = Effect.fnUntraced(function* (
  database: Database.Database,
  name: Database.NamedBy,
  failure: string
): Effect.fn.Return<void, SqlError> {
  const key = yield* Conversations.keyOf(database, name)
  if (key !== undefined) yield* Checkpoints.noteFailure(database, key, failure, yield* Database.now)
})

const dropUnread = Effect.fnUntraced(function* (
  database: Database.Database,
  name: Database.NamedBy
): Effect.fn.Return<boolean, SqlError> {
  const key = yield* Conversations.keyOf(database, name)
  return key !== undefined && (yield* Conversations.dropUnread(database, key))
})

const quarantinedRecord = Effect.fnUntraced(function* (
  database: Database.Database,
  id: string
): Effect.fn.Return<Quarantine.Record, ArchiveError | SqlError> {
  const record = yield* Quarantine.find(database, id)
  if (record !== undefined) return record
  return yield* Database.fail("Archive.quarantined", new Missing({ what: `record ${id} in quarantine` }))
})
