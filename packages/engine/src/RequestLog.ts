/**
 * The log of an emulator's requests and answers.
 */
import * as Effect from "effect/Effect"

/** One request. `fault` names the faults that affected it; null if there were none. */
export interface RequestRecord {
  readonly vendor: string
  readonly path: string
  readonly query: string
  /** The status of the answer; 0 if the connection was reset. */
  readonly status: number
  readonly fault: string | null
}

/** Requests by vendor and status. */
export type Counts = { readonly [vendor: string]: { readonly [status: string]: number } }

/** The latest 10,000 requests, oldest first, and the counts of all. */
export interface RequestLog {
  readonly add: (record: RequestRecord) => void
  readonly records: Effect.Effect<ReadonlyArray<RequestRecord>>
  readonly count: Effect.Effect<number>
  readonly counts: Effect.Effect<Counts>
}

const kept = 10_000

/** An empty log. */
export const make = (): RequestLog => {
  const ring: Array<RequestRecord> = []
  const counts: Record<string, Record<string, number>> = {}
  let total = 0
  return {
    add: (record) => {
      ring[total % kept] = record
      total += 1
      const ofVendor = (counts[record.vendor] ??= {})
      ofVendor[record.status] = (ofVendor[record.status] ?? 0) + 1
    },
    records: Effect.sync(() =>
      total <= kept ? [...ring] : [...ring.slice(total % kept), ...ring.slice(0, total % kept)]
    ),
    count: Effect.sync(() => total),
    counts: Effect.sync(() => structuredClone(counts))
  }
}
