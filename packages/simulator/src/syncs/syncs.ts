/**
 * Many histories of archives: drawn, run, judged and counted.
 */
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Coverage from "../coverage.ts"
import { type Case, cases } from "./case.ts"
import { run } from "./run.ts"

export { watch } from "./deaths.ts"

/** The same as for walks; `runs` are histories, each of several syncs. */
export const check = (
  coverage: Coverage.Coverage,
  options: { readonly runs: number; readonly seed: number }
): Effect.Effect<string | undefined> =>
  Arbitrary.checkEffect(
    cases,
    (given) =>
      Effect.flatMap(run(given), ({ wrong }) => {
        Coverage.count(coverage, kindOf(given), happened(given))
        return wrong === undefined ? Effect.succeed(true) : Effect.fail(wrong)
      }),
    { ...options, maxShrinks: 2000 }
  ).pipe(Effect.map((result) => Arbitrary.formatCheckFailure(result)))

const kindOf = ({ vendor }: Case): string =>
  `${vendor.messages.paging}, ${vendor.newestFirst ? "newest" : "oldest"} first, ${vendor.ids || vendor.newestFirst ? "" : "no "}ids, list tells ${vendor.list}`

const happened = ({ start, steps }: Case): ReadonlyArray<string> => [
  ...start.map((count) => (count < 3 ? `from ${count}` : "from more")),
  ...steps.flatMap((step) => {
    if (step.step === "change") return [step.change.kind]
    if (step.step === "clock") return ["clock set"]
    return [...step.sync.faults.map(({ kind }) => kind), ...step.sync.during.map(({ change }) => change.kind)]
  })
]
