/**
 * Fetches pages ahead, in order, and cancels them if the walk continues elsewhere.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import type { AnyRequest } from "./request.ts"

/** Fetches pages, and the pages that are likely next. */
export interface Prefetch<Answer, E, R> {
  /** The answer to a request; `likely` are the expected next requests, nearest first. */
  readonly take: (request: AnyRequest, likely: Iterable<AnyRequest>) => Effect.Effect<Answer, E, R>
}

interface InFlight<Answer, E> {
  readonly request: AnyRequest
  readonly fiber: Fiber.Fiber<Answer, E>
}

/**
 * Keeps up to `width` requests in flight, including the awaited one. A failure is reported only when its request's
 * turn comes. Requests that are no longer needed are interrupted, and all of them when the scope closes.
 */
export const make = Effect.fnUntraced(function* <Answer, E, R>(
  fetch: (request: AnyRequest) => Effect.Effect<Answer, E, R>,
  width: number
): Effect.fn.Return<Prefetch<Answer, E, R>, never, Scope.Scope> {
  if (width === 1) return { take: fetch }
  const scope = yield* Effect.scope
  let queue: Array<InFlight<Answer, E>> = []

  const start = (request: AnyRequest): Effect.Effect<InFlight<Answer, E>, never, R> =>
    Effect.map(Effect.forkIn(fetch(request), scope, { startImmediately: true }), (fiber) => ({
      request,
      fiber
    }))

  const take = Effect.fnUntraced(function* (
    request: AnyRequest,
    likely: Iterable<AnyRequest>
  ): Effect.fn.Return<Answer, E, R> {
    if (queue[0] === undefined || !same(queue[0].request, request)) {
      const unneeded = queue.map(({ fiber }) => fiber)
      queue = []
      yield* Fiber.interruptAll(unneeded)
      queue.push(yield* start(request))
    }
    let at = 1
    for (const next of likely) {
      if (at >= width) break
      if (queue[at] === undefined) queue.push(yield* start(next))
      at += 1
    }
    const [current] = queue
    queue = queue.slice(1)
    return yield* current === undefined ? fetch(request) : Fiber.join(current.fiber)
  })
  return { take }
})

const same = (a: AnyRequest, b: AnyRequest): boolean =>
  a.page === b.page && a.offset === b.offset && a.size === b.size && a.cursor === b.cursor
