/**
 * What is left of a vendor's request limit: one budget for each vendor, account and origin, whoever reads.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as RateLimiter from "effect/persistence/RateLimiter"

/** A limit of requests. */
export interface RateLimit {
  /** Requests in one window. They may be spent at once. */
  readonly limit: number
  readonly window: Duration.Input
}

const memory = RateLimiter.make.pipe(Effect.provide(RateLimiter.layerStoreMemory))

/**
 * Where budgets are counted. By default the whole process shares one store in memory, so that two sources of one account
 * never spend its limit twice. Provide another `RateLimiter` where several processes share an account.
 *
 * A client takes the budget when it is made: provide yours to the layer or effect that makes the source.
 *
 * **Example** (A budget in Redis, shared by several processes)
 *
 * ```ts
 * import { RequestBudget } from "@colloquy/core"
 * import { Layer } from "effect"
 * import { RateLimiter } from "effect/persistence"
 *
 * export const shared = RequestBudget.layer.pipe(
 *   Layer.provide(RateLimiter.layer),
 *   Layer.provide(RateLimiter.layerStoreRedis({ prefix: "colloquy:" }))
 * )
 * ```
 */
export const RequestBudget = Context.Reference<RateLimiter.RateLimiter>("@colloquy/core/RequestBudget", {
  defaultValue: () => Effect.runSync(memory)
})

/** The budget of a `RateLimiter` that is provided. */
export const layer: Layer.Layer<never, never, RateLimiter.RateLimiter> = Layer.effect(
  RequestBudget,
  RateLimiter.RateLimiter
)

/** A budget of its own in memory, which nothing else spends. For tests. */
export const layerMemory: Layer.Layer<never> = Layer.effect(RequestBudget, memory)
