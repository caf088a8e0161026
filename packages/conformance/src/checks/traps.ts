/**
 * Traps: what real servers were seen to do beyond their documents.
 */
import type { Page } from "@colloquy/core"
import * as Effect from "effect/Effect"
import * as Check from "../Check.ts"
import * as Stage from "../Stage.ts"
import type { Subject } from "../Subject.ts"
import { judged } from "./paging.ts"

/** The faults, and what must be known of a listing to see them. */
const all: ReadonlyArray<readonly [faults: string, needs?: "a count" | "another proof"]> = [
  ["offset-total"],
  ["empty-page", "a count"],
  ["empty-page@first:1", "a count"],
  ["empty-page=3", "a count"],
  ["clamp=20,empty-page=2", "a count"],
  ["clamp=20,empty-page=3@nth:3", "a count"],
  ["limit-first", "a count"],
  ["no-next", "another proof"]
]

/** Whether listings of a kind end only where no next page is named. */
const endsOnNext = ({ codecs, listings }: Subject, what: Stage.What): boolean =>
  codecs.some(({ of, operation }) => {
    const by = listings.get(operation)?.paging.by
    return of === what && (by === "cursor" || by === "link")
  })

const isTold = (pages: ReadonlyArray<Page.Page<object>>): boolean =>
  Stage.notes(pages).some((note) => note === "EmptyPages" || note === "Uncounted")

/** Whether there is more than an empty page to end on: a number of rows or pages, or the name of a next page. */
const isCounted = (pages: ReadonlyArray<Page.Page<object>>): boolean => {
  const end = pages.at(-1)?.completion
  return end?.proof !== "emptyPage" || end.claimed.total !== null || end.claimed.lastPage !== null
}

/** Everything comes, or the walk fails as incomplete, or says what it passed over. */
export const traps = Check.ofSources("traps", (source, subject) =>
  Stage.first(all, ([faults, needs]) =>
    Stage.first(Stage.whats, (what) =>
      needs === "another proof" && endsOnNext(subject, what)
        ? Effect.undefined
        : judged(source, what, faults, (pages, differing) =>
            isTold(pages) || (needs === "a count" && !isCounted(pages)) ? undefined : differing()
          )
    )
  )
)
