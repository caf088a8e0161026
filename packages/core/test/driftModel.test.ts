import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect } from "effect"
import * as Model from "./model.ts"

const cases = Arbitrary.schema(Model.Case)
/** The same cases every time; another seed looks further. */
const runs = { arbitrary: { runs: 3000, seed: 1 } }

describe("a list that changes between requests, at random", () => {
  it.effect.prop(
    "by offset loses and repeats no row that stays, or fails",
    { given: cases, clamp: Arbitrary.schema(Model.Clamp) },
    ({ clamp, given }) =>
      Effect.gen(function* () {
        const how = { paging: "offset", clamp: clamp ?? given.size } as const
        const outcome = yield* Model.run(given, how)
        // Pages of one row cannot overlap.
        const overlaps = Math.min(how.clamp, given.size) > 1
        if (overlaps || given.ids) assert.deepStrictEqual(Model.repeatedIn(outcome), [])
        if (overlaps && outcome.failure === null) assert.deepStrictEqual(Model.lostIn(outcome), [])
        assert.isAtMost(outcome.requests, Model.bound(given, how))
      }),
    runs
  )

  it.effect.prop(
    "by page number repeats no row that has an id, and loses rows only when some were removed",
    { given: cases },
    ({ given }) =>
      Effect.gen(function* () {
        const outcome = yield* Model.run(given, { paging: "page" })
        const { made } = outcome
        const inserted = made.has("head") || made.has("middle")
        const removed = made.has("remove") || made.has("removeHead")
        if (given.ids || !inserted) assert.deepStrictEqual(Model.repeatedIn(outcome), [])
        // Answers fetched ahead may be of an older state than the one before them; a total on each shows it.
        const outOfTurn = given.concurrency > 1 && given.total !== "each" && inserted
        if (outcome.failure === null && !removed && !outOfTurn) {
          assert.deepStrictEqual(Model.lostIn(outcome), [])
        }
        // A total on each page shows every removal that no insertion makes up for.
        if (outcome.failure === null && given.total === "each" && !inserted && !made.has("append")) {
          assert.deepStrictEqual(Model.lostIn(outcome), [])
        }
        assert.isAtMost(outcome.requests, Model.bound(given, { paging: "page" }))
      }),
    runs
  )

  it.effect.prop(
    "with verify loses and repeats no row that stays, or fails",
    { given: cases, paging: Arbitrary.schema(Model.Paging) },
    ({ given, paging }) =>
      Effect.gen(function* () {
        const how = { paging, verify: true }
        const outcome = yield* Model.run(given, how)
        if (given.ids) assert.deepStrictEqual(Model.repeatedIn(outcome), [])
        if (outcome.failure === null) {
          assert.isTrue(outcome.verified)
          assert.deepStrictEqual(Model.lostIn(outcome), [])
          assert.deepStrictEqual(Model.lastingRepeatedIn(outcome), [])
        }
        assert.isAtMost(outcome.requests, Model.bound(given, how))
      }),
    runs
  )
})
