/**
 * Repeats a sync in the foreground until it is stopped: one run at a time, and a file that tells how it goes.
 */
import * as Flag from "effect/cli/Flag"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Cause from "effect/Cause"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type * as Path from "effect/Path"
import * as Random from "effect/Random"
import type * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Failure from "./Failure.ts"
import * as CliFlags from "./Flags.ts"
import * as Output from "./Output.ts"

/** The flags of a command that can be repeated. */
export const flags = {
  every: CliFlags.duration("every").pipe(
    Flag.withDescription("Sync again and again, at this interval: 15m, 1h (default: once)"),
    Flag.filter(
      (every) => Duration.between(every, { minimum: Duration.seconds(1), maximum: Duration.days(14) }),
      () => "a duration from 1s to 2w"
    ),
    Flag.optional
  ),
  healthFile: CliFlags.nonEmpty(Flag.String("health-file")).pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("With --every: write to FILE, as JSON, how it goes, at least every 30 seconds"),
    Flag.optional
  )
}

/** The values of `flags`, and of one that cannot be repeated. */
export interface Flags {
  readonly dryRun: boolean
  readonly every: Option.Option<Duration.Duration>
  readonly healthFile: Option.Option<string>
}

/** What the health file says. */
export interface Health {
  readonly state: "running" | "waiting" | "stopped"
  /** Whether the last run that ended was complete; true before the first end. */
  readonly healthy: boolean
  /** When the file was written. It is stale if that is over a minute ago. */
  readonly updatedAt: string
  readonly startedAt: string
  /** Runs that ended. */
  readonly runs: number
  readonly lastRunAt: string | null
  readonly lastSuccessAt: string | null
  readonly nextRunAt: string | null
  /** How the last run failed; null if it was complete. */
  readonly error: { readonly reason: string; readonly message: string } | null
}

const timeNow = Effect.map(DateTime.now, DateTime.formatIso)

type Needs = FileSystem.FileSystem | Path.Path | Stdio.Stdio

/** Runs once, or repeatedly if the flags say so. Stopping the repetition is its normal end. */
export const run = <E, R>(
  { dryRun, every, healthFile }: Flags,
  once: Effect.Effect<void, E, R>
): Effect.Effect<void, E | Failure.UsageError | Failure.StorageError, R | Needs> => {
  if (Option.isSome(every) && dryRun) {
    return Effect.fail(new Failure.UsageError({ problem: "--every and --dry-run exclude each other" }))
  }
  if (Option.isSome(every)) return repeated(every.value, healthFile, once)
  return Option.isNone(healthFile)
    ? once
    : Effect.fail(new Failure.UsageError({ problem: "--health-file needs --every" }))
}

const repeated = Effect.fnUntraced(function* <E, R>(
  every: Duration.Duration,
  file: Option.Option<string>,
  once: Effect.Effect<void, E, R>
): Effect.fn.Return<never, E | Failure.UsageError | Failure.StorageError, R | Needs> {
  const startedAt = yield* timeNow
  let health: Health = {
    state: "running",
    healthy: true,
    updatedAt: startedAt,
    startedAt,
    runs: 0,
    lastRunAt: null,
    lastSuccessAt: null,
    nextRunAt: null,
    error: null
  }
  const write = Effect.suspend(() => writeHealth(health, file))
  // Only its first writing shows a mistake. Later, the syncs are worth more than the file.
  const writeAgain = Effect.catch(write, ({ message }) =>
    Effect.logWarning(`the health file is not up to date: ${message}`)
  )
  const update = (changed: Partial<Health>) => {
    health = { ...health, ...changed }
    return writeAgain
  }
  yield* write
  return yield* Effect.raceFirst(repeating(every, once, update), beating(writeAgain)).pipe(
    Effect.onExit((exit) => update(stopped(exit)))
  )
})

/** How the repetition ends: a person stops it, or the first run shows a mistake. */
const stopped = (exit: Exit.Exit<never, unknown>): Partial<Health> => {
  const ended = { state: "stopped", nextRunAt: null } as const
  if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) return ended
  const { message, reason } = Failure.report(exit.cause)
  return { ...ended, healthy: false, error: { reason, message } }
}

/** The share of the interval by which a run may begin later, so that many machines do not begin together. */
const jitter = 0.1

const repeating = Effect.fnUntraced(function* <E, R>(
  every: Duration.Duration,
  once: Effect.Effect<void, E, R>,
  update: (changed: Partial<Health>) => Effect.Effect<void, never, Needs>
): Effect.fn.Return<never, E, R | Needs> {
  const ending = yield* Failure.Ending
  ending.stopsWell = true
  for (let runs = 1; ; runs++) {
    const lastRunAt = yield* timeNow
    yield* update({ state: "running", lastRunAt, nextRunAt: null })
    const [elapsed, exit] = yield* Effect.timed(Effect.exit(once))
    if (Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)) return yield* Effect.interrupt
    const report = Exit.isSuccess(exit) ? null : Failure.report(exit.cause)
    // The first run shows mistakes in the flags and in the configuration.
    if (Exit.isFailure(exit) && runs === 1 && Failure.isMistake(exit.cause))
      return yield* Effect.failCause(exit.cause)
    if (report !== null) yield* Effect.logError(`${report.reason}: ${report.message}`)
    ending.stopped = "stopped between two runs"
    const wait = Duration.sum(
      Duration.subtract(every, elapsed),
      Duration.times(every, jitter * (yield* Random.next))
    )
    const nextRunAt = DateTime.formatIso(DateTime.addDuration(yield* DateTime.now, wait))
    yield* Effect.logInfo(`the next run begins at ${nextRunAt.slice(11, 19)} UTC`)
    yield* update({
      state: "waiting",
      healthy: report === null,
      runs,
      nextRunAt,
      error: report === null ? null : { reason: report.reason, message: report.message },
      ...(report === null ? { lastSuccessAt: lastRunAt } : {})
    })
    yield* Effect.sleep(wait)
  }
})

/** Writes the health file again while nothing changes, so that a dead process shows. */
const beating = <R>(write: Effect.Effect<void, never, R>): Effect.Effect<never, never, R> =>
  Effect.forever(Effect.andThen(Effect.sleep("30 seconds"), write))

const writeHealth = Effect.fnUntraced(function* (
  health: Health,
  file: Option.Option<string>
): Effect.fn.Return<void, Failure.StorageError, Needs> {
  if (Option.isNone(file)) return
  const updatedAt = yield* timeNow
  yield* Output.write(Stream.succeed(`${JSON.stringify({ ...health, updatedAt }, null, 2)}\n`), file)
})
