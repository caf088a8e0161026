/**
 * Sync: brings an archive up to what a vendor has, at the cost of what is new.
 *
 * **Example** (Every conversation of a chatbot, into a file)
 *
 * ```ts
 * import { Archive, Sqlite, Sync } from "@colloquy/archive"
 * import { Chatling } from "@colloquy/chatling"
 * import { Effect, Layer } from "effect"
 * import { FetchHttpClient } from "effect/http"
 *
 * const archive = Archive.layer.pipe(Layer.provide(Sqlite.layer({ filename: "history.db" })))
 * const chatling = Chatling.layerSource({ chatbotId: "123" }).pipe(Layer.provide(FetchHttpClient.layer))
 *
 * export const program = Sync.sync({ parallel: 8 }).pipe(
 *   Effect.tap((report) => Effect.log(`${report.added} new messages`)),
 *   Effect.provide(Layer.merge(archive, chatling))
 * )
 * ```
 */
import { type Conversation, Source, type SourceError, type SourceService } from "@colloquy/core"
import type * as Duration from "effect/Duration"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Cause from "effect/Cause"
import * as Stream from "effect/Stream"
import { Archive, type ArchiveService } from "./Archive.ts"
import { ArchiveError, QuarantineFull } from "./ArchiveError.ts"
import type { State } from "./internal/checkpoints.ts"
import * as Need from "./internal/need.ts"
import type * as Runs from "./internal/runs.ts"
import { unlisted } from "./internal/rows.ts"
import * as Progress from "./internal/progress.ts"
import type { Event, Failed, Report } from "./SyncReport.ts"

/** How many records may go to quarantine in one run before it is stopped. */
export interface QuarantineBudget {
  /** Records at most. Default 100. */
  readonly rows?: number | undefined
  /** Of all that were received, once there are 100, from 0 to 1. Default 0.1. */
  readonly share?: number | undefined
}

/** What to sync, and how. */
export interface Options {
  /** Only these conversations, by the vendor's ids. Default: all that the vendor lists. */
  readonly conversations?: ReadonlyArray<string> | undefined
  /** Conversations read at once, 1 to 64. Default 4. All share the account's rate limit, in turn. */
  readonly parallel?: number | undefined
  /** Requests in flight for each conversation. Default: the source's. */
  readonly concurrency?: number | undefined
  /** Reads every conversation whole, which shows edits, feedback and removals wherever they are. Default false. */
  readonly full?: boolean | undefined
  /** Reads those conversations whole that were active within this time, or whose activity is not known. Default none. */
  readonly lookback?: Duration.Input | undefined
  readonly quarantine?: QuarantineBudget | undefined
  /** Called as things happen; what it does holds up the conversation that it is about. Default nothing. */
  readonly onEvent?: ((event: Event) => Effect.Effect<void>) | undefined
}

/**
 * Reads what is new at the provided source into the provided archive.
 *
 * A conversation that fails is noted and does not stop the others: the report has it among `failed`. What would fail
 * them all does stop the run: `SourceError` if the list cannot be read, the token is refused, the quota is used up, or
 * five conversations in a row fail to be reached; `ArchiveError` if the archive cannot be written, or more records
 * cannot be decoded than the budget allows. Everything committed stays, and the next run goes on from there.
 */
export const sync = Effect.fn("Sync.sync")(function* (
  options: Options = {}
): Effect.fn.Return<Report, SourceError | ArchiveError, Archive | Source> {
  const archive = yield* Archive
  const source = yield* Source
  const { account, vendor } = source
  const run = yield* archive.beginRun({ vendor, account, kind: kindOf(options) })
  const progress = yield* Progress.make(vendor, account)
  const context: Context = { archive, source, options, progress, run }
  return yield* everyConversation(context).pipe(
    Effect.andThen(Progress.report(progress)),
    Effect.onExit((exit) =>
      Progress.report(progress).pipe(
        Effect.flatMap((report) => archive.endRun(run, outcomeOf(exit, report), report)),
        // The archive may be what failed.
        Effect.ignore
      )
    )
  )
})

/** Only runs of one kind continue each other. */
const kindOf = ({ conversations, full }: Options): Runs.Kind => {
  if (conversations !== undefined) return "chosen"
  return full === true ? "whole" : "new"
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
  const { options } = context
  const conversations =
    options.conversations === undefined ? listed(context) : chosen(context.source, options.conversations)
  return conversations.pipe(
    Stream.mapEffect((conversation) => one(context, conversation), {
      concurrency: options.parallel ?? 4,
      unordered: true
    }),
    Stream.runDrain
  )
}

/** The vendor's list, each page of it stored before its conversations are read. */
const listed = ({
  archive,
  options,
  progress,
  run,
  source
}: Context): Stream.Stream<Conversation, SourceError | ArchiveError> =>
  source.conversationPages({ undecodable: "keep", concurrency: options.concurrency }).pipe(
    Stream.mapEffect((page) =>
      archive.list({ vendor: source.vendor, account: source.account, page, run }).pipe(
        Effect.tap(() => Progress.listed(progress, page)),
        Effect.tap(() => withinBudget(progress, options.quarantine))
      )
    ),
    Stream.flatMap(Stream.fromArray)
  )

// ---------------------------------------------------------------------------------------------------------------
// One conversation
// ---------------------------------------------------------------------------------------------------------------

/** Reads one conversation; its failure is noted, unless all others would fail alike. */
const one = Effect.fn("Sync.conversation")(function* (
  context: Context,
  conversation: Conversation
): Effect.fn.Return<void, SourceError | ArchiveError> {
  const { archive, options, progress, run } = context
  const state = yield* archive.state(conversation)
  const now = yield* DateTime.now
  const need = Need.of(conversation, state, {
    full: options.full,
    lookback: options.lookback,
    since: run.since,
    now
  })
  if (need === "nothing") return yield* tell(context, Progress.unchanged(progress, conversation))
  yield* readAll(context, conversation, need).pipe(
    Effect.tap((read) => tell(context, Progress.read(progress, conversation, read))),
    Effect.catchIf(
      (error) => !stopsAll(error),
      (error) => failed(context, conversation, error)
    ),
    Effect.annotateSpans({ conversation: conversation.id })
  )
})

/** Reads until nothing is owed: what is new, then whole where counts disagree, then again where rows are missing. */
const readAll = Effect.fnUntraced(function* (
  context: Context,
  conversation: Conversation,
  need: Need.Need
): Effect.fn.Return<Progress.Read, SourceError | ArchiveError> {
  const read = Progress.nothingRead()
  let want: "new" | "whole" = need === "whole" ? "whole" : "new"
  for (;;) {
    const again = yield* readOnce(context, conversation, want, read)
    if (again === null) return read
    yield* tell(context, Effect.succeed({ _tag: "Rereading", conversationId: conversation.id, why: again }))
    // The archive owes the reading, and plans it itself.
    want = "new"
  }
})

/** One reading; in words, why another must follow, or null. */
const readOnce = Effect.fnUntraced(function* (
  context: Context,
  conversation: Conversation,
  want: "new" | "whole",
  read: Progress.Read
): Effect.fn.Return<string | null, SourceError | ArchiveError> {
  const { archive, options, progress, run, source } = context
  const reading = yield* archive.reading(conversation, { want, since: run.since })
  if (reading === undefined) return null
  return yield* source
    .messagePages({
      conversationId: conversation.id,
      conversation,
      from: reading.from,
      verify: reading.kind === "verified",
      concurrency: options.concurrency,
      undecodable: "keep"
    })
    .pipe(
      Stream.mapEffect((page) =>
        reading.write(page).pipe(
          Effect.tap((written) =>
            tell(context, Progress.written(progress, read, conversation, page, written))
          ),
          Effect.tap(() => withinBudget(progress, options.quarantine))
        )
      ),
      Stream.takeUntil(({ end }) => end !== null),
      Stream.runFold(
        (): string | null => null,
        (_, { end }) => end?.again ?? null
      )
    )
})

const tell = ({ options }: Context, event: Effect.Effect<Event>): Effect.Effect<void> =>
  Effect.flatMap(event, (event) => options.onEvent?.(event) ?? Effect.void)

// ---------------------------------------------------------------------------------------------------------------
// What a sync would do
// ---------------------------------------------------------------------------------------------------------------

/** What a sync would do with a conversation. */
export interface Planned {
  readonly conversation: Conversation
  readonly need: Need.Need
  /** How far it was read; undefined if the archive has never met it. */
  readonly state: State | undefined
}

/** What a sync would read: asks for the list of conversations only, and writes nothing. */
export const plan = (
  options: Options = {}
): Stream.Stream<Planned, SourceError | ArchiveError, Archive | Source> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const archive = yield* Archive
      const source = yield* Source
      const now = yield* DateTime.now
      const since = DateTime.formatIso(now)
      return Stream.mapEffect(wanted(source, options), (conversation) =>
        Effect.map(archive.state(conversation), (state) => ({
          conversation,
          need: Need.of(conversation, state, { full: options.full, lookback: options.lookback, since, now }),
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
): Stream.Stream<Conversation> => Stream.fromIterable(ids.map((id) => unlisted(vendor, account, id)))

// ---------------------------------------------------------------------------------------------------------------
// Failures
// ---------------------------------------------------------------------------------------------------------------

/** Reasons that the next conversation would meet as well. */
const ofTheAccount: ReadonlySet<string> = new Set(["Unauthorized", "QuotaExhausted"])
/** Reasons that may be the vendor's as a whole, and surely are after this many conversations in a row. */
const ofTheVendor: ReadonlySet<string> = new Set(["Unavailable", "Timeout", "Transport", "RateLimited"])
const inARow = 5

const stopsAll = (error: SourceError | ArchiveError): boolean =>
  error._tag === "ArchiveError" ? error.reason._tag !== "Conflict" : ofTheAccount.has(error.reason._tag)

const failed = Effect.fnUntraced(function* (
  context: Context,
  conversation: Conversation,
  error: SourceError | ArchiveError
): Effect.fn.Return<void, SourceError | ArchiveError> {
  const { archive, progress } = context
  const reason = error.reason._tag
  const failure: Failed = { conversationId: conversation.id, reason, message: error.message }
  const neverThere = reason === "NotFound" && (yield* archive.dropUnread(conversation))
  if (!neverThere) yield* archive.noteFailure(conversation, `${reason}: ${error.message}`)
  yield* tell(context, Progress.failed(progress, failure, ofTheVendor.has(reason)))
  if (progress.unreachable >= inARow) return yield* error
})

const withinBudget = (
  { quarantined, received }: Progress.Progress,
  { rows = 100, share = 0.1 }: QuarantineBudget = {}
): Effect.Effect<void, ArchiveError> => {
  const tooMany = quarantined > rows
  const tooLarge = received >= 100 && quarantined / received > share
  if (!tooMany && !tooLarge) return Effect.void
  const limit = tooMany ? `${rows} records` : `${share * 100} % of the records`
  const reason = new QuarantineFull({ rows: quarantined, received, limit })
  return Effect.fail(new ArchiveError({ operation: "Sync.sync", reason }))
}
