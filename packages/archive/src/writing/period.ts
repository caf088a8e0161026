/**
 * Checks durations when they are given: an invalid one would fail in the middle of a run.
 */
import { InvalidRequest } from "@colloquy/core"
import { Check } from "@colloquy/core/vendor"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** More days would exceed the range of dates. */
const longest = Duration.days(36_500)

/** A time to look back by: a duration of zero to a hundred years. */
export const period = Effect.fnUntraced(function* (
  name: string,
  input: Duration.Input
): Effect.fn.Return<Duration.Duration, InvalidRequest> {
  const duration = yield* Check.duration(name, input)
  if (Duration.isLessThanOrEqualTo(duration, longest)) return duration
  return yield* InvalidRequest.refuse(`${name} must be a duration of at most 36500 days`)
})
