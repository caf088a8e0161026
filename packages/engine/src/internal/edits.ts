/**
 * Conversations that change while they are read: rows inserted, appended and removed, over a corpus that does not.
 */
import type { Fault } from "../Faults.ts"
import type { Rows } from "../Rows.ts"

/** One change of every conversation of a vendor. */
interface Edit {
  readonly kind: "insert" | "append" | "remove"
  /** Counted from 0 in the listing's oldest-first order; beyond its end it changes nothing. */
  readonly place: number
}

/** The changes so far. */
export interface Edits {
  /** Adds those of these faults that change rows. */
  readonly change: (faults: ReadonlyArray<Fault>) => void
  /** The rows as they are now. New rows are those that the corpus would have behind its end. */
  readonly view: <A>(rows: Rows<A>) => Rows<A>
}

/** No changes yet. */
export const make = (): Edits => {
  const edits: Array<Edit> = []
  return {
    change: (faults) => {
      for (const { kind, value } of faults) {
        if (kind === "insert" || kind === "append" || kind === "remove")
          edits.push({ kind, place: value ?? 0 })
      }
    },
    view: (rows) => {
      const views = [original(rows.length)]
      for (const edit of edits) views.push(edited(views.at(-1) ?? original(rows.length), edit))
      const now = views.at(-1) ?? original(rows.length)
      return { length: now.length, at: (index) => rows.at(now.at(index)) }
    }
  }
}

/** Places in the listing to places in the corpus. */
interface Places extends Rows<number> {
  /** The place in the corpus that the next new row comes from. */
  readonly fresh: number
}

const original = (length: number): Places => ({ length, at: (index) => index, fresh: length })

const edited = (before: Places, { kind, place }: Edit): Places => {
  const { at, fresh, length } = before
  if (kind === "append") {
    return { length: length + 1, at: (index) => (index === length ? fresh : at(index)), fresh: fresh + 1 }
  }
  if (place >= length) return before
  if (kind === "remove")
    return { length: length - 1, at: (index) => at(index < place ? index : index + 1), fresh }
  return {
    length: length + 1,
    at: (index) => (index === place ? fresh : at(index < place ? index : index - 1)),
    fresh: fresh + 1
  }
}
