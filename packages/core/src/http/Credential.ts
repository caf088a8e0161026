/**
 * Whose conversations are read: a token, and the name of the account that it belongs to.
 */
import * as Config from "effect/Config"
import type * as Redacted from "effect/Redacted"

/** What every vendor's `make` and `layer` take. */
export interface Options {
  /**
   * The API key or token, sent as `Authorization: Bearer …` to the vendor's origin only. Where the vendor sends it back,
   * `<redacted>` is read in its place.
   */
  readonly token: Redacted.Redacted
  /** The name of this credential. Default `default`. */
  readonly account?: string | undefined
  /** Replaces the vendor's own base URL: scheme, host, port and an optional path prefix. */
  readonly baseUrl?: string | undefined
}

/** The same without a token: where it is left out, it comes from configuration. */
export interface ConfigOptions extends Partial<Options> {}

/** The variable that holds an account's token: `CHATLING_API_KEY`, or `CHATLING_API_KEY_EU` for the account `eu`. */
export const variableOf = (variable: string, account = "default"): string =>
  account === "default" ? variable : `${variable}_${account.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`

/** The given options, their token taken from configuration where none is given. */
export const config = <O extends ConfigOptions>(
  variable: string,
  options: O
): Config.Config<O & { readonly token: Redacted.Redacted }> => {
  const { token } = options
  const resolved =
    token === undefined ? Config.Redacted(variableOf(variable, options.account)) : Config.succeed(token)
  return Config.map(resolved, (token) => ({ ...options, token }))
}
