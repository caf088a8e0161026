/**
 * Rate limits of emulated vendors.
 */

/**
 * Counts requests per fixed minute of the clock, as in "resets at the next minute"; true for a request over the
 * limit.
 */
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
