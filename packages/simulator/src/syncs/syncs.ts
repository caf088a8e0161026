/**
 * Draws, runs, judges and counts many histories of archives.
 */
import { type Case, cases } from "@colloquy/conformance/histories/case"
import { type Database, run } from "@colloquy/conformance/histories/run"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Coverage from "../coverage.ts"

export { watch, watchSockets } from "@colloquy/conformance/histories/deaths"
export { postgres, sqlite } from "./database.ts"

/** The first fault in one history, in words; undefined if there is none. */
export const judge = (given: Case, database: Database): Effect.Effect<string | undefined> =>
  Effect.map(run(given, database), ({ wrong }) => wrong)

export interface Options {
  /** Histories, each of several syncs. */
  readonly runs: number
  readonly seed: number
  readonly database: Database
}

/** The same as for walks. */
export const check = (
  coverage: Coverage.Coverage,
  { database, ...options }: Options
): Effect.Effect<string | undefined> =>
  Arbitrary.checkEffect(
    cases,
    (given) =>
      Effect.flatMap(run(given, database), ({ wrong }) => {
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
    if (step.step === "plain") return []
    return [...step.sync.faults.map(({ kind }) => kind), ...step.sync.during.map(({ change }) => change.kind)]
  })
]
