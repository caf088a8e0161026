/**
 * Walks a listing repeatedly until two walks agree.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Note from "../model/Note.ts"
import type { Page } from "../model/Page.ts"
import { IncompleteWalk } from "../model/SourceError.ts"

/** The maximum of walks. */
const maxPasses = 5

/** The result of one walk, besides its rows. */
interface Pass<A> {
  /** The keys of its rows, in order. */
  sequence: Array<string>
  /** Its last page, held back until the walks agree. */
  last: Page<A> | undefined
}

/**
 * Emits the pages of the first walk, then repeats the walk and emits new rows, until a walk finds the same rows in
 * the same order as the one before it and neither saw a shift. Fails if a row without an id was emitted more often
 * than the listing has it, because emitted rows cannot be withdrawn.
 *
 * Holds the keys of all rows: unlike without `verify`, memory grows with the listing.
 */
export const untilAgreed = <A, E, R>(
  read: Stream.Stream<Page<A>, E, R>,
  keyOf: (row: A) => string
): Stream.Stream<Page<A>, E | IncompleteWalk, R> => {
  const emitted = new Map<string, number>()
  let count = 0

  const readPass = (
    before: Pass<A> | undefined,
    number: number
  ): Stream.Stream<Page<A>, E | IncompleteWalk, R> => {
    const now: Pass<A> = { sequence: [], last: undefined }
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
    before: Pass<A> | undefined,
    now: Pass<A>,
    number: number
  ): Stream.Stream<Page<A>, E | IncompleteWalk, R> => {
    const { last } = now
    if (last === undefined || last.completion === null) return Stream.empty
    if (before !== undefined && isUnmoved(before) && isUnmoved(now) && same(before.sequence, now.sequence)) {
      if (repeats(emitted, now.sequence)) return Stream.fromEffect(Effect.fail(repeated(last)))
      const notes = last.completion.notes.filter((note) => Note.isMended(note) || isOfTheListing(note))
      const completion = { ...last.completion, count, verified: true, ...Note.inWords(notes) }
      return Stream.succeed({ ...last, items: [], start: count, completion })
    }
    if (number === maxPasses) return Stream.fromEffect(Effect.fail(unstable(last)))
    return readPass(now, number + 1)
  }

  return Stream.suspend(() => readPass(undefined, 1))
}

/** Whether a note says of the listing what equal walks cannot disprove. */
const isOfTheListing = ({ _tag }: Note.Note): boolean => _tag === "Stated" || _tag === "Uncounted"

const isUnmoved = <A>({ last }: Pass<A>): boolean =>
  last?.completion?.notes.every(({ _tag }) => _tag !== "Moved") ?? false

const same = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  a.length === b.length && a.every((key, index) => key === b[index])

/** Whether a row was emitted more often than the listing has it. */
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

const unstable = <A>(last: Page<A>): IncompleteWalk =>
  new IncompleteWalk({
    kind: "drift",
    evidence: `${maxPasses} readings of the whole listing, no two of which agree`,
    checkpoint: last.checkpoint
  })
