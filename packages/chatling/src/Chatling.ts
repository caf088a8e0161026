/**
 * Chatling as one value: a service in its own types, and sources.
 */
import { Vendor } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import { errors } from "./Errors.ts"
import * as Listings from "./Listings.ts"

/** The options of a source. */
export interface Options {
  /** The id of the chatbot whose conversations are read. */
  readonly chatbotId: string
  /** Oldest or newest message first. Default `date_asc`. */
  readonly sort?: "date_asc" | "date_desc" | undefined
}

const options: Vendor.OptionsSchema<Options> = Schema.Struct({
  chatbotId: Vendor.Id.annotate({
    description: "The chatbot",
    metavar: "ID",
    examples: ["123"]
  }),
  sort: Schema.optional(
    Schema.Literals(["date_asc", "date_desc"]).annotate({
      description: "Oldest or newest message first",
      default: "date_asc",
      chooses: "order"
    })
  )
})

/**
 * Chatling. The token comes from `CHATLING_API_KEY`, unless one is given. The server chooses the page size.
 *
 * Source: Chatling API reference, v2; paths begin with `/v2`. The limit is 300 requests per minute and key, which may
 * be spent at once.
 *
 * **Example** (The vendor's own pages, newest first)
 *
 * ```ts
 * import { Chatling } from "@colloquy/chatling"
 * import { Stream } from "effect"
 *
 * export const pages = Stream.unwrap(
 *   Chatling.useSync((chatling) =>
 *     chatling.messages.pages({ chatbotId: "123", conversationId: "42", sort: "date_desc" })
 *   )
 * )
 * ```
 */
export const Chatling = Vendor.make({
  name: Codecs.vendor,
  title: "Chatling",
  baseUrl: "https://api.chatling.ai",
  tokenVariable: "CHATLING_API_KEY",
  rateLimit: { limit: 300, window: "1 minute" },
  errors,
  serverChoosesPageSize: true,
  options,
  service: (read) => ({
    messages: read(Listings.messages),
    conversations: read(Listings.conversations)
  }),
  messages: {
    codecs: [Codecs.messages],
    order: Listings.orderOf,
    of: ({ chatbotId, sort }, { conversationId }) => Listings.messages.of({ chatbotId, conversationId, sort })
  },
  conversations: {
    codecs: [Codecs.conversations],
    filter: ({ chatbotId }) => ({ chatbotId }),
    of: ({ chatbotId }) => Listings.conversations.of({ chatbotId })
  }
})
