/**
 * Intercom as one value: a service in its own types, and sources.
 */
import { Vendor } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import { errors } from "./Errors.ts"
import * as Listings from "./Listings.ts"

const hosts = { us: "api", eu: "api.eu", au: "api.au" } as const

/** The options of a source. */
export interface Options {
  /** Where the workspace is hosted: `us` United States, `eu` Europe, `au` Australia. Default `us`. */
  readonly region?: "us" | "eu" | "au" | undefined
}

const options: Vendor.OptionsSchema<Options> = Schema.Struct({
  region: Schema.optional(
    Schema.Literals(["us", "eu", "au"]).annotate({
      description: "Where the workspace is hosted",
      default: "us"
    })
  )
})

/**
 * Intercom. The token comes from `INTERCOM_ACCESS_TOKEN`, unless one is given.
 *
 * Source: Intercom REST API reference, version 2.14. The limit is 10,000 requests per minute and app, spread over windows of ten
 * seconds. An answer holds a conversation's last 500 parts; the messages of a larger one end with `IncompleteWalk` (kind
 * `capped`).
 *
 * **Example** (The vendor's own pages)
 *
 * ```ts
 * import { Intercom } from "@colloquy/intercom"
 * import { Stream } from "effect"
 *
 * export const pages = Stream.unwrap(
 *   Intercom.useSync((intercom) => intercom.messages.pages({ conversationId: "471" }))
 * )
 * ```
 */
export const Intercom = Vendor.make({
  name: Codecs.vendor,
  title: "Intercom",
  baseUrl: ({ region = "us" }) => `https://${hosts[region]}.intercom.io`,
  tokenVariable: "INTERCOM_ACCESS_TOKEN",
  rateLimit: { limit: 1666, window: "10 seconds" },
  errors,
  options,
  service: (read) => ({ messages: read(Listings.messages), conversations: read(Listings.conversations) }),
  messages: {
    codecs: [Codecs.messages],
    of: (_, { conversationId }) => Listings.messages.of({ conversationId })
  },
  conversations: {
    codecs: [Codecs.conversations],
    filter: ({ region = "us" }) => ({ region }),
    of: () => Listings.conversations.of({})
  }
})
