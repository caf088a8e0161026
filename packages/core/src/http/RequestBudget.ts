/**
 * The request budget: what is left of a vendor's request limit, counted per vendor, account and origin.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as RateLimiter from "effect/persistence/RateLimiter"

/**
 * A limit of requests.
 *
 * **Example** (300 requests a minute)
 *
 * ```ts
 * import type { RequestBudget } from "@colloquy/core"
 *
 * export const rateLimit: RequestBudget.RateLimit = { limit: 300, window: "1 minute" }
 * ```
 */
export interface RateLimit {
  /** Requests per window, 1 or more. They may be spent at once. */
  readonly limit: number
  readonly window: Duration.Input
}

const memory = RateLimiter.make.pipe(Effect.provide(RateLimiter.layerStoreMemory))

/**
 * The store that counts requests. Requests over the limit wait for the next window.
 *
 * By default, the whole process shares one store in memory, so that all sources of an account share its limit. If
 * several processes share an account, provide another `RateLimiter`.
 *
 * A client takes its budget when it is made: provide the layer to the effect or layer that makes the source.
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

/** A budget in the provided `RateLimiter`. */
export const layer: Layer.Layer<never, never, RateLimiter.RateLimiter> = Layer.effect(
  RequestBudget,
  RateLimiter.RateLimiter
)

/** A separate budget in memory, which nothing else spends. For tests. */
export const layerMemory: Layer.Layer<never> = Layer.effect(RequestBudget, memory)
