/**
 * Paging by times: each request asks for the rows beyond a time, and overlaps the page before by the rows of its last time.
 */
import type { IncompleteWalk } from "../model/SourceError.ts"
import type { AnyRequest } from "./request.ts"
import type { ByTime } from "./strategy.ts"

/** Why an answer cannot be followed. */
export interface Flaw {
  readonly kind: IncompleteWalk["kind"]
  readonly evidence: string
}

/**
 * The time from which the rows after these start; null if there are none. It is one unit off the last time, so that all
 * rows of that time come again: others of them may not have fitted.
 */
export const next = ({ of, toward }: ByTime, rows: ReadonlyArray<unknown>): string | null => {
  const last = rows.length === 0 ? undefined : of(rows.at(-1))
  return last === undefined ? null : String(toward === "past" ? last + 1 : last - 1)
}

/** What is wrong with the times of an answer; undefined if nothing is. */
export const flawOf = (
  { of, toward }: ByTime,
  { cursor }: AnyRequest,
  rows: ReadonlyArray<unknown>
): Flaw | undefined => {
  const sign = toward === "past" ? -1 : 1
  let before = cursor === null ? -Infinity : sign * Number(cursor)
  for (const [index, row] of rows.entries()) {
    const time = of(row)
    if (time === undefined || !Number.isSafeInteger(time)) {
      return {
        kind: "noProof",
        evidence: `row ${index} of an answer has no time from which the next could start`
      }
    }
    const at = sign * time
    if (index === 0 && cursor !== null && at <= before) {
      return { kind: "pageIgnored", evidence: `rows beyond ${cursor} were asked, and others came` }
    }
    if (index > 0 && at < before) {
      const order = toward === "past" ? "newest" : "oldest"
      return { kind: "noProof", evidence: `the rows of an answer do not run ${order} first` }
    }
    before = at
  }
  return undefined
}

/**
 * Whether an answer whose rows all have the last time has room for more of them, so that there are none. It has if every
 * other answer held more. No server is expected to serve one or two rows only if more are asked.
 */
export const hasRoom = (rows: number, size: number | null, smallest: number): boolean =>
  (Number.isFinite(smallest) && rows < smallest) || (rows <= 2 && (size === null || rows < size))

/** The time from which only rows beyond these start. */
export const beyond = ({ of }: ByTime, rows: ReadonlyArray<unknown>): string => String(of(rows.at(-1)))
