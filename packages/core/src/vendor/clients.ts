/**
 * A vendor's clients: one for its API, and one for each other host of its listings.
 */
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type { Connection } from "../http/Connection.ts"
import * as VendorClient from "../http/VendorClient.ts"
import { SourceError } from "../model/SourceError.ts"
import type { Definition, Facts } from "./Vendor.ts"

/** The clients of one connection. */
export interface Clients {
  readonly account: string
  /** The client of a host; without a name, the client of the API. */
  readonly of: (host: string | undefined) => VendorClient.VendorClient
}

/** Makes the clients. A `baseUrl` of the connection replaces all hosts. */
export const make = Effect.fnUntraced(function* <Options>(
  definition: Facts & Pick<Definition<string, Options, unknown>, "baseUrl">,
  options: Connection & Partial<Options>
): Effect.fn.Return<Clients, SourceError, HttpClient.HttpClient> {
  const { authorization, errors, hosts = {}, name, rateLimit } = definition
  const { account = "default", baseUrl, onRequest, policy, token } = options
  const own = typeof definition.baseUrl === "string" ? definition.baseUrl : definition.baseUrl(options)
  if (typeof own !== "string") {
    return yield* new SourceError({ vendor: name, account, operation: "connect", reason: own })
  }
  const connected = yield* VendorClient.connect({
    vendor: name,
    account,
    token,
    authorization,
    errors,
    rateLimit: options.rateLimit === undefined ? rateLimit : options.rateLimit,
    policy,
    onRequest
  })
  const clientOf = (url: string) => connected(baseUrl ?? url)
  const main = yield* clientOf(own)
  const others = new Map<string, VendorClient.VendorClient>()
  for (const [host, url] of Object.entries(hosts)) others.set(host, yield* clientOf(url))
  return { account, of: (host) => (host === undefined ? main : (others.get(host) ?? main)) }
})
