/**
 * LangGraph as one value: a service in its own types, and sources.
 */
import { Vendor } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import { errors } from "./Errors.ts"
import * as Listings from "./Listings.ts"

/** The options of a source. */
export interface Options {
  /** Only threads of this graph. Default: all threads. */
  readonly graphId?: string | undefined
}

const options: Vendor.OptionsSchema<Options> = Schema.Struct({
  graphId: Schema.optional(Vendor.Id.annotate({ description: "Only threads of this graph", metavar: "ID" }))
})

/**
 * LangGraph's threads. The token comes from `LANGGRAPH_TOKEN`, unless one is given. The server is your own: give its `baseUrl`,
 * unless it is the development server at its usual port.
 *
 * Source: the development server of `@langchain/langgraph-api` 1.5.1.
 *
 * **Example** (The vendor's own pages)
 *
 * ```ts
 * import { LangGraph } from "@colloquy/langgraph"
 * import { Stream } from "effect"
 *
 * export const pages = Stream.unwrap(
 *   LangGraph.useSync((langgraph) => langgraph.conversations.pages({ graphId: "chat", pageSize: 500 }))
 * )
 * ```
 */
export const LangGraph = Vendor.make({
  name: Codecs.vendor,
  title: "LangGraph",
  baseUrl: "http://localhost:2024",
  tokenVariable: "LANGGRAPH_TOKEN",
  errors,
  options,
  service: (read) => ({
    messages: read(Listings.messages),
    conversations: read(Listings.conversations)
  }),
  messages: {
    codecs: [Codecs.messages],
    order: () => "oldestFirst",
    of: (_, { conversationId }) => Listings.messages.of({ conversationId })
  },
  conversations: {
    codecs: [Codecs.conversations],
    filter: ({ graphId }) => (graphId === undefined ? {} : { graphId }),
    of: ({ graphId }) => Listings.conversations.of({ graphId })
  }
})
