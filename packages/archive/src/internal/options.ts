/**
 * The options of a sync and of a reading, checked where they enter: a number that is none ends as a run that never ends,
 * and a time that is none as a defect in the middle of the next one.
 */
import { InvalidRequest } from "@colloquy/core"
import { Check } from "@colloquy/core/vendor"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Sync from "../Sync.ts"

/** Dates that are further away cannot be told. */
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

/** The options of a sync; fails with `InvalidRequest` at the first that is none. */
export const ofSync = Effect.fnUntraced(function* ({
  concurrency = 1,
  goneAfter = 0,
  lookback = 0,
  parallel = 1,
  quarantine = {}
}: Sync.Options): Effect.fn.Return<void, InvalidRequest> {
  const { rows = 0, share = 0 } = quarantine
  yield* Check.wholeNumber("parallel", parallel, { least: 1, most: 64 })
  yield* Check.wholeNumber("concurrency", concurrency, { least: 1, most: 64 })
  yield* period("lookback", lookback)
  yield* period("goneAfter", goneAfter)
  yield* Check.wholeNumber("quarantine.rows", rows)
  yield* Check.share("quarantine.share", share)
})
