/**
 * Edits: rows that are inserted, appended and removed during a read, over a constant corpus.
 */
import type { Fault } from "../Faults.ts"
import type { Rows } from "../Rows.ts"

/** One change to every conversation of a vendor. */
interface Edit {
  readonly kind: "insert" | "append" | "remove"
  /** The index in oldest-first order, from 0; past the end it changes nothing. */
  readonly place: number
}

/** The changes so far. */
export interface Edits {
  /** Adds the changes of these faults. */
  readonly change: (faults: ReadonlyArray<Fault>) => void
  /** The current rows. New rows are those that the corpus would have after its end. */
  readonly view: <A>(rows: Rows<A>) => Rows<A>
}

/** Makes edits without changes. */
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

/** Maps indexes in the listing to indexes in the corpus. */
interface Places extends Rows<number> {
  /** The index in the corpus of the next new row. */
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
