/**
 * Reading again until two readings agree.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Note from "../model/Note.ts"
import type { Page } from "../model/Page.ts"
import { IncompleteWalk } from "../model/SourceError.ts"

/** Readings of the whole listing before it is given up. */
const maxReadings = 5

/** What one reading found, besides its rows. */
interface Reading<A> {
  /** Its keys in order, one after the other. */
  sequence: Array<string>
  /** Its last page, held back until it is known whether the readings agree. */
  last: Page<A> | undefined
}

/**
 * Emits the pages of the first reading, then reads again, emits what was not there before, and so on until a reading
 * finds the same rows in the same order as the one before it, neither having seen the listing move. Fails if a row
 * without an id was emitted more often by then than it is in the listing: that cannot be taken back.
 *
 * Holds the keys of all rows: memory grows with the listing, as it does not without `verify`.
 */
export const untilAgreed = <A, E, R>(
  read: Stream.Stream<Page<A>, E, R>,
  keyOf: (row: A) => string
): Stream.Stream<Page<A>, E | IncompleteWalk, R> => {
  const emitted = new Map<string, number>()
  let count = 0

  const reading = (
    before: Reading<A> | undefined,
    number: number
  ): Stream.Stream<Page<A>, E | IncompleteWalk, R> => {
    const now: Reading<A> = { sequence: [], last: undefined }
    const counts = new Map<string, number>()
    const pages = Stream.map(read, (page) => {
      const fresh: Array<A> = []
      for (const row of page.items) {
        const key = keyOf(row)
        now.sequence.push(key)
        const times = (counts.get(key) ?? 0) + 1
        counts.set(key, times)
        if (times <= (emitted.get(key) ?? 0)) continue
        emitted.set(key, times)
        fresh.push(row)
      }
      const start = count
      count += fresh.length
      if (page.completion !== null) now.last = page
      return { ...page, items: fresh, start, completion: null }
    })
    return Stream.concat(
      pages,
      Stream.suspend(() => next(before, now, number))
    )
  }

  const next = (
    before: Reading<A> | undefined,
    now: Reading<A>,
    number: number
  ): Stream.Stream<Page<A>, E | IncompleteWalk, R> => {
    const { last } = now
    if (last === undefined || last.completion === null) return Stream.empty
    if (before !== undefined && isClean(before) && isClean(now) && same(before.sequence, now.sequence)) {
      if (repeats(emitted, now.sequence)) return Stream.fromEffect(Effect.fail(repeated(last)))
      const mended = last.completion.notes.filter(Note.isMended)
      const completion = { ...last.completion, count, verified: true, ...Note.inWords(mended) }
      return Stream.succeed({ ...last, items: [], start: count, completion })
    }
    if (number === maxReadings) return Stream.fromEffect(Effect.fail(restless(last)))
    return reading(now, number + 1)
  }

  return Stream.suspend(() => reading(undefined, 1))
}

const isClean = <A>({ last }: Reading<A>): boolean =>
  last?.completion?.notes.every(({ _tag }) => _tag !== "Moved") ?? false

const same = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  a.length === b.length && a.every((key, index) => key === b[index])

/** Whether a row of the listing was emitted more often than the listing has it. */
const repeats = (emitted: ReadonlyMap<string, number>, sequence: ReadonlyArray<string>): boolean => {
  const left = new Map(emitted)
  for (const key of sequence) left.set(key, (left.get(key) ?? 0) - 1)
  return sequence.some((key) => (left.get(key) ?? 0) > 0)
}

const repeated = <A>(last: Page<A>): IncompleteWalk =>
  new IncompleteWalk({
    kind: "drift",
    evidence: "a row came more often than the list has it now: it moved while it was read, or another went",
    checkpoint: last.checkpoint
  })

const restless = <A>(last: Page<A>): IncompleteWalk =>
  new IncompleteWalk({
    kind: "drift",
    evidence: `${maxReadings} readings of the whole listing, no two of which agree`,
    checkpoint: last.checkpoint
  })
