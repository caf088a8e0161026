/**
 * Sources that flags choose: how they are read, and how they are opened.
 */
import type { Connection, SourceError, SourceService } from "@colloquy/core"
import type { Vendor } from "@colloquy/core/vendor"
import type * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Option from "effect/Option"
import * as Configuration from "./Configuration.ts"
import { UsageError } from "./Failure.ts"
import type * as Flags from "./Flags.ts"
import * as HostHint from "./HostHint.ts"
import type { Names } from "./Progress.ts"
import * as Nearest from "./terminal/Nearest.ts"
import * as Token from "./Token.ts"
import * as Vendors from "./Vendors.ts"

/** A source that is still to be opened. */
export interface Unopened extends Names {
  /** Opens the source; `onRequest` is told of each of its requests. */
  readonly open: (
    onRequest: Connection.Connection["onRequest"]
  ) => Effect.Effect<
    SourceService,
    SourceError | Config.ConfigError | UsageError,
    HttpClient.HttpClient | Token.Needs
  >
}

/** What chose the host, with the nearest known value; undefined if nothing did. */
const hostFlag = (
  vendor: Vendor.Any,
  chosen: Vendors.Chosen,
  { account, baseUrl }: Flags.ReadOptions,
  configuration: Option.Option<Configuration.Configuration>
): string | undefined => {
  if (Option.isSome(baseUrl)) return "--base-url"
  const { name } = vendor.definition
  const configured = Option.getOrUndefined(configuration)?.account(name, account)
  if (configured?.["base-url"] !== undefined) return `base-url of accounts.${name}.${account}`
  const [given] = Vendors.suggestionsOf(vendor).flatMap(([flag, known]) => {
    const value = chosen[flag]
    return typeof value === "string" ? [{ flag, known, value }] : []
  })
  if (given === undefined) return undefined
  const meant = given.known.includes(given.value) ? undefined : Nearest.nearest(given.value, given.known)
  return `--${given.flag} ${given.value}${meant === undefined ? "" : ` (did you mean ${meant}?)`}`
}

/** The source of a vendor that flags choose. `sync` has no `--verify`. */
export const unopened = Effect.fnUntraced(function* (
  vendor: Vendor.Any,
  chosen: Vendors.Chosen,
  flags: Flags.ReadOptions & { readonly verify?: boolean }
) {
  const { name, serverChoosesPageSize, title } = vendor.definition
  const pageSize = Option.getOrUndefined(flags.pageSize)
  if (serverChoosesPageSize === true && pageSize !== undefined) {
    const problem = `${title}'s server chooses the page size; leave --page-size out`
    return yield* new UsageError({ problem })
  }
  const how = {
    pageSize,
    concurrency: flags.concurrency,
    verify: flags.verify,
    maxPages: Option.getOrUndefined(flags.maxPages)
  }
  const configuration = yield* Configuration.current
  const unopened: Unopened = {
    vendor: name,
    account: flags.account,
    open: (onRequest) =>
      Effect.flatMap(Token.connection(vendor, flags, configuration), (connection) =>
        vendor.sourceFrom(chosen, { ...connection, ...how, onRequest })
      ).pipe(Effect.map(HostHint.naming(hostFlag(vendor, chosen, flags, configuration))))
  }
  return unopened
})
