/**
 * The work of `sync` without a vendor: every source of the configuration, with one summary and one exit code.
 */
import { Sync } from "@colloquy/archive"
import * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Archives from "./Archives.ts"
import * as Configuration from "./Configuration.ts"
import type { Source } from "./configuration/settings.ts"
import * as Failure from "./Failure.ts"
import * as CliFlags from "./Flags.ts"
import * as Opening from "./Opening.ts"
import * as Output from "./Output.ts"
import * as Progress from "./Progress.ts"
import * as Syncing from "./Syncing.ts"
import * as Nearest from "./terminal/Nearest.ts"
import { ProgressLine } from "./terminal/ProgressLine.ts"
import * as Table from "./terminal/Table.ts"
import * as Token from "./Token.ts"

/** The values of the flags. */
export interface Flags extends Syncing.Flags {
  readonly source: ReadonlyArray<string>
}

/** Most sources that are synced at once. */
const atOnce = 8

/** Syncs the sources that the flags choose; with `--dry-run`, prints what a sync would do. */
export const run = Effect.fnUntraced(function* (flags: Flags) {
  const sources = yield* chosen(yield* Configuration.required, flags.source)
  // Without an archive, no source can be synced.
  yield* Archives.place(flags)
  const results = yield* flags.dryRun
    ? Effect.forEach(sources, (source) => resultOf(source, planned(source, flags)))
    : Effect.provide(syncAll(sources, flags), yield* Archives.created(flags)).pipe(
        Effect.provideService(Token.Shared, new Map())
      )
  if (!flags.dryRun) yield* tell(results, flags)
  const failed = results.flatMap(({ error, source }) => (error === null ? [] : [{ ...error, source }]))
  const [first] = failed
  if (first === undefined) return
  const others = failed.length > 1 ? `${failed.length} of ${results.length} sources failed, the first ` : ""
  return yield* new Failure.PartialSync({
    reason: first.reason,
    exitCode: first.exitCode,
    problem: `${others}${first.source}: ${first.message}`
  })
})

/** The sources with these names, or all. */
const chosen = Effect.fnUntraced(function* (
  { path, sources }: Configuration.Configuration,
  wanted: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<Source>, Failure.UsageError> {
  if (sources.length === 0) {
    return yield* new Failure.UsageError({ problem: `${path} has no sources; add [sources.NAME]` })
  }
  const names = sources.map(({ name }) => name)
  for (const name of wanted) {
    if (names.includes(name)) continue
    const meant = Nearest.question(name, names) || `; it has ${names.join(", ")}`
    return yield* new Failure.UsageError({ problem: `${path} has no source ${name}${meant}` })
  }
  return wanted.length === 0 ? sources : sources.filter(({ name }) => wanted.includes(name))
})

// ---------------------------------------------------------------------------------------------------------------
// Sync
// ---------------------------------------------------------------------------------------------------------------

/** How the sync of a source ended. */
interface Result {
  readonly source: string
  readonly vendor: string
  readonly account: string
  readonly report: Sync.Report | null
  readonly error: Failure.Report | null
}

const syncAll = Effect.fnUntraced(function* (sources: ReadonlyArray<Source>, flags: Flags) {
  const { showing } = yield* ProgressLine
  const ending = yield* Failure.Ending
  ending.stopped = "stopped, everything committed stays; run the same command again to go on"
  const all = yield* Effect.forEach(sources, (source) =>
    Effect.map(Progress.make(namesOf(source)), (progress) => ({ source, progress }))
  )
  const results = Effect.forEach(
    inTurn(all),
    ({ progress, source }) => resultOf(source, synced(source, progress, flags)),
    { concurrency: atOnce }
  )
  const line = Progress.line(
    all.map(({ progress }) => progress),
    "new message"
  )
  const ended = yield* showing(line, results)
  return sources.flatMap(({ name }) => ended.filter(({ source }) => source === name))
})

const namesOf = ({ account, name, vendor }: Source) => ({
  source: name,
  vendor: vendor.definition.name,
  account
})

/** The first source of every account, then the second of every account, and so on. */
const inTurn = <A extends { readonly source: Source }>(all: ReadonlyArray<A>): ReadonlyArray<A> => {
  const accounts = Object.values(
    Arr.groupBy(all, ({ source }) => JSON.stringify([source.vendor.definition.name, source.account]))
  )
  const most = Math.max(...accounts.map(({ length }) => length))
  return Arr.range(0, most - 1).flatMap((at) => accounts.flatMap((each) => each[at] ?? []))
}

const synced = Effect.fnUntraced(function* (source: Source, progress: Progress.Progress, flags: Flags) {
  const unopened = yield* unopenedOf(source)
  const own = flagsOf(source, flags)
  const opened = yield* unopened.open(Progress.onRequest(progress))
  yield* Progress.expect(progress)
  const report = yield* Sync.sync(Progress.listening(progress, opened), {
    ...Syncing.options(own),
    onEvent: Progress.onEvent(progress)
  })
  const lines = [Syncing.describe(report, progress), ...(yield* Syncing.remarks(report, own))]
  yield* Effect.annotateLogs(
    Effect.forEach(lines, (line) => Effect.logInfo(line), { discard: true }),
    { vendor: source.name }
  )
  return report
})

const planned = Effect.fnUntraced(function* (source: Source, flags: Flags) {
  const opened = yield* (yield* unopenedOf(source)).open(undefined)
  const archive = yield* Archives.planned(flags)
  yield* Effect.provide(Syncing.plan(opened, flagsOf(source, flags), source.name), archive)
  return null
})

const unopenedOf = ({ account, chosen, reading, vendor }: Source) =>
  Opening.unopened(vendor, chosen, {
    account,
    baseUrl: Option.none(),
    pageSize: Option.fromUndefinedOr(reading["page-size"]),
    concurrency: reading.concurrency ?? 1,
    maxPages: Option.fromUndefinedOr(reading["max-pages"])
  })

const or = <A>(given: Option.Option<A>, said: A | undefined): Option.Option<A> =>
  Option.orElse(given, () => Option.fromUndefinedOr(said))

/** The flags of a source: given on the command line, else said by the configuration. */
const flagsOf = ({ reading }: Source, flags: Flags): Syncing.SourceFlags => ({
  ...flags,
  conversation: [],
  parallel: or(flags.parallel, reading.parallel),
  lookback: or(
    flags.lookback,
    reading.lookback === undefined ? undefined : CliFlags.durationIn(reading.lookback)
  ),
  quarantineRows: or(flags.quarantineRows, reading["quarantine-rows"]),
  quarantineShare: or(flags.quarantineShare, reading["quarantine-share"])
})

/** The result of a source's work. A failure does not stop the other sources, an interruption does. */
const resultOf = <E, R>(source: Source, work: Effect.Effect<Sync.Report | null, E, R>) =>
  Effect.flatMap(Effect.exit(work), (exit): Effect.Effect<Result> => {
    const names = namesOf(source)
    if (Exit.isSuccess(exit)) {
      const report = exit.value
      const [first] = report?.failed ?? []
      const partial =
        first === undefined || report === null
          ? null
          : Failure.report(Cause.fail(Failure.partialSync(first, report.failed.length, report.conversations)))
      return Effect.succeed({ ...names, report, error: partial })
    }
    if (Cause.hasInterruptsOnly(exit.cause)) return Effect.interrupt
    const error = Failure.report(exit.cause)
    return Effect.logError(`${error.reason}: ${error.message}`).pipe(
      Effect.annotateLogs({ vendor: source.name }),
      Effect.as({ ...names, report: null, error })
    )
  })

// ---------------------------------------------------------------------------------------------------------------
// Summary
// ---------------------------------------------------------------------------------------------------------------

const columns: ReadonlyArray<Table.Column> = [
  { title: "source", numeric: false },
  { title: "vendor", numeric: false },
  { title: "account", numeric: false },
  { title: "conversations", numeric: true },
  { title: "new messages", numeric: true },
  { title: "time", numeric: true },
  { title: "result", numeric: false }
]

/** Records in quarantine are messages that the archive does not have. */
const resultIn = (report: Sync.Report | null): string => {
  const records = report?.inQuarantine ?? 0
  return records > 0 ? `complete, ${Table.count(records)} in quarantine` : "complete"
}

const tell = Effect.fnUntraced(function* (results: ReadonlyArray<Result>, { json }: Flags) {
  if (json) {
    const lines = results.map(({ error, ...result }) => ({
      ...result,
      error: error === null ? null : { reason: error.reason, message: error.message }
    }))
    return yield* Output.print(lines.map((line) => JSON.stringify(line)).join("\n"))
  }
  const rows = results.map(({ account, error, report, source, vendor }) => [
    source,
    vendor,
    account,
    report === null ? "–" : Table.count(report.conversations),
    report === null ? "–" : Table.count(report.added),
    report === null ? "–" : Table.seconds(report.millis),
    error === null ? resultIn(report) : error.reason
  ])
  yield* Output.say(`\n${Table.render(columns, rows)}`)
})
