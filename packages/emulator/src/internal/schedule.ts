/**
 * When faults strike: a count for each fault of the requests that it may strike.
 */
import type { Vendor } from "../Corpus.ts"
import type { Fault } from "../Faults.ts"
import * as Random from "./random.ts"

/** Says which faults strike the next request at a vendor. */
export type Schedule = (vendor: Vendor) => ReadonlyArray<Fault>

/** Starts counting. The same seed and the same order of requests give the same faults. */
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
    case "Chance":
      return draw() < which.probability
  }
}

/** The value of the first fault of this kind, `otherwise` if it has none; undefined if there is no such fault. */
export const valueOf = (
  faults: ReadonlyArray<Fault>,
  kind: Fault["kind"],
  otherwise = 0
): number | undefined => {
  const fault = faults.find((fault) => fault.kind === kind)
  return fault === undefined ? undefined : (fault.value ?? otherwise)
}
