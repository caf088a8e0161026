/**
 * Runs the syncs of a case one after the other, and compares the archive with the vendor after each.
 */
import { Archive, type ArchiveError, Sync } from "@colloquy/archive"
import type { SourceError } from "@colloquy/core"
import type { Failure, Faults, SimulatedVendor } from "@colloquy/engine"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type * as Case from "./case.ts"
import * as Clock from "./clock.ts"
import * as Deaths from "./deaths.ts"
import * as Judge from "./judge.ts"
import * as World from "./world.ts"

/** An empty database each time that the layer is built. */
export type Database = Layer.Layer<SqlClient, SqlError>

type Outcome = Exit.Exit<Sync.Report, SourceError | ArchiveError.ArchiveError>

/** The faults that a run's requests meet. */
interface Meets {
  /** Requests of this run so far. */
  requests: number
  readonly sync: Case.Sync
  readonly interrupted: Deferred.Deferred<void>
}

const strikes = ({ from, times }: Case.Fault, nth: number): boolean => nth >= from && nth < from + times

const failureOf = (
  world: World.World,
  { requests, sync }: Meets,
  { what }: SimulatedVendor.Request
): Failure | Faults.Fault | "nothing" | undefined => {
  for (const fault of sync.faults) {
    if (!strikes(fault, requests)) continue
    switch (fault.kind) {
      case "unavailable":
      case "notFound":
      case "unauthorized":
        return fault.kind
      case "reset":
      case "truncate":
        return { _tag: "Fault", kind: fault.kind, which: { _tag: "All" } }
      case "empty":
      case "emptyList":
        if ((what === "list") === (fault.kind === "emptyList")) {
          World.lie(world, what)
          return "nothing"
        }
    }
  }
  return undefined
}

const hook = (world: World.World, clock: Clock.SimulatedClock, meets: Meets): void => {
  const { vendor } = world
  vendor.before = ({ conversationId }) =>
    Effect.suspend(() => {
      meets.requests += 1
      World.tick(world, clock.seconds())
      World.mend(world)
      for (const { before, change } of meets.sync.during) {
        if (before === meets.requests) World.change(world, change)
      }
      const isMalformed = meets.sync.faults.some(
        (fault) => fault.kind === "malformed" && strikes(fault, meets.requests)
      )
      if (isMalformed) World.damage(world, conversationId, meets.requests)
      const ends = meets.sync.faults.some(
        ({ from, kind }) => kind === "interrupted" && from === meets.requests
      )
      return ends ? Effect.andThen(Deferred.succeed(meets.interrupted, undefined), Effect.never) : Effect.void
    })
  vendor.fails = (request) => failureOf(world, meets, request)
}

/** The vendor's source, over one of the account's lists. */
const sourceOf = ({ face, vendor }: World.World, listFilter: string) =>
  Effect.map(face.source(vendor), (source) => ({ ...source, listFilter }))

/**
 * An archive whose runs do not lock their lists. A lock can be lost, so what is promised of two writers must hold without.
 */
const withoutLocks = Layer.fresh(
  Layer.effect(
    Archive,
    Effect.map(Archive.make, (archive) => ({
      ...archive,
      runs: { ...archive.runs, exclusively: (_list, effect) => effect }
    }))
  )
)

/** One run, or two at the same time, over a newly opened archive. */
const syncOnce = Effect.fnUntraced(function* (
  world: World.World,
  clock: Clock.SimulatedClock,
  sync: Case.Sync
) {
  const meets: Meets = { requests: 0, sync, interrupted: yield* Deferred.make<void>() }
  hook(world, clock, meets)
  World.beginRun(world)
  const dies = sync.faults.find(({ kind }) => kind === "dies")
  Deaths.live(dies?.from)
  const options: Sync.Options = {
    full: sync.full,
    parallel: sync.parallel,
    concurrency: sync.concurrency,
    ...(sync.lookback ? { lookback: "2 days" } : {}),
    ...(sync.only === null ? {} : { conversations: [World.nameOf(sync.only)] })
  }
  const run = Effect.provide(
    Effect.flatMap(sourceOf(world, sync.list), (source) => Sync.sync(source, options)),
    withoutLocks
  )
  const runs = sync.twice ? [run, run] : [run]
  const all = Effect.forEach(runs, Effect.exit, { concurrency: "unbounded" })
  const interruptible = Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(all)
    yield* Effect.raceFirst(Fiber.await(fiber), Deferred.await(meets.interrupted))
    yield* Fiber.interrupt(fiber)
    return yield* Fiber.await(fiber)
  })
  const activity = () => meets.requests + Deaths.deaths.statements
  const exit = yield* Clock.drive(clock, interruptible, { activity, pause: Deaths.pause })
  Deaths.live()
  world.vendor.before = () => Effect.void
  world.vendor.fails = () => undefined
  World.mend(world)
  const outcomes: ReadonlyArray<Outcome> =
    Exit.isSuccess(exit) && Exit.isSuccess(exit.value) ? exit.value.value : []
  if (Exit.isFailure(exit)) return yield* Effect.failCause(exit.cause)
  return { outcomes, requests: meets.requests }
})

const plain: Case.Sync = {
  full: false,
  list: "one",
  lookback: false,
  only: null,
  parallel: 1,
  concurrency: 1,
  faults: [],
  during: [],
  twice: false
}
const quiet: Case.Sync = { ...plain, full: true }

/** How many quiet full runs are needed to call messages gone, and the time between them. */
const quietRuns = 3
const apart = 2 * 60 * 60 * 1000

export interface Told {
  readonly wrong: string | undefined
  readonly runs: number
}

/** Runs a case to its end. Returns the first fault in words. */
export const run = (
  given: Case.Case,
  database: Database,
  face: World.Face = World.simulated
): Effect.Effect<Told> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const clock = Clock.make()
    const world = World.make(given, clock.seconds(), face)
    let runs = 0
    for (const step of given.steps) {
      clock.pass(60_000)
      World.tick(world, clock.seconds())
      if (step.step === "change") World.change(world, step.change)
      if (step.step === "clock") clock.set(step.minutes * 60_000)
      if (step.step === "change" || step.step === "clock") continue
      const sync = step.step === "sync" ? step.sync : plain
      runs += 1
      const { outcomes, requests } = yield* syncOnce(world, clock, sync)
      const wrong = yield* Judge.afterRun(sql, world, sync, outcomes, requests)
      if (wrong !== undefined) return { wrong: `run ${runs}: ${wrong}`, runs }
    }
    for (let nth = 0; nth <= quietRuns; nth++) {
      clock.pass(apart)
      World.tick(world, clock.seconds())
      runs += 1
      // The first quiet run reads only what is new, and must have all new messages.
      const sync: Case.Sync = { ...(nth === 0 ? plain : quiet), list: nth % 2 === 0 ? "one" : "other" }
      const { outcomes, requests } = yield* syncOnce(world, clock, sync)
      const failed = outcomes.find((outcome) => Exit.isFailure(outcome) || outcome.value.failed.length > 0)
      if (failed !== undefined && nth === quietRuns) {
        const why = Exit.isFailure(failed) ? String(failed.cause) : JSON.stringify(failed.value.failed)
        return { wrong: `a quiet run fails: ${why}`, runs }
      }
      const wrong = yield* Judge.afterRun(sql, world, sync, outcomes, requests)
      if (wrong !== undefined) return { wrong: `quiet run ${nth}: ${wrong}`, runs }
    }
    const differs = yield* Effect.provide(Judge.atRest(sql, world), Archive.layer)
    return { wrong: differs === undefined ? undefined : `at rest: ${differs}`, runs }
  }).pipe(Effect.provide(database), Effect.scoped, Effect.orDie)
