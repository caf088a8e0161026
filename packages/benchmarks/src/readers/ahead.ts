/**
 * Pages fetched ahead and taken in order, as one writes it by hand: the least that a prefetch can cost.
 */

/** Pages 2 to `last`, in order, `width` requests in flight. The first page is fetched alone: it tells the last. */
export async function* ahead<A>(
  fetchPage: (page: number) => Promise<A>,
  last: number,
  width: number
): AsyncGenerator<A> {
  const inFlight: Array<Promise<A>> = []
  let next = 2
  for (let page = 2; page <= last; page++) {
    while (next <= last && inFlight.length < width) inFlight.push(fetchPage(next++))
    const current = inFlight.shift()
    if (current !== undefined) yield await current
  }
}
