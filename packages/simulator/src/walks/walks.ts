/**
 * Draws, runs, judges and counts many walks.
 */
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Coverage from "../coverage.ts"
import { type Case, cases } from "./case.ts"
import { wrong } from "./judge.ts"
import { type Outcome, run } from "./run.ts"

/** The first fault in one walk, in words; undefined if there is none. */
export const judge = (given: Case): Effect.Effect<string | undefined> =>
  Effect.map(run(given), (outcome) => wrong(given, outcome))

/**
 * Draws so many walks from a seed, and counts them. Succeeds with a text about the first fault, shrunk, and how to draw it
 * again; undefined if there is none.
 */
export const check = (
  coverage: Coverage.Coverage,
  options: { readonly runs: number; readonly seed: number }
): Effect.Effect<string | undefined> =>
  Arbitrary.checkEffect(
    cases,
    (given) =>
      Effect.flatMap(run(given), (outcome) => {
        Coverage.count(coverage, kindOf(given), happened(given, outcome))
        const what = wrong(given, outcome)
        return what === undefined ? Effect.succeed(true) : Effect.fail(what)
      }),
    { ...options, maxShrinks: 5000 }
  ).pipe(Effect.map((result) => Arbitrary.formatCheckFailure(result)))

const kindOf = ({ ids, newestFirst, server, size }: Case): string => {
  const overlaps = ids && size !== null && size >= 20 && !server.lastPage
  const paging = {
    page: size === null ? "pages, server's size" : overlaps ? "windows" : "pages",
    offset: "offsets",
    token: `tokens of ${server.tokens}s`
  }[server.paging]
  return `${paging}, ${newestFirst ? "newest" : "oldest"} first, ${ids ? "" : "no "}ids`
}

const happened = (given: Case, { completion, failure, world }: Outcome): ReadonlyArray<string> => [
  given.count < 3 ? `from ${given.count}` : "from more",
  ...world.made,
  ...(given.refused.some((nth) => nth <= world.requests) ? ["refusal"] : []),
  ...(given.stops.length > 0 && !given.verify ? ["stops"] : []),
  ...(given.concurrency > 1 ? ["ahead"] : []),
  ...(given.verify ? ["verify"] : []),
  ...(given.server.sizes === "any" ? [] : ["odd sizes"]),
  ...(given.server.total === "none" ? [] : ["total"]),
  ...(completion !== null && completion.unverified.length === 0 ? ["complete, sure"] : []),
  ...(completion !== null && completion.unverified.length > 0 ? ["complete, admits"] : []),
  ...(failure === null ? [] : ["failed"])
]
