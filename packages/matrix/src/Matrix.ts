/**
 * Matrix as one value: a service in its own types, and sources.
 */
import { Vendor } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import { errors } from "./Errors.ts"
import * as Listings from "./Listings.ts"

/** The options of a source. */
export interface Options {
  /** The id of the user that is the bot. Default: messages of the type `m.notice` are the assistant's. */
  readonly bot?: string | undefined
}

const options: Vendor.OptionsSchema<Options> = Schema.Struct({
  bot: Schema.optional(
    Vendor.Id.annotate({
      description: "The user whose messages are the assistant's (default: the writers of notices)",
      metavar: "USER",
      examples: ["@help:example.org"],
      chooses: "messages"
    })
  )
})

/**
 * Matrix, by the client-server API of any homeserver. The access token comes from `MATRIX_ACCESS_TOKEN`, unless one is given.
 * It reads what its account may read: let the account join the rooms. Give the homeserver's address as `baseUrl`; the default
 * is that of a Synapse on this machine.
 *
 * Sources: Matrix client-server API v3, and Synapse 1.160.0.
 *
 * **Example** (The vendor's own pages)
 *
 * ```ts
 * import { Matrix } from "@colloquy/matrix"
 * import { Stream } from "effect"
 *
 * export const pages = Stream.unwrap(
 *   Matrix.useSync((matrix) => matrix.messages.pages({ conversationId: "!r00m:example.org", pageSize: 100 }))
 * )
 * ```
 */
export const Matrix = Vendor.make({
  name: Codecs.vendor,
  title: "Matrix",
  baseUrl: "http://127.0.0.1:8008",
  tokenVariable: "MATRIX_ACCESS_TOKEN",
  errors,
  options,
  service: (read) => ({
    messages: read(Listings.messages),
    conversations: read(Listings.conversations)
  }),
  messages: {
    codecs: [Codecs.messages],
    order: () => "oldestFirst",
    of: ({ bot }, { conversationId }) => Listings.messages.of({ conversationId, bot })
  },
  conversations: {
    codecs: [Codecs.conversations],
    filter: () => ({}),
    of: () => Listings.conversations.of({})
  }
})
