/**
 * Fair timing. The candidates take turns in every round, so that a slow moment of the machine affects all of them. Every
 * other round runs in reverse order, so that no candidate always follows the same other.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** Something to time. */
export interface Candidate {
  readonly name: string
  readonly run: Effect.Effect<unknown>
}

/** The timing of one candidate. */
export const Timing = Schema.Struct({
  name: Schema.String,
  /** Time of the median round. */
  micros: Schema.Finite,
  /** Ratio to the first candidate's median. */
  ratio: Schema.Finite,
  /** Median of the rounds' ratios to the first candidate: it is independent of what slows a whole round. */
  paired: Schema.Finite
})
export interface Timing extends Schema.Schema.Type<typeof Timing> {}

/** What is measured: wall time, or CPU time of this process, which other jobs do not affect. */
export type Counted = "clock" | "cpu"

const nanosNow = (counted: Counted): Effect.Effect<bigint> =>
  counted === "clock"
    ? Clock.currentTimeNanos
    : Effect.sync(() => {
        const { system, user } = process.cpuUsage()
        return BigInt(system + user) * 1000n
      })

/** Times each candidate `times` times in each of `rounds` rounds, after two rounds that are not counted. */
export const compare = Effect.fnUntraced(function* (
  candidates: ReadonlyArray<Candidate>,
  options: { readonly rounds: number; readonly times: number; readonly counted?: Counted }
): Effect.fn.Return<ReadonlyArray<Timing>> {
  const samples = candidates.map(() => Array<number>())
  const now = nanosNow(options.counted ?? "clock")
  for (let round = -2; round < options.rounds; round++) {
    const order = [...candidates.entries()]
    for (const [at, candidate] of round % 2 === 0 ? order : order.toReversed()) {
      const start = yield* now
      for (let time = 0; time < options.times; time++) yield* candidate.run
      const nanos = Number((yield* now) - start)
      if (round >= 0) samples[at]?.push(nanos / 1000 / options.times)
    }
  }
  const [first = []] = samples
  return candidates.map(({ name }, at) => {
    const own = samples[at] ?? []
    return { name, micros: median(own), ratio: median(own) / median(first), paired: pairedRatio(own, first) }
  })
})

/** The median; 0 if there are no values. */
export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** The median of the rounds' ratios. */
export const pairedRatio = (values: ReadonlyArray<number>, base: ReadonlyArray<number>): number =>
  median(values.map((value, round) => value / (base[round] ?? value)))
