/**
 * How a source reaches its vendor: a token, the account that it belongs to, and how requests are made.
 */
import * as Config from "effect/Config"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { RateLimit } from "./RequestBudget.ts"
import type { Policy } from "./RequestPolicy.ts"
import type { RequestEvent } from "./VendorClient.ts"

/** What every vendor's `make`, `layer` and `source` take. */
export interface Connection {
  /**
   * The API key or token, sent to the vendor's origin only. Where the vendor sends it back, `<redacted>` is read in its
   * place.
   */
  readonly token: Redacted.Redacted
  /** The name of this credential. Default `default`. */
  readonly account?: string | undefined
  /** Replaces the vendor's own base URL: scheme, host, port and an optional path prefix. */
  readonly baseUrl?: string | undefined
  /** Requests in a window, where your plan has another limit than the vendor documents; null for none. */
  readonly rateLimit?: RateLimit | null | undefined
  /** Numbers of the request policy that differ from `RequestPolicy.defaults`. */
  readonly policy?: Partial<Policy> | undefined
  /** Told of each request that is sent, sent again, or waits on a rate limit. Default nothing. */
  readonly onRequest?: ((event: RequestEvent) => Effect.Effect<void>) | undefined
}

/** The same, where the token comes from configuration if it is left out. */
export interface ConfigConnection extends Partial<Connection> {}

/** The variable that holds an account's token: `CHATLING_API_KEY`, or `CHATLING_API_KEY_EU` for the account `eu`. */
export const variableOf = (variable: string, account = "default"): string =>
  account === "default" ? variable : `${variable}_${account.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`

/** The given options, with the token from configuration where none is given. */
export const config = <O extends ConfigConnection>(
  variable: string,
  options: O
): Config.Config<O & { readonly token: Redacted.Redacted }> => {
  const { token } = options
  const resolved =
    token === undefined ? Config.Redacted(variableOf(variable, options.account)) : Config.succeed(token)
  return Config.map(resolved, (token) => ({ ...options, token }))
}
