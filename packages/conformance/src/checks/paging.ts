/**
 * Paging: everything comes, or it is said that it did not.
 */
import { type Page, Pagination } from "@colloquy/core"
import type { Emulation } from "@colloquy/engine"
import { Rows } from "@colloquy/engine"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import * as Check from "../Check.ts"
import type { rules } from "../Rules.ts"
import * as Stage from "../Stage.ts"
import type { SourceOf, Subject } from "../Subject.ts"

// ---------------------------------------------------------------------------------------------------------------
// Everything
// ---------------------------------------------------------------------------------------------------------------

interface Size extends Stage.Setting {
  readonly pageSize?: number | undefined
}

/** Page sizes and corpora: the default, small pages, single rows, nothing, and many conversations. */
const sizes: ReadonlyArray<Size> = [
  {},
  { seed: 5, pageSize: 7 },
  { conversations: 6, messages: 4, pageSize: 1 },
  { conversations: 1, messages: 1 },
  { conversations: 0 },
  { conversations: 130, messages: 3 }
]

/** Every value but the default of everything that is assumed, one at a time, and all together. */
const choices = ({ assumptions }: Emulation.Emulation): ReadonlyArray<Readonly<Record<string, unknown>>> => {
  const others = assumptions.map(({ name, values }) => values.slice(1).map((value) => ({ [name]: value })))
  const all = Object.assign({}, ...others.map((each) => each.at(-1)))
  return assumptions.length === 0 ? [] : [...others.flat(), all]
}

const readsAll = (source: SourceOf, { pageSize, ...setting }: Size) =>
  Effect.gen(function* () {
    const stage = yield* Stage.open(source, setting)
    const { reader } = stage
    const ids = Rows.toArray(stage.emulated.corpus.conversationIds)
    const exit = yield* Stage.read(
      stage,
      (service) =>
        Effect.gen(function* () {
          const listed = yield* Stream.runCollect(Pagination.items(service.conversationPages()))
          const entries = new Map(listed.map((each) => [each.id, each]))
          return {
            conversations: listed.map(reader.conversationRow),
            // With its entry: a vendor may have no other way to tell an empty conversation from an unknown one.
            messages: yield* Effect.forEach(ids, (id) => Stage.messages(stage, id, entries.get(id))(service))
          }
        }),
      { pageSize }
    )
    const where = JSON.stringify({ pageSize, ...setting })
    if (Exit.isFailure(exit)) return Stage.within(where, Stage.shown(exit))
    const { conversations, messages } = exit.value
    const listed = Stage.difference(conversations, Rows.toArray(reader.conversations))
    if (listed !== undefined) return `${where}: the list: ${listed}`
    for (const [index, id] of ids.entries()) {
      const said = Stage.difference(messages[index] ?? [], Stage.rowsOf(stage, id))
      if (said !== undefined) return `${where}: conversation ${id}: ${said}`
    }
    return undefined
  })

export const whole = Check.ofSources("whole", (source) => {
  const assumed = choices(source.emulation).map((assumptions): Size => ({
    assumptions,
    conversations: 5,
    pageSize: 30
  }))
  return Stage.first([...sizes, ...assumed], (size) => readsAll(source, size))
})

// ---------------------------------------------------------------------------------------------------------------
// Servers that page in a wrong way
// ---------------------------------------------------------------------------------------------------------------

/** Reads a listing under faults. A walk that fails as incomplete is honest; the pages of one that ends are judged. */
export const judged = (
  source: SourceOf,
  what: Stage.What,
  faults: string,
  problemOf: (
    pages: ReadonlyArray<Page.Page<object>>,
    differing: () => string | undefined
  ) => string | undefined
) =>
  Effect.gen(function* () {
    const stage = yield* Stage.open(source, { conversations: 45, messages: 120, faults })
    const pages = Stage.pagesOf(stage, what)
    const exit = yield* Stage.read(stage, (service) => Stream.runCollect(pages(service)), { pageSize: 10 })
    const isIncomplete = Stage.reasonOf(exit)?._tag === "IncompleteWalk"
    if (Exit.isFailure(exit)) {
      return isIncomplete ? undefined : Stage.within(`${what}, with ${faults}`, Stage.shown(exit))
    }
    const rows = exit.value.flatMap(({ items }) => items)
    const differing = () => Stage.difference(rows, Stage.listing(stage, what).truth())
    return Stage.within(`${what}, with ${faults}`, problemOf(exit.value, differing))
  })

/** Under these faults each listing gives exactly what is there, or fails as an incomplete walk. */
const underFaults = (rule: keyof typeof rules, all: ReadonlyArray<string>): Check.Check =>
  Check.ofSources(rule, (source) =>
    Stage.first(all, (faults) =>
      Stage.first(Stage.whats, (what) =>
        judged(source, what, faults, (pages, differing) =>
          // One answer that nothing counts may be cut: its completion says so.
          Stage.notes(pages).includes("Uncounted") ? undefined : differing()
        )
      )
    )
  )

export const clampedSize = underFaults("clampedSize", [
  "clamp=9",
  "clamp=3",
  "clamp=9@every:2",
  "clamp=7@every:3",
  "clamp=9@p:0.5"
])
export const ignoredPage = underFaults("ignoredPage", ["ignore-page"])
export const cycle = underFaults("cycle", ["cycle=1", "cycle=2", "cycle=3,clamp=9"])
export const lastPageAgain = underFaults("lastPageAgain", ["clamp-page"])

/** The listings of a kind whose total is never a doubtful one. */
const totalsAreOfTheWhole = ({ codecs, listings }: Subject, what: Stage.What): boolean =>
  !codecs.some(
    ({ of, operation }) => of === what && listings.get(operation)?.paging.totalMayCountPage === true
  )

export const wrongTotal = Check.ofSources("wrongTotal", (source, subject) =>
  Stage.first(Stage.whats, (what) =>
    judged(source, what, "wrong-total=5", (pages, differing) => {
      const rows = pages.flatMap(({ items }) => items)
      const total = pages.find(({ total }) => total !== null)?.total ?? null
      const isBelieved = total !== null && totalsAreOfTheWhole(subject, what)
      return differing() ?? (isBelieved ? `it ended with ${rows.length} of ${total} rows` : undefined)
    })
  )
)
