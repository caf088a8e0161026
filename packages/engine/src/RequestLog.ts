/**
 * What was asked of the emulator and how it answered.
 */
import * as Effect from "effect/Effect"

/** One request. `fault` names the faults that struck it, null if none did. */
export interface RequestRecord {
  readonly vendor: string
  readonly path: string
  readonly query: string
  /** The status sent; 0 where the connection was reset instead. */
  readonly status: number
  readonly fault: string | null
}

/** Requests by vendor and status. */
export type Counts = { readonly [vendor: string]: { readonly [status: string]: number } }

/** The latest requests, and counts of all. */
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
