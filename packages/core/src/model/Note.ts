/**
 * What a completion says besides its proof: typed notes, and the words that are made from them here, and only here.
 *
 * Programs read notes; people read words. The words of a note are a contract, and never change.
 */
import * as Schema from "effect/Schema"

// ---------------------------------------------------------------------------------------------------------------
// What went wrong on the way and was made good
// ---------------------------------------------------------------------------------------------------------------

/** The server serves fewer rows a page than were asked. */
export const Clamped = Schema.TaggedStruct("Clamped", { served: Schema.Int, asked: Schema.Int })
/** The list moved while it was read, so many times, and the last known row was found again. */
export const Moved = Schema.TaggedStruct("Moved", { times: Schema.Int })
/** So many rows came a second time, and were left out. */
export const CameAgain = Schema.TaggedStruct("CameAgain", { rows: Schema.Int })
/** The server does not serve the sizes that make pages overlap; the walk went on by plain page numbers. */
export const OddSizes = Schema.TaggedStruct("OddSizes", {})

/** What was made good. */
export const Mended = Schema.Union([Clamped, Moved, CameAgain, OddSizes])
export type Mended = typeof Mended.Type

// ---------------------------------------------------------------------------------------------------------------
// What could not be verified
// ---------------------------------------------------------------------------------------------------------------

/**
 * Why a move of the list may have stayed unseen.
 *
 * `removal`: a row removed between two requests hides another · `removalAndInsertion`: the total shows a removal, but
 * not one together with an insertion · `equalRows`: rows have no ids, and equal ones cannot be told apart ·
 * `growthAtHead`: rows have no ids, and a list that grows at its head repeats them · `placeTokens`: a token may stand
 * for a place in the list · `fetchedAhead`: pages were fetched ahead, and may be of different states of the list ·
 * `oldTotal`: the vendor gave its total on an earlier page only.
 */
export const DriftCause = Schema.Literals([
  "removal",
  "removalAndInsertion",
  "equalRows",
  "growthAtHead",
  "placeTokens",
  "fetchedAhead",
  "oldTotal"
])
export type DriftCause = typeof DriftCause.Type

/** The list may have moved without a sign, so that rows may be missing or repeated. */
export const UnseenDrift = Schema.TaggedStruct("UnseenDrift", { cause: DriftCause })
/** What the author of the strategy says of the listing, in words: `unverified` of the strategy. */
export const Stated = Schema.TaggedStruct("Stated", { text: Schema.String })
/** So many pages came empty although more rows followed. */
export const EmptyPages = Schema.TaggedStruct("EmptyPages", { pages: Schema.Int })
/** More rows came than the vendor counts. */
export const MoreThanTotal = Schema.TaggedStruct("MoreThanTotal", {
  received: Schema.Int,
  total: Schema.Finite
})
/** The vendor refused the request behind the last row with an error that its documents do not describe. */
export const UndocumentedRefusal = Schema.TaggedStruct("UndocumentedRefusal", {})

/** What could not be verified. */
export const Unverified = Schema.Union([UnseenDrift, Stated, EmptyPages, MoreThanTotal, UndocumentedRefusal])
export type Unverified = typeof Unverified.Type

/** One thing that a completion says. */
export const Note = Schema.Union([...Mended.members, ...Unverified.members]).annotate({ identifier: "Note" })
export type Note = typeof Note.Type

// ---------------------------------------------------------------------------------------------------------------
// Words
// ---------------------------------------------------------------------------------------------------------------

const drift: Readonly<Record<DriftCause, string>> = {
  removal: "a row removed between two requests hides another, unseen",
  removalAndInsertion:
    "a row removed and another added between two requests leave the total as it was, and may hide a third",
  equalRows: "without ids, a move within a run of equal rows cannot be seen",
  growthAtHead: "without ids, a list that grows at its head repeats rows",
  placeTokens:
    "a token may stand for a place in the list, so that a row removed between two requests hides another",
  fetchedAhead: "pages were fetched ahead, so that a row inserted meanwhile may have hidden another",
  oldTotal: "the vendor gave its total on an earlier page only"
}

/** A note in words. */
export const words = (note: Note): string => {
  switch (note._tag) {
    case "Clamped":
      return `the server serves ${note.served} rows a page where ${note.asked} were asked`
    case "Moved":
      return `the listing moved ${note.times} times while it was read, and was found again`
    case "CameAgain":
      return `${note.rows} rows came again, and were left out`
    case "OddSizes":
      return "the server does not serve the sizes that would let its pages overlap"
    case "UnseenDrift":
      return `drift: ${drift[note.cause]}`
    case "Stated":
      return note.text
    case "EmptyPages":
      return `${note.pages} of the pages came empty in the middle of the listing`
    case "MoreThanTotal":
      return `${note.received} rows came where the vendor counts ${note.total}`
    case "UndocumentedRefusal":
      return "the vendor refused what lies behind the last row, in a way that its documents do not describe"
  }
}

/** Whether a note tells of something that was made good; any other tells of something that could not be verified. */
export const isMended = ({ _tag }: Note): boolean =>
  _tag === "Clamped" || _tag === "Moved" || _tag === "CameAgain" || _tag === "OddSizes"

/** Notes as a completion has them: typed, and in the words of what was made good and of what could not be verified. */
export const inWords = (notes: ReadonlyArray<Note>) => ({
  mended: notes.filter(isMended).map(words),
  unverified: notes.filter((note) => !isMended(note)).map(words),
  notes
})
