/**
 * Which failures concern one conversation, and which stop a run.
 */
import type { SourceError } from "@colloquy/core"
import * as Effect from "effect/Effect"
import { ArchiveError, QuarantineFull } from "../ArchiveError.ts"
import type * as Progress from "./progress.ts"

/**
 * How many records of one run may go to quarantine before the run is stopped. Records that are there already are not counted
 * again.
 */
export interface QuarantineBudget {
  /** Most records. Default 100. */
  readonly rows?: number | undefined
  /** Largest share of the received records, once there are 100, from 0 to 1. Default 0.1. */
  readonly share?: number | undefined
}

/** Reasons that concern the whole account. */
const ofTheAccount: ReadonlySet<string> = new Set(["Unauthorized", "QuotaExhausted"])
/** Reasons that may concern the whole vendor. After `inARow` conversations in a row they are taken to. */
const ofTheVendor: ReadonlySet<string> = new Set(["Unavailable", "Timeout", "Transport", "RateLimited"])
export const inARow = 5

/** Whether a reason may concern the whole vendor. */
export const isOfTheVendor = (reason: string): boolean => ofTheVendor.has(reason)

/** Whether a failure stops the run, because all other conversations would meet it. */
export const stopsAll = (error: SourceError | ArchiveError): boolean =>
  error._tag === "ArchiveError" ? error.reason._tag !== "Conflict" : ofTheAccount.has(error.reason._tag)

/** The evidence that the vendor gives no more of a conversation than came; undefined for any other failure. */
export const capOf = ({ reason }: SourceError | ArchiveError): string | undefined =>
  reason._tag === "IncompleteWalk" && reason.kind === "capped" ? reason.evidence : undefined

/** Ends a read by its failure if the vendor gives no more; `cap` gets the evidence. */
export const ifCapped = (
  error: SourceError | ArchiveError,
  cap: (evidence: string) => Effect.Effect<void, ArchiveError>
): Effect.Effect<void, ArchiveError> => {
  const evidence = capOf(error)
  return evidence === undefined ? Effect.void : cap(evidence)
}

/** Fails if more records went to quarantine than the budget allows. */
export const withinBudget = (
  { found, received }: Progress.Progress,
  { rows = 100, share = 0.1 }: QuarantineBudget = {}
): Effect.Effect<void, ArchiveError> => {
  const tooMany = found > rows
  const tooLarge = received >= 100 && found / received > share
  if (!tooMany && !tooLarge) return Effect.void
  const limit = tooMany ? `${rows} records` : `${share * 100} % of the records`
  const reason = new QuarantineFull({ rows: found, received, limit })
  return Effect.fail(new ArchiveError({ operation: "Sync.sync", reason }))
}
