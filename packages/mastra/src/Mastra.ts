/**
 * Mastra as one value: a service in its own types, and sources.
 */
import { Vendor } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import { errors } from "./Errors.ts"
import * as Listings from "./Listings.ts"

/** The options of a source. */
export interface Options {
  /** Only threads of this resource, which is often a user. Default: all threads. */
  readonly resourceId?: string | undefined
  /** The agent whose memory is read. Needed only where agents have storage of their own. Default: the server's storage. */
  readonly agentId?: string | undefined
}

const options: Vendor.OptionsSchema<Options> = Schema.Struct({
  resourceId: Schema.optional(
    Vendor.Id.annotate({ description: "Only threads of this resource, often a user", metavar: "ID" })
  ),
  agentId: Schema.optional(
    Vendor.Id.annotate({
      description: "The agent whose memory is read, if agents have storage of their own",
      metavar: "ID"
    })
  )
})

/**
 * Mastra's memory. The token comes from `MASTRA_TOKEN`, unless one is given. The server is your own: give its `baseUrl`, unless
 * it is the one that `mastra dev` starts.
 *
 * Source: a server of `@mastra/core` 1.71.0; paths begin with `/api/memory`.
 *
 * **Example** (The vendor's own pages)
 *
 * ```ts
 * import { Mastra } from "@colloquy/mastra"
 * import { Stream } from "effect"
 *
 * export const pages = Stream.unwrap(
 *   Mastra.useSync((mastra) => mastra.messages.pages({ conversationId: "thread-1", pageSize: 50 }))
 * )
 * ```
 */
export const Mastra = Vendor.make({
  name: Codecs.vendor,
  title: "Mastra",
  baseUrl: "http://localhost:4111",
  tokenVariable: "MASTRA_TOKEN",
  errors,
  options,
  service: (read) => ({
    messages: read(Listings.messages),
    conversations: read(Listings.conversations)
  }),
  messages: {
    codecs: [Codecs.messages],
    order: () => "oldestFirst",
    of: ({ agentId, resourceId }, { conversationId }) =>
      Listings.messages.of({ conversationId, agentId, resourceId })
  },
  conversations: {
    codecs: [Codecs.conversations],
    filter: ({ agentId, resourceId }) => ({
      ...(agentId === undefined ? {} : { agentId }),
      ...(resourceId === undefined ? {} : { resourceId })
    }),
    of: ({ agentId, resourceId }) => Listings.conversations.of({ agentId, resourceId })
  }
})
