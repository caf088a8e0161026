/**
 * Draws, reads, judges and counts many vendors with damaged answers.
 */
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Coverage from "../coverage.ts"
import { type Case, cases } from "./case.ts"
import { run } from "./run.ts"
import type { Transport } from "./transport.ts"

export { inProcess, overSocket } from "./transport.ts"

export interface Options {
  readonly runs: number
  readonly seed: number
  readonly transport: Transport
}

const silence = Logger.layer([])

/** The first fault in reading one vendor with damaged answers, in words; undefined if there is none. */
export const judge = (given: Case, transport: Transport): Effect.Effect<string | undefined> =>
  Effect.provide(run(given, transport), silence)

/** The same as for walks. */
export const check = (
  coverage: Coverage.Coverage,
  { transport, ...options }: Options
): Effect.Effect<string | undefined> =>
  Arbitrary.checkEffect(
    cases,
    (given) =>
      Effect.flatMap(judge(given, transport), (wrong) => {
        Coverage.count(coverage, `${given.source}, ${given.into}`, happened(given))
        return wrong === undefined ? Effect.succeed(true) : Effect.fail(wrong)
      }),
    { ...options, maxShrinks: 500 }
  ).pipe(Effect.map((result) => Arbitrary.formatCheckFailure(result)))

const happened = ({ bodies, rows }: Case): ReadonlyArray<string> => [
  ...rows.map(({ what }) => what),
  ...bodies.map(({ what }) => `body: ${what}`)
]
