/**
 * Botuj as one value: a service in its own types, and sources.
 */
import { Vendor } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import { errors } from "./Errors.ts"
import * as Listings from "./Listings.ts"

/**
 * Botuj. The token comes from `BOTUJ_API_KEY`, unless one is given.
 *
 * Sources: Botuj API v1, the seed document for messages, and "Conversations"; paths begin with `/v1/api`.
 *
 * **Example** (The vendor's own pages)
 *
 * ```ts
 * import { Botuj } from "@colloquy/botuj"
 * import { Stream } from "effect"
 *
 * export const pages = Stream.unwrap(
 *   Botuj.useSync((botuj) => botuj.messages.pages({ conversationId: "1234", pageSize: 50 }))
 * )
 * ```
 */
export const Botuj = Vendor.make({
  name: Codecs.vendor,
  title: "Botuj",
  baseUrl: "https://botuj.pl",
  tokenVariable: "BOTUJ_API_KEY",
  errors,
  options: Schema.Struct({}),
  service: (read) => ({
    messages: read(Listings.messages),
    conversations: read(Listings.conversations)
  }),
  messages: {
    codecs: [Codecs.messages],
    of: (_, { conversationId }) => Listings.messages.of({ conversationId })
  },
  conversations: {
    codecs: [Codecs.conversations],
    filter: () => ({}),
    of: () => Listings.conversations.of({})
  }
})
