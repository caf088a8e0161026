/**
 * Notes: what a completion reports besides its proof, as typed values and as words.
 *
 * A completion has each note twice: typed in `notes`, for programs, and as words in `mended` or `unverified`,
 * for people. Only this module makes the words. They are a contract and never change.
 */
import * as Schema from "effect/Schema"

// ---------------------------------------------------------------------------------------------------------------
// Corrected problems
// ---------------------------------------------------------------------------------------------------------------

/** The server serves fewer rows per page than requested. */
export const Clamped = Schema.TaggedStruct("Clamped", { served: Schema.Int, asked: Schema.Int })
/**
 * The listing shifted this many times while it was read, and the last known row was found again each time.
 */
export const Moved = Schema.TaggedStruct("Moved", { times: Schema.Int })
/** This many rows came twice; the repetitions were dropped. */
export const CameAgain = Schema.TaggedStruct("CameAgain", { rows: Schema.Int })
/**
 * The server does not serve the page sizes that make pages overlap; the walk continued with plain page
 * numbers.
 */
export const OddSizes = Schema.TaggedStruct("OddSizes", {})

/** The notes on corrected problems. */
export const Mended = Schema.Union([Clamped, Moved, CameAgain, OddSizes])
export type Mended = typeof Mended.Type

// ---------------------------------------------------------------------------------------------------------------
// What could not be verified
// ---------------------------------------------------------------------------------------------------------------

/**
 * Why a shift of the listing may have been missed.
 *
 * `removal`: a removed row hides another one · `removalAndInsertion`: the total reveals a removal, but not a
 * removal together with an insertion · `equalRows`: equal rows without ids cannot be told apart ·
 * `growthAtHead`: a listing without ids that grows at its head repeats rows · `placeTokens`: a token may
 * stand for a place in the listing · `fetchedAhead`: pages were fetched ahead and may show different states
 * of the listing · `oldTotal`: only an earlier page gave a total · `fewerThanTotal`: fewer rows came than the vendor
 * counts · `movedToFront`: the listing moved, and a row that was not yet read may have moved to the part that was.
 */
export const DriftCause = Schema.Literals([
  "removal",
  "removalAndInsertion",
  "equalRows",
  "growthAtHead",
  "placeTokens",
  "fetchedAhead",
  "oldTotal",
  "fewerThanTotal",
  "movedToFront"
])
export type DriftCause = typeof DriftCause.Type

/** The listing may have shifted unnoticed, so that rows may be missing or repeated. */
export const UnseenDrift = Schema.TaggedStruct("UnseenDrift", { cause: DriftCause })
/** A limit of the listing in the words of its author: an entry of the strategy's `unverified`. */
export const Stated = Schema.TaggedStruct("Stated", { text: Schema.String })
/** This many pages were empty although more rows followed. */
export const EmptyPages = Schema.TaggedStruct("EmptyPages", { pages: Schema.Int })
/** More rows came than the vendor counts. */
export const MoreThanTotal = Schema.TaggedStruct("MoreThanTotal", {
  received: Schema.Int,
  total: Schema.Finite
})
/** The vendor refused the request after the last row with an error that its documents do not describe. */
export const UndocumentedRefusal = Schema.TaggedStruct("UndocumentedRefusal", {})

/** All rows came in one answer, and no count and no documented maximum says whether it left any out. */
export const Uncounted = Schema.TaggedStruct("Uncounted", {})

/** The notes on what could not be verified. */
export const Unverified = Schema.Union([
  UnseenDrift,
  Stated,
  EmptyPages,
  MoreThanTotal,
  UndocumentedRefusal,
  Uncounted
])
export type Unverified = typeof Unverified.Type

/**
 * One note of a completion.
 *
 * Use the tag to react to a note in a program, and `words` to show it to a person.
 *
 * **Example** (Whether rows may be missing)
 *
 * ```ts
 * import type { Note } from "@colloquy/core"
 *
 * export const mayBeMissing = (notes: ReadonlyArray<Note.Note>): boolean =>
 *   notes.some(({ _tag }) => _tag === "UnseenDrift" || _tag === "EmptyPages")
 * ```
 */
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
  oldTotal: "the vendor gave its total on an earlier page only",
  fewerThanTotal: "fewer rows came than the vendor counts",
  movedToFront: "a row that was not yet read may have moved in front of the place that was being read"
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
    case "Uncounted":
      return "all rows came in one answer that does not count them, so that rows left out do not show"
  }
}

/** Whether a note reports a corrected problem. All other notes report what could not be verified. */
export const isMended = ({ _tag }: Note): boolean =>
  _tag === "Clamped" || _tag === "Moved" || _tag === "CameAgain" || _tag === "OddSizes"

/**
 * Notes in the three fields of a completion: typed, and as words on corrected problems and on what could not
 * be verified.
 */
export const inWords = (notes: ReadonlyArray<Note>) => ({
  mended: notes.filter(isMended).map(words),
  unverified: notes.filter((note) => !isMended(note)).map(words),
  notes
})
