/**
 * A check: one rule, and how a vendor is tried for it. It knows nothing of Vitest.
 */
import * as Effect from "effect/Effect"
import { type rules, Violation } from "./Rules.ts"
import * as Stage from "./Stage.ts"
import type { SourceOf, Subject } from "./Subject.ts"

/** The rules of a vendor in memory. */
type Rule = keyof typeof rules

/** A check of one rule. */
export interface Check {
  readonly rule: Rule
  /** Succeeds if the vendor keeps the rule; fails with the first way in which it does not. */
  readonly run: (subject: Subject) => Effect.Effect<void, Violation>
}

/** Makes a check from a function that gives the first problem in words, or undefined. */
export const make = (
  rule: Rule,
  problemOf: (subject: Subject) => Effect.Effect<string | undefined>
): Check => ({
  rule,
  run: (subject) =>
    Effect.flatMap(Stage.silently(problemOf(subject)), (problem) =>
      problem === undefined
        ? Effect.void
        : Effect.fail(new Violation({ rule, vendor: subject.title, problem }))
    )
})

/** The same for each source of the vendor. */
export const ofSources = (
  rule: Rule,
  problemOf: (source: SourceOf, subject: Subject) => Effect.Effect<string | undefined>
): Check =>
  make(rule, (subject) =>
    Stage.first(subject.sources, (source) =>
      Effect.map(problemOf(source, subject), (problem) => Stage.within(source.name, problem))
    )
  )
