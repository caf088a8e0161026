/**
 * Schedules faults: counts the requests that each fault may affect.
 */
import type { Fault } from "../Faults.ts"
import * as Random from "../Random.ts"

/** The faults of the next request at a vendor. */
export type Schedule = (vendor: string) => ReadonlyArray<Fault>

/** Starts counting. The same seed and order of requests give the same faults. */
export const make = (faults: ReadonlyArray<Fault>, seed: number): Schedule => {
  const counts = faults.map(() => 0)
  return (vendor) =>
    faults.filter((fault, index) => {
      if (fault.vendor !== undefined && fault.vendor !== vendor) return false
      const count = (counts[index] ?? 0) + 1
      counts[index] = count
      return strikes(fault, count, () => Random.fraction(seed, index, count, 0xfa01))
    })
}

const strikes = ({ kind, value, which }: Fault, count: number, draw: () => number): boolean => {
  if (kind === "expire" && count <= (value ?? 0)) return false
  switch (which._tag) {
    case "All":
      return true
    case "First":
      return count <= which.count
    case "Every":
      return count % which.nth === 0
    case "Nth":
      return count === which.nth
    case "Chance":
      return draw() < which.probability
  }
}
