/**
 * Walks the list of a case while it changes, and stops and resumes as the case says.
 */
import { type Checkpoint, type Page, Pagination } from "@colloquy/core"
import { SimulatedVendor } from "@colloquy/engine"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { Case } from "./case.ts"
import * as World from "./world.ts"

/** An undocumented refusal. */
export class Refused {
  readonly _tag = "Refused"
}

/** What all parts of a walk gave together. */
export interface Outcome {
  readonly world: World.World
  /** Ids in order of arrival, without those from before a restart of the walk. */
  readonly emitted: ReadonlyArray<string>
  readonly failure: string | null
  readonly completion: Page.Completion | null
  /** Parts of the walk that stopped without progress. */
  readonly stuck: number
}

type Answer = Pagination.Received<World.Row> | Pagination.PastEnd<Refused>

const fetchFrom =
  (world: World.World, given: Case) =>
  (request: Pagination.RequestOf<Pagination.Strategy>, isFirst: boolean): Effect.Effect<Answer, Refused> =>
    Effect.gen(function* () {
      if (given.concurrency > 1) yield* pause(given, world.requests)
      World.advance(world, given.changes)
      // An endless walk is stopped, and judged by its requests.
      if (world.requests > 1000) return yield* Effect.fail(new Refused())
      const answer = yield* answerOf(world, given, request, isFirst)
      if (given.concurrency > 1) yield* pause(given, world.requests + 1)
      return answer
    })

const pause = ({ delays }: Case, nth: number) =>
  Effect.repeat(Effect.yieldNow, { times: delays[nth % Math.max(1, delays.length)] ?? 0 })

/** With overlapping pages no server is assumed to serve one or two rows when more are requested: a documented limit. */
const leastServed = 3

const answerOf = (
  world: World.World,
  given: Case,
  request: Pagination.RequestOf<Pagination.Strategy>,
  isFirst: boolean
): Effect.Effect<Answer, Refused> => {
  const { refused } = given
  const overlaps =
    given.server.paging === "offset" ? given.size !== null && given.size > 2 : (given.size ?? 0) >= 20
  const server = overlaps
    ? { ...given.server, serves: Math.max(leastServed, given.server.serves) }
    : given.server
  const { size } = request
  const page = "page" in request ? request.page : 1
  const offset = "offset" in request ? request.offset : 0
  const token = "cursor" in request ? request.cursor : null
  const cut = refused.includes(world.requests)
    ? ({ _tag: "Refusal", documented: false } as const)
    : SimulatedVendor.cut(server, world.list, { page, offset, token, size, first: isFirst }, ({ id }) => id)
  if (cut._tag === "Cut") {
    const { lastPage, next, rows, total } = cut
    return Effect.succeed(
      Pagination.received(rows, { lastPage, next, total: total === null ? null : Number(total) })
    )
  }
  // On a first page only the documented error may be an end, as with every vendor.
  return isFirst && !cut.documented
    ? Effect.fail(new Refused())
    : Effect.succeed(Pagination.pastEnd(new Refused(), cut.documented))
}

/** Waits take no time, because nothing else happens meanwhile. */
const instantClock: Clock.Clock = {
  currentTimeMillisUnsafe: () => 0,
  currentTimeMillis: Effect.succeed(0),
  currentTimeNanosUnsafe: () => 0n,
  currentTimeNanos: Effect.succeed(0n),
  monotonicTimeNanosUnsafe: () => 0n,
  monotonicTimeNanos: Effect.succeed(0n),
  sleep: () => Effect.yieldNow
}

interface Part {
  readonly last: Page.Page<World.Row> | undefined
  readonly failure: string | null
  readonly restarted: boolean
}

/** Walks the case to its end, or to a failure. */
export const run = (given: Case): Effect.Effect<Outcome> =>
  Effect.gen(function* () {
    const world = World.make(given.count, given.newestFirst)
    // Offsets need a size.
    const size = given.size ?? (given.server.paging === "offset" ? given.server.serves : null)
    const strategy = SimulatedVendor.strategyOf(size, given.server)
    const fetch = fetchFrom(world, given)
    let emitted: Array<string> = []
    const walk = (from: Checkpoint | undefined, pages: number): Effect.Effect<Part> => {
      let last: Page.Page<World.Row> | undefined
      let restarted = false
      return Pagination.pages(strategy, fetch, {
        key: given.ids ? ({ id }) => id : undefined,
        concurrency: given.concurrency,
        verify: given.verify,
        from
      }).pipe(
        Stream.take(pages),
        Stream.runForEach((page) =>
          Effect.sync(() => {
            if (page.restarted !== null) {
              emitted = []
              restarted = true
            }
            for (const { id } of page.items) emitted.push(id)
            last = page
          })
        ),
        Effect.result,
        Effect.map((result) => ({
          last,
          restarted,
          failure: Result.isFailure(result) ? nameOf(result.failure) : null
        }))
      )
    }
    let from: Checkpoint | undefined
    let stuck = 0
    for (const pages of [...(given.verify ? [] : given.stops), Infinity]) {
      const { failure, last, restarted } = yield* walk(from, pages)
      if (failure !== null || last?.completion != null) {
        return { world, emitted, failure, completion: last?.completion ?? null, stuck }
      }
      if (!restarted && from !== undefined && last !== undefined && same(from, last.checkpoint)) stuck += 1
      from = last?.checkpoint ?? from
    }
    return { world, emitted, failure: "no end", completion: null, stuck }
  }).pipe(Effect.provideService(Clock.Clock, instantClock))

const same = (a: Checkpoint, b: Checkpoint): boolean =>
  a.page === b.page && a.offset === b.offset && a.cursor === b.cursor && a.received === b.received

const nameOf = (failure: { readonly _tag: string; readonly kind?: string }): string =>
  failure.kind === undefined ? failure._tag : `${failure._tag} ${failure.kind}`
