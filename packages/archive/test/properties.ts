/**
 * A property on one database: `it.effect.prop` would open another for each sample.
 */
import { assert } from "@effect/vitest"
import { Arbitrary, Cause, Effect } from "effect"

/** Holds the property against samples, the same every time; another seed looks further. */
export const holds = <A, E, R>(
  values: Arbitrary.Arbitrary<A>,
  runs: number,
  property: (value: A) => Effect.Effect<void, E, R>
): Effect.Effect<void, never, R> =>
  Arbitrary.checkEffect(
    values,
    (value) =>
      Effect.as(
        Effect.catchCause(property(value), (cause) => Effect.fail(Cause.pretty(cause))),
        true
      ),
    { runs, seed: 7 }
  ).pipe(Effect.map((result) => assert.isUndefined(Arbitrary.formatCheckFailure(result))))
