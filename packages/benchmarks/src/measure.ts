/**
 * Fair timing: the candidates take turns in every round, so that a machine that slows down slows all of them.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** Something to time. */
export interface Candidate {
  readonly name: string
  readonly run: Effect.Effect<unknown>
}

/** What came out: microseconds of the median round, and the ratio to the first candidate's median. */
export interface Timing {
  readonly name: string
  readonly micros: number
  readonly ratio: number
}

/** Times each candidate `times` in each of `rounds` rounds, after two rounds that are not counted. */
export const compare = Effect.fnUntraced(function* (
  candidates: ReadonlyArray<Candidate>,
  options: { readonly rounds: number; readonly times: number }
): Effect.fn.Return<ReadonlyArray<Timing>> {
  const samples = candidates.map(() => Array<number>())
  for (let round = -2; round < options.rounds; round++) {
    for (const [at, candidate] of candidates.entries()) {
      const start = yield* Clock.currentTimeNanos
      for (let time = 0; time < options.times; time++) yield* candidate.run
      const nanos = Number((yield* Clock.currentTimeNanos) - start)
      if (round >= 0) samples[at]?.push(nanos / 1000 / options.times)
    }
  }
  const medians = samples.map(median)
  return candidates.map(({ name }, at) => {
    const micros = medians[at] ?? 0
    return { name, micros, ratio: micros / (medians[0] ?? micros) }
  })
})

/** The middle value; 0 of none. */
export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
