/**
 * A connection: the token, its account, and how requests are made.
 */
import * as Config from "effect/Config"
import type * as Effect from "effect/Effect"
import type * as PlatformError from "effect/PlatformError"
import type * as Redacted from "effect/Redacted"
import type { InvalidRequest } from "../model/SourceError.ts"
import type { RateLimit } from "./RequestBudget.ts"
import type { Policy } from "./RequestPolicy.ts"
import type { RequestEvent } from "./VendorClient.ts"

/**
 * Why a token could not be read. The message of an `InvalidRequest` is repeated in errors: it says what could not be
 * read and what to do, and never contains the token. Of a `ConfigError`, only the names of its settings are repeated.
 */
export type TokenFailure = InvalidRequest | Config.ConfigError | PlatformError.PlatformError

/**
 * A token, or an effect that reads it.
 *
 * Use an effect for a token that changes while the program runs. It is run when the clients are made. It is run again
 * when the vendor refuses the token: HTTP 401, or the vendor's code for it. If it then gives another token, the request
 * is sent again, once, and all clients of the connection use the new token from then on. If it gives the same token,
 * the error stands. Requests that are refused at the same time read the token once.
 *
 * The effect may take as long as `RequestPolicy.timeout`. It sees the `ConfigProvider` with which the clients were
 * made. If it fails, or gives a token that is not visible ASCII, making clients fails with `InvalidRequest`, and a
 * request with `Unauthorized`.
 *
 * **Example** (A token in a file, which another program replaces)
 *
 * ```ts
 * import { Chatling } from "@colloquy/chatling"
 * import { Effect, FileSystem, Layer, Redacted } from "effect"
 *
 * export const layer = Layer.unwrap(
 *   Effect.gen(function* () {
 *     const fs = yield* FileSystem.FileSystem
 *     const token = Effect.map(fs.readFileString("/run/secrets/chatling"), (text) => Redacted.make(text.trim()))
 *     return Chatling.layerSource({ chatbotId: "123", token })
 *   })
 * )
 * ```
 */
export type Token = Redacted.Redacted | Effect.Effect<Redacted.Redacted, TokenFailure>

/** What a connection is besides its token. */
export interface Settings {
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
export interface Connection extends Settings {
  /**
   * The API key or token, or an effect that reads it. It is sent to the vendor's origin only. If the vendor repeats
   * it, `<redacted>` stands in its place.
   */
  readonly token: Token
}

/** A connection whose token comes from configuration if it is left out. */
export interface ConfigConnection extends Settings {
  /** The API key or token, or an effect that reads it. Default: the vendor's variable for the account. */
  readonly token?: Token | undefined
}

/** The variable with an account's token: `CHATLING_API_KEY`, or `CHATLING_API_KEY_EU` for the account `eu`. */
export const variableOf = (variable: string, account = "default"): string =>
  account === "default" ? variable : `${variable}_${account.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`

/**
 * Adds the token from configuration to options that have none. It is read again when the vendor refuses it. Fails with
 * `ConfigError` if the variable is not set.
 */
export const config = <O extends ConfigConnection>(
  variable: string,
  options: O
): Config.Config<O & { readonly token: Token }> => {
  const { token } = options
  if (token !== undefined) return Config.succeed({ ...options, token })
  const configured = Config.Redacted(variableOf(variable, options.account))
  return Config.map(configured, () => ({ ...options, token: configured }))
}
