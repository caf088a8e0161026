/**
 * Limits of requests.
 */

/** Counts requests in fixed minutes of the clock, as "resets at the next minute" reads; true for one too many. */
export const minutely = (limit: number): ((now: number) => boolean) => {
  let minute = -1
  let count = 0
  return (now) => {
    const current = Math.floor(now / 60_000)
    if (current !== minute) count = 0
    minute = current
    count += 1
    return count > limit
  }
}
