/**
 * A clock that advances only when nothing else can happen, and a wall clock that can be set.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

export interface SimulatedClock extends Clock.Clock {
  /** Sets the wall clock by so many milliseconds. It wakes nobody. */
  readonly set: (by: number) => void
  /** Lets so many milliseconds pass. */
  readonly pass: (millis: number) => void
  /** The true time in seconds since 1970, whatever the wall clock says. */
  readonly seconds: () => number
  /** Advances to the next sleeper and wakes it; false if nobody sleeps. */
  readonly wakeNext: () => boolean
}

/** Turns of the scheduler without any event before it is assumed that none will come. */
const turns = 12
/** The start time. */
const beginning = 1_700_000_000_000
/** How often that is assumed, with nobody to wake, before the run counts as hanging. */
const patience = 200
/** A limit that no correct run reaches. */
const deadlock = 100_000

export const make = (): SimulatedClock => {
  let elapsed = 0
  let wall = beginning
  let sleepers: Array<Sleeper> = []
  const pass = (millis: number): void => {
    elapsed += millis
    wall += millis
  }
  const now = () => wall
  const nanos = () => BigInt(Math.round(elapsed)) * 1_000_000n
  return {
    currentTimeMillisUnsafe: now,
    currentTimeMillis: Effect.sync(now),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) =>
      Effect.callback<void>((resume) => {
        const sleeper = { until: elapsed + Duration.toMillis(duration), wake: () => resume(Effect.void) }
        sleepers.push(sleeper)
        return Effect.sync(() => {
          sleepers = sleepers.filter((each) => each !== sleeper)
        })
      }),
    set: (by) => {
      wall += by
    },
    pass,
    seconds: () => Math.floor((beginning + elapsed) / 1000),
    wakeNext: () => {
      const next = sleepers.toSorted((a, b) => a.until - b.until)[0]
      if (next === undefined) return false
      sleepers = sleepers.filter((each) => each !== next)
      pass(Math.max(0, next.until - elapsed))
      next.wake()
      return true
    }
  }
}

/** Shows whether something happens. */
export interface Signs {
  /** A number that grows with every event. */
  readonly activity: () => number
  /** Lets other things happen. */
  readonly pause: Effect.Effect<void>
}

/** Runs an effect on the clock, which advances whenever nothing happens. */
export const drive = Effect.fnUntraced(function* <A, E, R>(
  clock: SimulatedClock,
  effect: Effect.Effect<A, E, R>,
  { activity, pause }: Signs
) {
  const fiber = yield* Effect.forkChild(Effect.provideService(effect, Clock.Clock, clock), {
    startImmediately: true
  })
  let seen = activity()
  let still = 0
  let stuck = 0
  for (let turn = 0; fiber.pollUnsafe() === undefined; turn++) {
    if (turn > deadlock) return yield* Effect.die(new Error("a run that does not end"))
    yield* pause
    const now = activity()
    if (now !== seen) stuck = 0
    still = now === seen ? still + 1 : 0
    seen = now
    if (still < turns) continue
    still = 0
    stuck = clock.wakeNext() ? 0 : stuck + 1
    if (stuck > patience) return yield* Effect.die(new Error("a run that hangs"))
  }
  return yield* Fiber.await(fiber)
})
