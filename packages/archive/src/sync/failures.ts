/**
 * Which failures are one conversation's, and which stop a run.
 */
import type { SourceError } from "@colloquy/core"
import * as Effect from "effect/Effect"
import { ArchiveError, QuarantineFull } from "../ArchiveError.ts"
import type * as Progress from "./progress.ts"

/** How many records may go to quarantine in one run before it is stopped. */
export interface QuarantineBudget {
  /** Records at most. Default 100. */
  readonly rows?: number | undefined
  /** Of all that were received, once there are 100, from 0 to 1. Default 0.1. */
  readonly share?: number | undefined
}

/** Reasons that the next conversation would meet as well. */
const ofTheAccount: ReadonlySet<string> = new Set(["Unauthorized", "QuotaExhausted"])
/** Reasons that may be the vendor's as a whole, and surely are after this many conversations in a row. */
const ofTheVendor: ReadonlySet<string> = new Set(["Unavailable", "Timeout", "Transport", "RateLimited"])
export const inARow = 5

/** Whether a reason may be the vendor's as a whole. */
export const isOfTheVendor = (reason: string): boolean => ofTheVendor.has(reason)

/** Whether all other conversations would fail alike. */
export const stopsAll = (error: SourceError | ArchiveError): boolean =>
  error._tag === "ArchiveError" ? error.reason._tag !== "Conflict" : ofTheAccount.has(error.reason._tag)

/** Fails once more records went to quarantine than the budget allows. */
export const withinBudget = (
  { quarantined, received }: Progress.Progress,
  { rows = 100, share = 0.1 }: QuarantineBudget = {}
): Effect.Effect<void, ArchiveError> => {
  const tooMany = quarantined > rows
  const tooLarge = received >= 100 && quarantined / received > share
  if (!tooMany && !tooLarge) return Effect.void
  const limit = tooMany ? `${rows} records` : `${share * 100} % of the records`
  const reason = new QuarantineFull({ rows: quarantined, received, limit })
  return Effect.fail(new ArchiveError({ operation: "Sync.sync", reason }))
}
