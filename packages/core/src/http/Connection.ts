/**
 * A connection: the token, its account, and how requests are made.
 */
import * as Config from "effect/Config"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { RateLimit } from "./RequestBudget.ts"
import type { Policy } from "./RequestPolicy.ts"
import type { RequestEvent } from "./VendorClient.ts"

/**
 * What every vendor's `make` and `layer` take. `layerConfig`, `source` and `layerSource` take the token from
 * configuration if it is left out.
 *
 * `make`, `layer` and `source` fail with `InvalidRequest` for a token, a base URL or a number that is not valid.
 *
 * **Example** (A second account with a smaller plan)
 *
 * ```ts
 * import { Botuj } from "@colloquy/botuj"
 *
 * export const layer = Botuj.layerSource({
 *   account: "eu",
 *   rateLimit: { limit: 60, window: "1 minute" },
 *   policy: { retries: 2, timeout: "10 seconds" }
 * })
 * ```
 */
export interface Connection {
  /**
   * The API key or token, sent to the vendor's origin only. If the vendor repeats it, `<redacted>` stands in its
   * place.
   */
  readonly token: Redacted.Redacted
  /** The name of this credential. Default `default`. */
  readonly account?: string | undefined
  /** Replaces the vendor's base URL: scheme, host, port and an optional path prefix. Default: the vendor's. */
  readonly baseUrl?: string | undefined
  /**
   * The limit of requests if your plan's differs from the vendor's documents; null for none. Default: the vendor's.
   */
  readonly rateLimit?: RateLimit | null | undefined
  /** Numbers of the request policy that differ from `RequestPolicy.defaults`. */
  readonly policy?: Partial<Policy> | undefined
  /** Called for each request that is sent, retried, or delayed by a rate limit. Default: nothing. */
  readonly onRequest?: ((event: RequestEvent) => Effect.Effect<void>) | undefined
}

/** A connection whose token comes from configuration if it is left out. */
export interface ConfigConnection extends Partial<Connection> {}

/** The variable with an account's token: `CHATLING_API_KEY`, or `CHATLING_API_KEY_EU` for the account `eu`. */
export const variableOf = (variable: string, account = "default"): string =>
  account === "default" ? variable : `${variable}_${account.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`

/**
 * Adds the token from configuration to options that have none. Fails with `ConfigError` if the variable is not set.
 */
export const config = <O extends ConfigConnection>(
  variable: string,
  options: O
): Config.Config<O & { readonly token: Redacted.Redacted }> => {
  const { token } = options
  const resolved =
    token === undefined ? Config.Redacted(variableOf(variable, options.account)) : Config.succeed(token)
  return Config.map(resolved, (token) => ({ ...options, token }))
}
