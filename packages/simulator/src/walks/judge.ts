/**
 * Judges what a walk gave: the first fault in words, or undefined.
 */
import type { Case } from "./case.ts"
import type { Outcome } from "./run.ts"

/** The first fault, in words. */
export const wrong = (given: Case, outcome: Outcome): string | undefined =>
  dear(given, outcome) ??
  invented(outcome) ??
  repeated(given, outcome) ??
  lost(given, outcome) ??
  holed(given, outcome) ??
  unjust(given, outcome) ??
  stuck(outcome)

const invented = ({ emitted, world }: Outcome): string | undefined => {
  const never = emitted.filter((id) => !world.ever.has(id))
  return never.length === 0 ? undefined : `rows that never were: ${never.join(" ")}`
}

/** Rows with ids must come once. Without ids a moved row cannot be told from an equal one. */
const repeated = (given: Case, { emitted, world }: Outcome): string | undefined => {
  if ((!given.ids && world.made.size > 0) || forgets(given)) return undefined
  const twice = emitted.filter((id, at) => emitted.indexOf(id) !== at)
  return twice.length === 0 ? undefined : `rows that came twice: ${twice.join(" ")}`
}

/** Whether a completion admits that rows may have been missed. */
const admits = ({ completion }: Outcome): boolean =>
  completion?.notes.some(({ _tag }) => _tag === "UnseenDrift") === true

/** Whether rows can move. They cannot in a list that only grows at its end: an admission excuses nothing then. */
const canDrift = ({ newestFirst }: Case, { world }: Outcome): boolean =>
  newestFirst ? world.made.size > 0 : [...world.made].some((kind) => kind !== "append")

/**
 * Rows that were always there must come, or the completion admits what it cannot see. Two equal passes both miss a row
 * only if another was removed in each at the same moment, and came back in between.
 */
const lost = (given: Case, outcome: Outcome): string | undefined => {
  const { completion, emitted, world } = outcome
  if (completion === null || (admits(outcome) && canDrift(given, outcome))) return undefined
  if (given.verify && world.made.has("restore")) return undefined
  const came = new Set(emitted)
  const missing = [...world.lasting].filter((id) => !came.has(id))
  return missing.length === 0
    ? undefined
    : `rows that were there all the time and never came, with nothing admitted (proof ${completion.proof}): ${missing.join(" ")}`
}

/**
 * If rows only came at the end of the list, what was read must be its beginning. One exception is known: a server that
 * serves more rows than requested, and a list of just as many rows, whose first page looks full.
 */
const holed = (given: Case, { completion, emitted, world }: Outcome): string | undefined => {
  const { newestFirst, server, size, verify } = given
  const onlyAppends = [...world.made].every((kind) => kind === "append")
  if (completion === null || newestFirst || verify || !onlyAppends) return undefined
  const list = world.list.map(({ id }) => id)
  const at = emitted.findIndex((id, index) => id !== list[index])
  const servesMore = server.sizes !== "any" && size !== null && size < server.serves
  if (at < 0 || (servesMore && at === size)) return undefined
  return `a hole: row ${at} is ${emitted[at]}, the list has ${list[at]} there`
}

/** An unchanged list on a correct server must be read to its end. */
const unjust = ({ refused }: Case, { failure, world }: Outcome): string | undefined =>
  failure !== null && world.made.size === 0 && refused.length === 0
    ? `a list that rests failed: ${failure}`
    : undefined

const stuck = ({ stuck }: Outcome): string | undefined =>
  stuck === 0 ? undefined : "a walk that stopped and went on from its checkpoint got no further"

/** Most requests that a walk may make in any case. */
const dear = (given: Case, { world }: Outcome): string | undefined => {
  const most = given.count + given.changes.reduce((sum, { rows }) => sum + rows, 0)
  const { serves } = given.server
  const size = Math.min(serves, given.size ?? serves)
  const pages = Math.ceil(most / Math.max(1, Math.floor(size / 2))) + 4
  const parts = given.verify ? 5 : 1 + given.stops.length
  const searches =
    (given.changes.length + given.stops.length + given.refused.length + 1) * 2 * (7 + given.concurrency)
  const bound = (parts * 14 + (given.verify ? 5 : 1) * pages + searches) * (given.concurrency > 1 ? 2 : 1)
  return world.requests <= bound ? undefined : `${world.requests} requests, where ${bound} are enough`
}

/**
 * Whether rows from before a checkpoint may come again: it has the keys of the last few rows only. Without overlapping
 * pages, a list that grows in front by more rows repeats older ones; with them, a list that grows between the last few.
 */
const forgets = ({ changes, server, size, stops }: Case): boolean => {
  const rowsOf = (of: (kind: Case["changes"][number]["kind"]) => boolean) =>
    changes.reduce((sum, { kind, rows }) => sum + (of(kind) ? rows : 0), 0)
  const isWide =
    size !== null && Math.min(size, server.serves) >= 20 && server.sizes === "any" && !server.lastPage
  const asked = Math.min(size ?? server.serves, server.serves)
  const overlaps = (server.paging === "offset" && asked > 1) || (server.paging === "page" && isWide)
  // A row that came back elsewhere is mistaken for the checkpoint's place.
  const restores = changes.some(({ kind }) => kind === "restore")
  const inserted = overlaps ? 0 : rowsOf((kind) => kind !== "remove")
  const between = rowsOf((kind) => kind === "insert") > 0
  return stops.length > 0 && (between || restores || inserted > 8)
}
