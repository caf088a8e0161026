/**
 * Sync: brings an archive up to what a vendor has, at the cost of what is new.
 *
 * **Example** (Every conversation of a chatbot, into a file)
 *
 * ```ts
 * import { Archive, Sync } from "@colloquy/archive"
 * import * as Sqlite from "@colloquy/archive/Sqlite"
 * import { Chatling } from "@colloquy/chatling"
 * import { Source } from "@colloquy/core"
 * import { Effect, Layer } from "effect"
 * import { FetchHttpClient } from "effect/http"
 *
 * const archive = Archive.layer.pipe(Layer.provide(Sqlite.layer({ filename: "history.db" })))
 * const chatling = Chatling.layerSource({ chatbotId: "123" }).pipe(Layer.provide(FetchHttpClient.layer))
 *
 * export const program = Effect.gen(function* () {
 *   const report = yield* Sync.sync(yield* Source, { parallel: 8 })
 *   yield* Effect.log(`${report.added} new messages`)
 * }).pipe(Effect.provide([archive, chatling]))
 * ```
 */
import {
  type Checkpoint,
  type Conversation,
  IncompleteWalk,
  SourceError,
  type SourceService
} from "@colloquy/core"
import type * as Duration from "effect/Duration"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { identity } from "effect/Function"
import * as Cause from "effect/Cause"
import * as Stream from "effect/Stream"
import { Archive, type ArchiveService } from "../Archive.ts"
import type { ArchiveError } from "../ArchiveError.ts"
import * as Failures from "./failures.ts"
import * as Need from "./need.ts"
import { ofSync } from "./options.ts"
import type { ReadState, Want } from "../writing/ReadSession.ts"
import type * as Runs from "../writing/Runs.ts"
import { unlisted } from "../store/rows.ts"
import * as Metrics from "./metrics.ts"
import * as Progress from "./progress.ts"
import type { Event, Failed, Report } from "./SyncReport.ts"

export type { QuarantineBudget } from "./failures.ts"
export type { Need } from "./need.ts"
export * from "./SyncReport.ts"

/** What to sync, and how. */
export interface Options {
  /** Only these conversations, by the vendor's ids. Default: all that the vendor lists. */
  readonly conversations?: ReadonlyArray<string> | undefined
  /** Conversations read at once, 1 to 64. Default 4. All share the account's rate limit, in turn. */
  readonly parallel?: number | undefined
  /** Requests in flight for each conversation. Default: the source's. */
  readonly concurrency?: number | undefined
  /** Reads every conversation in full, which finds edits, feedback and removals in old messages. Default false. */
  readonly full?: boolean | undefined
  /** Reads conversations in full if they were active within this time or their activity is unknown. Default none. */
  readonly lookback?: Duration.Input | undefined
  /**
   * How long messages must be missing, in two runs, before they are called gone if no count of the vendor proves it.
   * Default an hour.
   */
  readonly goneAfter?: Duration.Input | undefined
  readonly quarantine?: Failures.QuarantineBudget | undefined
  /** Called for each event. The event's conversation waits for it. Default nothing. */
  readonly onEvent?: ((event: Event) => Effect.Effect<void>) | undefined
}

/**
 * Reads what is new at a source into the archive. A program may sync several sources: the archive tells vendors and
 * accounts apart by their names.
 *
 * An option that is out of range fails with `SourceError` and reason `InvalidRequest` before anything is read. If another
 * run reads the same list into the same archive, fails at once with `ArchiveError` and reason `Busy`, without a request.
 * Runs of chosen conversations do not wait for each other: a conversation that two of them read goes to one.
 *
 * A conversation that fails does not stop the others: the report lists it in `failed`. A failure that all conversations
 * would meet stops the run: `SourceError` if the list cannot be read, the token is refused, the quota is used up, or
 * five conversations in a row cannot be reached; `ArchiveError` if the archive cannot be written, or more records cannot
 * be decoded than the budget allows. Everything committed stays, and the next run resumes.
 */
export const sync = Effect.fn("Sync.sync")(function* (
  source: SourceService,
  options: Options = {}
): Effect.fn.Return<Report, SourceError | ArchiveError, Archive> {
  const archive = yield* Archive
  yield* checked(source, "Sync.sync", options)
  const all = run(archive, source, options)
  return yield* options.conversations === undefined ? archive.runs.exclusively(source, all) : all
})

const run = Effect.fnUntraced(function* (
  archive: ArchiveService,
  source: SourceService,
  options: Options
): Effect.fn.Return<Report, SourceError | ArchiveError> {
  const { account, vendor } = source
  const run = yield* archive.runs.begin({
    vendor,
    account,
    listFilter: source.listFilter,
    kind: kindOf(options)
  })
  const progress = yield* Progress.make(vendor, account)
  const context: Context = { archive, source, options, progress, run }
  return yield* everyConversation(context).pipe(
    Effect.andThen(archive.quarantine.count({ vendor, account })),
    Effect.tap((count) => Effect.sync(() => void (progress.inQuarantine = count))),
    Effect.andThen(Progress.report(progress)),
    Effect.onExit((exit) =>
      Progress.report(progress).pipe(
        Effect.tap((report) => Metrics.ended(report, outcomeOf(exit, report))),
        Effect.flatMap((report) => archive.runs.end(run, outcomeOf(exit, report), report)),
        // An interruption does not wait for an archive that does not answer.
        Exit.hasInterrupts(exit) ? (ended) => Effect.timeout(Effect.interruptible(ended), most) : identity,
        Effect.ignore
      )
    )
  )
})

const checked = ({ vendor }: SourceService, operation: string, options: Options) =>
  Effect.mapError(ofSync(options), (reason) => new SourceError({ vendor, operation, reason }))

/** How long an interrupted run may take to log its end. The next run continues it in any case. */
const most = "3 seconds"

/** Only runs of one kind continue each other. */
const kindOf = ({ conversations, full }: Options): Runs.Kind => {
  if (conversations !== undefined) return "chosen"
  return full === true ? "full" : "incremental"
}

const outcomeOf = (exit: Exit.Exit<unknown, unknown>, report: Report) => {
  if (Exit.isSuccess(exit)) return report.failed.length === 0 ? "complete" : "partial"
  return Cause.hasInterruptsOnly(exit.cause) ? "interrupted" : "stopped"
}

interface Context {
  readonly archive: ArchiveService
  readonly source: SourceService
  readonly options: Options
  readonly progress: Progress.Progress
  readonly run: Runs.Run
}

const everyConversation = (context: Context): Effect.Effect<void, SourceError | ArchiveError> => {
  const { archive, options, run, source } = context
  const each = <A>(
    all: Stream.Stream<A, SourceError | ArchiveError>,
    work: (each: A) => Effect.Effect<void, SourceError | ArchiveError>
  ) =>
    all.pipe(Stream.mapEffect(work, { concurrency: options.parallel ?? 4, unordered: true }), Stream.runDrain)
  const conversations =
    options.conversations === undefined ? listed(context) : chosen(source, options.conversations)
  return Effect.andThen(
    each(conversations, (conversation) => one(context, conversation)),
    // A complete run has everything that the vendor had when it began.
    each(archive.runs.rechecks(run), (recheck) => oneAgain(context, recheck))
  )
}

/** The vendor's list, each page of it stored before its conversations are read. */
const listed = ({
  archive,
  options,
  progress,
  run,
  source
}: Context): Stream.Stream<Conversation, SourceError | ArchiveError> => {
  const { account, impersonalExtra, vendor } = source
  return source.conversationPages({ undecodable: "keep", concurrency: options.concurrency }).pipe(
    Stream.mapEffect((page) =>
      archive.runs.list({ vendor, account, page, run, impersonalExtra }).pipe(
        Effect.tap((stored) => Progress.listed(progress, page, stored)),
        Effect.tap(() => Failures.withinBudget(progress, options.quarantine))
      )
    ),
    Stream.flatMap(({ conversations }) => Stream.fromArray(conversations))
  )
}

// ---------------------------------------------------------------------------------------------------------------
// One conversation
// ---------------------------------------------------------------------------------------------------------------

/** Reads one conversation. Its failure is noted, unless it stops the run. */
const one = Effect.fn("Sync.conversation")(function* (
  context: Context,
  conversation: Conversation
): Effect.fn.Return<void, SourceError | ArchiveError> {
  const { archive, options, progress, run } = context
  const state = yield* archive.sessions.state(conversation)
  const now = yield* DateTime.now
  const { full, lookback } = options
  const need = Need.of(conversation, state, { full, lookback, from: run.from, now })
  if (need === "skip") return yield* tell(context, Progress.unchanged(progress, conversation))
  yield* noted(
    context,
    conversation,
    Effect.tap(readAll(context, conversation, need), (read) =>
      tell(context, Progress.read(progress, conversation, read))
    )
  )
})

/** Rechecks a conversation that was counted already. */
const oneAgain = Effect.fn("Sync.conversationAgain")(function* (
  context: Context,
  { conversation, want }: Runs.Recheck
): Effect.fn.Return<void, SourceError | ArchiveError> {
  const state = yield* context.archive.sessions.state(conversation)
  const known = { ...Progress.nothingRead(), suspected: state?.suspected ?? 0 }
  yield* noted(context, conversation, readAll(context, conversation, want, known), true)
})

/** Notes a failure, unless it stops the run; `counted` if the conversation was counted as read or unchanged. */
const noted = <A>(
  context: Context,
  conversation: Conversation,
  reading: Effect.Effect<A, SourceError | ArchiveError>,
  counted = false
) =>
  reading.pipe(
    Effect.catchIf(
      (error) => !Failures.stopsAll(error),
      (error) => failed(context, conversation, error, counted)
    ),
    Effect.annotateSpans({ conversation: conversation.id })
  )

/** Most reads of one conversation in a run. One that still changes fails, and the next run reads it again. */
const mostReads = 8

/** Reads until no follow-up is due: first what is new, then all if counts disagree, then again if rows are missing. */
const readAll = Effect.fnUntraced(function* (
  context: Context,
  conversation: Conversation,
  first: Want,
  read: Progress.Read = Progress.nothingRead()
): Effect.fn.Return<Progress.Read, SourceError | ArchiveError> {
  let want = first
  for (let reads = 1; ; reads++) {
    const { again, checkpoint } = yield* readOnce(context, conversation, want, read)
    if (again === null) return read
    if (reads === mostReads && checkpoint !== null) {
      return yield* neverSettled(context, `${mostReads} readings did not settle it: ${again}`, checkpoint)
    }
    yield* tell(context, Effect.succeed({ _tag: "Rereading", conversationId: conversation.id, why: again }))
    // The archive has noted the follow-up read, and plans it itself.
    want = "incremental"
  }
})

const neverSettled = ({ source }: Context, evidence: string, checkpoint: Checkpoint): SourceError =>
  new SourceError({
    vendor: source.vendor,
    operation: "Sync.sync",
    reason: new IncompleteWalk({ kind: "drift", evidence, checkpoint })
  })

/** How a read ended. */
interface Ended {
  /** In words: why a follow-up read is due; null if none is. */
  readonly again: string | null
  /** The last page's checkpoint; null if no page came. */
  readonly checkpoint: Checkpoint | null
}

/** Nothing was there to read. */
const notRead: Ended = { again: null, checkpoint: null }

/** One read. */
const readOnce = Effect.fnUntraced(function* (
  context: Context,
  conversation: Conversation,
  want: Want,
  read: Progress.Read
): Effect.fn.Return<Ended, SourceError | ArchiveError> {
  const { archive, options, progress, run, source } = context
  const plan = { want, run, order: source.messageOrder, goneAfter: options.goneAfter }
  const session = yield* archive.sessions.open(conversation, plan)
  if (session === undefined) return notRead
  return yield* source
    .messagePages({
      conversationId: conversation.id,
      // A chosen id is known from no list.
      conversation: options.conversations === undefined ? conversation : undefined,
      from: session.from,
      verify: session.kind === "verified",
      concurrency: options.concurrency,
      undecodable: "keep"
    })
    .pipe(
      Stream.mapEffect((page) =>
        session.write(page).pipe(
          Effect.tap((written) =>
            tell(context, Progress.written(progress, read, conversation, page, written))
          ),
          Effect.tap(() => Failures.withinBudget(progress, options.quarantine)),
          Effect.map(({ end }) => ({ end, checkpoint: page.checkpoint }))
        )
      ),
      Stream.takeUntil(({ end }) => end !== null),
      Stream.runFold(
        (): Ended => notRead,
        (_, { checkpoint, end }) => ({ again: end?.again ?? null, checkpoint })
      ),
      Effect.tapError((error) => Failures.ifCapped(error, session.cap)),
      // Nothing is left to read of what was erased meanwhile.
      Effect.catchReason("ArchiveError", "Conflict", (_, error) =>
        Effect.flatMap(archive.erasures.keepsOut(conversation), (isOut) =>
          isOut ? Effect.succeed(notRead) : Effect.fail(error)
        )
      )
    )
})

const tell = ({ options }: Context, event: Effect.Effect<Event>): Effect.Effect<void> =>
  Effect.flatMap(event, (event) => options.onEvent?.(event) ?? Effect.void)

// ---------------------------------------------------------------------------------------------------------------
// Plan
// ---------------------------------------------------------------------------------------------------------------

/** What a sync would do with a conversation. */
export interface Planned {
  readonly conversation: Conversation
  readonly need: Need.Need
  /** How far it was read; undefined if the archive does not know it. */
  readonly state: ReadState | undefined
}

/** What a sync would read. Reads only the list of conversations, and writes nothing. */
export const plan = (
  source: SourceService,
  options: Options = {}
): Stream.Stream<Planned, SourceError | ArchiveError, Archive> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const archive = yield* Archive
      yield* checked(source, "Sync.plan", options)
      const { full, lookback } = options
      const now = yield* DateTime.now
      const kept = Stream.filterEffect(wanted(source, options), (conversation) =>
        Effect.map(archive.erasures.keepsOut(conversation), (isOut) => !isOut)
      )
      return Stream.mapEffect(kept, (conversation) =>
        Effect.map(archive.sessions.state(conversation), (state) => ({
          conversation,
          // No run has this number yet.
          need: Need.of(conversation, state, { full, lookback, from: Infinity, now }),
          state
        }))
      )
    })
  )

const wanted = (source: SourceService, { conversations, concurrency }: Options) =>
  conversations === undefined
    ? Stream.flatMap(source.conversationPages({ undecodable: "keep", concurrency }), ({ items }) =>
        Stream.fromArray(items)
      )
    : chosen(source, conversations)

const chosen = (
  { account, vendor }: SourceService,
  ids: ReadonlyArray<string>
): Stream.Stream<Conversation> =>
  Stream.fromIterable([...new Set(ids)].map((id) => unlisted(vendor, account, id)))

// ---------------------------------------------------------------------------------------------------------------
// Failures
// ---------------------------------------------------------------------------------------------------------------

const failed = Effect.fnUntraced(function* (
  context: Context,
  conversation: Conversation,
  error: SourceError | ArchiveError,
  counted: boolean
): Effect.fn.Return<void, SourceError | ArchiveError> {
  const { archive, progress } = context
  const reason = error.reason._tag
  const failure: Failed = { conversationId: conversation.id, reason, message: error.message }
  const neverThere = reason === "NotFound" && (yield* archive.sessions.dropUnread(conversation))
  // In a conflict another writer reads the conversation, and may have finished by now. A read that was capped has ended.
  const isLost = !neverThere && reason !== "Conflict" && Failures.capOf(error) === undefined
  if (isLost) yield* archive.sessions.noteFailure(conversation, `${reason}: ${error.message}`)
  const unreachable = Failures.isOfTheVendor(reason)
  yield* tell(context, Progress.failed(progress, failure, { unreachable, counted }))
  if (progress.unreachable >= Failures.inARow) return yield* error
})
