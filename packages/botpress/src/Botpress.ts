/**
 * Botpress as one value: a service in its own types, and sources.
 */
import { Vendor } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import { errors } from "./Errors.ts"
import * as Listings from "./Listings.ts"

/** The options of a source. */
export interface Options {
  /** The id of the bot whose conversations are read. */
  readonly botId: string
}

const options: Vendor.OptionsSchema<Options> = Schema.Struct({
  botId: Vendor.Id.annotate({
    description: "The bot",
    metavar: "ID",
    examples: ["3f2b8c1e-5a7d-4e90-b6c2-9d1a0f4e7b35"]
  })
})

/**
 * Botpress. The token comes from `BOTPRESS_TOKEN`, unless one is given. The server chooses the page size.
 *
 * Source: Botpress Runtime API reference; paths begin with `/v1/chat`. The bot's id is the header `x-bot-id`. No limit of
 * requests is documented.
 *
 * **Example** (The vendor's own pages, newest message first)
 *
 * ```ts
 * import { Botpress } from "@colloquy/botpress"
 * import { Stream } from "effect"
 *
 * export const pages = Stream.unwrap(
 *   Botpress.useSync((botpress) => botpress.messages.pages({ botId: "b-1", conversationId: "conv_1" }))
 * )
 * ```
 */
export const Botpress = Vendor.make({
  name: Codecs.vendor,
  title: "Botpress",
  baseUrl: "https://api.botpress.cloud",
  tokenVariable: "BOTPRESS_TOKEN",
  errors,
  serverChoosesPageSize: true,
  options,
  service: (read) => ({
    messages: read(Listings.messages),
    conversations: read(Listings.conversations)
  }),
  messages: {
    codecs: [Codecs.messages],
    order: () => "newestFirst",
    of: ({ botId }, { conversationId }) => Listings.messages.of({ botId, conversationId })
  },
  conversations: {
    codecs: [Codecs.conversations],
    filter: ({ botId }) => ({ botId }),
    of: ({ botId }) => Listings.conversations.of({ botId })
  }
})
