/**
 * A list that changes between requests, by a schedule, and what a walk over it may and may not do.
 *
 * The list remembers every state that it went through, so that the rows emitted can be held against all of them.
 */
import { Pagination } from "@colloquy/core"
import { Effect, Result, Schema, Stream } from "effect"
import { patient } from "./patience.ts"
import { type AnyRequest, type Asked, askedOf, byId, Refused, type Row, rowsOf } from "./listing.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

/** One change of the list, made before the `before`th request is answered. */
export const Change = Schema.Struct({
  before: between(2, 12),
  kind: Schema.Literals(["append", "head", "middle", "remove", "removeHead"]),
  /** Where in the list, in hundredths. */
  at: between(0, 99),
  /** How many rows at once. */
  rows: between(1, 14)
})
export type Change = typeof Change.Type

/** A list, how it is served and how it changes. */
export const Case = Schema.Struct({
  count: between(0, 40),
  size: between(1, 12),
  newestFirst: Schema.Boolean,
  ids: Schema.Boolean,
  total: Schema.Literals(["none", "each", "first"]),
  pastEnd: Schema.Literals(["empty", "documentedError", "undocumentedError"]),
  concurrency: Schema.Literals([1, 1, 2, 5]),
  /** How long an answer takes, in turns of the scheduler, by the number of its request. */
  delays: Schema.Array(between(0, 5)).check(Schema.isMaxLength(4)),
  changes: Schema.Array(Change).check(Schema.isMaxLength(6))
})
export type Case = typeof Case.Type

/** The most rows that the server gives in a page; null for as many as asked. */
export const Clamp = Schema.NullOr(between(1, 12))
export const Paging = Schema.Literals(["page", "offset"])

export interface How {
  readonly paging: "page" | "offset"
  readonly clamp?: number
  readonly verify?: boolean
}

/** What a walk over a changing list gave. */
export interface Outcome {
  readonly emitted: ReadonlyArray<string>
  readonly failure:
    | Pagination.PastEnd<Refused>["error"]
    | { readonly _tag: string; readonly kind?: string }
    | null
  readonly unverified: ReadonlyArray<string>
  readonly verified: boolean
  readonly requests: number
  /** Rows that were in every state from the first request to the end of the walk. */
  readonly lasting: ReadonlyArray<string>
  /** The kinds of changes that were made before the walk ended. */
  readonly made: ReadonlySet<Change["kind"]>
}

interface World {
  list: ReadonlyArray<Row>
  fresh: number
  requests: number
  lasting: Set<string>
  made: Set<Change["kind"]>
}

const changed = (world: World, { at, kind, rows }: Change): ReadonlyArray<Row> => {
  const { list } = world
  const place = Math.floor((at / 100) * list.length)
  if (kind === "remove") return list.filter((_, index) => index < place || index >= place + rows)
  if (kind === "removeHead") return list.slice(rows)
  const added = rowsOf(rows, world.fresh)
  world.fresh += rows
  if (kind === "append") return [...list, ...added]
  if (kind === "head") return [...added.toReversed(), ...list]
  return [...list.slice(0, place), ...added, ...list.slice(place)]
}

const advance = (world: World, changes: ReadonlyArray<Change>): void => {
  world.requests++
  for (const change of changes) {
    if (change.before !== world.requests) continue
    const before = new Set(world.list.map(byId))
    world.list = changed(world, change)
    const now = new Set(world.list.map(byId))
    for (const id of before) if (!now.has(id)) world.lasting.delete(id)
    world.made.add(change.kind)
  }
}

type Answer = Pagination.Received<Row> | Pagination.PastEnd<Refused>

const answer = (world: World, given: Case, how: How, request: Asked): Answer => {
  const served = Math.min(request.size ?? given.size, how.clamp ?? given.size)
  const start = how.paging === "page" ? (request.page - 1) * served : request.offset
  const { list } = world
  if (
    start >= list.length &&
    given.pastEnd !== "empty" &&
    (start > 0 || given.pastEnd === "documentedError")
  ) {
    return Pagination.pastEnd(new Refused(request), given.pastEnd === "documentedError")
  }
  const claims = given.total === "each" || (given.total === "first" && world.requests === 1)
  return Pagination.received(list.slice(start, start + served), { total: claims ? list.length : null })
}

/** Walks the list of a case while it changes. */
export const run = Effect.fnUntraced(function* (given: Case, how: How) {
  const rows = rowsOf(given.count)
  const list = given.newestFirst ? rows.toReversed() : rows
  const world: World = {
    list,
    fresh: 1000,
    requests: 0,
    lasting: new Set(list.map(byId)),
    made: new Set()
  }
  const pause = (nth: number) =>
    Effect.repeat(Effect.yieldNow, { times: given.delays[nth % Math.max(1, given.delays.length)] ?? 0 })
  const fetch = (request: AnyRequest): Effect.Effect<Answer> =>
    Effect.gen(function* () {
      if (given.concurrency > 1) yield* pause(world.requests)
      advance(world, given.changes)
      const response = answer(world, given, how, askedOf(request))
      if (given.concurrency > 1) yield* pause(world.requests + 1)
      return response
    })
  const make = how.paging === "page" ? Pagination.pageNumber : Pagination.offset
  const strategy = make({
    size: given.size,
    ends:
      given.total === "none" ? ["emptyPage", "endOfPagesError"] : ["total", "emptyPage", "endOfPagesError"]
  })
  const emitted: Array<string> = []
  const seen: { unverified: ReadonlyArray<string>; verified: boolean } = { unverified: [], verified: false }
  const result = yield* Pagination.pages(strategy, fetch, {
    key: given.ids ? byId : undefined,
    concurrency: given.concurrency,
    verify: how.verify
  }).pipe(
    Stream.runForEach((page) =>
      Effect.sync(() => {
        emitted.push(...page.items.map(byId))
        seen.unverified = page.completion?.unverified ?? []
        seen.verified = page.completion?.verified ?? false
      })
    ),
    Effect.result,
    patient
  )
  const outcome: Outcome = {
    ...seen,
    emitted,
    failure: Result.isFailure(result) ? result.failure : null,
    requests: world.requests,
    lasting: [...world.lasting],
    made: world.made
  }
  return outcome
})

const countOf = (ids: ReadonlyArray<string>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

/** Rows that were emitted more than once. */
export const repeatedIn = ({ emitted }: Outcome): ReadonlyArray<string> =>
  [...countOf(emitted)].flatMap(([id, times]) => (times > 1 ? [id] : []))

/** Rows that were there from start to end, and were emitted more than once. */
export const lastingRepeatedIn = (outcome: Outcome): ReadonlyArray<string> => {
  const lasting = new Set(outcome.lasting)
  return repeatedIn(outcome).filter((id) => lasting.has(id))
}

/** Rows that were there from start to end, and were not emitted. */
export const lostIn = ({ emitted, lasting }: Outcome): ReadonlyArray<string> => {
  const seen = new Set(emitted)
  return lasting.filter((id) => !seen.has(id))
}

/** The most requests that a walk over the case may make, whatever happens. */
export const bound = (given: Case, how: How): number => {
  const most = given.count + given.changes.reduce((sum, { rows }) => sum + rows, 0)
  const served = Math.min(given.size, how.clamp ?? given.size)
  const pages = Math.ceil(most / Math.max(1, how.paging === "page" ? served : served - 1)) + 2
  const searches = given.changes.length * 2 * (6 + given.concurrency)
  return ((how.verify === true ? 5 : 1) * (pages + 12) + searches) * (given.concurrency > 1 ? 2 : 1)
}
