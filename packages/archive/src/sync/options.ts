/**
 * Checks the options of a sync before it begins: an invalid number could make a run endless, and an invalid duration
 * could fail in its middle.
 */
import type { InvalidRequest } from "@colloquy/core"
import { Check } from "@colloquy/core/vendor"
import * as Effect from "effect/Effect"
import { period } from "../writing/period.ts"
import type * as Sync from "./Sync.ts"

/** Checks the options of a sync; fails with `InvalidRequest` at the first that is out of range. */
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
