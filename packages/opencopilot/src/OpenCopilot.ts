/**
 * OpenCopilot as one value: a service in its own types, and sources.
 */
import { InvalidRequest } from "@colloquy/core"
import { Vendor } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import { errors } from "./Errors.ts"
import * as Listings from "./Listings.ts"

/** The options of a source. A list of conversations needs one of them. */
export interface Options {
  /** The id of the bot. With `organizationId`, the default is each conversation's own bot. */
  readonly botId?: string | undefined
  /** The id of the organization. The source then lists its conversations instead of one bot's. */
  readonly organizationId?: string | undefined
}

const options: Vendor.OptionsSchema<Options> = Schema.Struct({
  botId: Schema.optional(
    Vendor.Id.annotate({
      description: "The bot; with --organization each conversation's own (copilot_id) unless given",
      metavar: "ID",
      examples: ["4ef0737b"]
    })
  ),
  organizationId: Schema.optional(
    Vendor.Id.annotate({
      description: "Read the conversations of this organization instead of a bot's",
      metavar: "ID",
      examples: ["4ef0737b"]
    })
  )
})

/**
 * OpenCopilot. The token comes from `OPENCOPILOT_TOKEN`, unless one is given.
 *
 * With `botId`, a source lists the conversations of one bot (v1). With `organizationId`, it lists those of an
 * organization (v2), and reads each conversation's messages by its own bot, unless `botId` is also given.
 *
 * Source: the seed document. Messages and a bot's conversations are on one host, an organization's conversations on
 * another. Paths begin with `/backend` on both.
 *
 * **Example** (The vendor's own pages)
 *
 * ```ts
 * import { OpenCopilot } from "@colloquy/opencopilot"
 * import { Stream } from "effect"
 *
 * export const pages = Stream.unwrap(
 *   OpenCopilot.useSync((opencopilot) =>
 *     opencopilot.messages.pages({ botId: "4ef0737b", conversationId: "web|1710711935", pageSize: 20 })
 *   )
 * )
 * ```
 */
export const OpenCopilot = Vendor.make({
  name: Codecs.vendor,
  title: "OpenCopilot",
  baseUrl: "https://api.opencopilot.so",
  hosts: { v2: "https://api-v2.opencopilot.so" },
  tokenVariable: "OPENCOPILOT_TOKEN",
  errors,
  options,
  listedBy: ["botId", "organizationId"],
  messagesBy: "botId",
  service: (read) => ({
    messages: read(Listings.messages),
    conversations: read(Listings.conversations),
    organizationConversations: read(Listings.organizationConversations)
  }),
  messages: {
    codecs: [Codecs.messages],
    of: (options, { conversation, conversationId }) => {
      const botId = options.botId ?? (conversation === undefined ? null : Codecs.botIdOf(conversation))
      return botId === null ? noBot : Listings.messages.of({ botId, conversationId })
    }
  },
  conversations: {
    codecs: [Codecs.conversations, Codecs.organizationConversations],
    filter: ({ botId, organizationId }) =>
      organizationId !== undefined ? { organizationId } : botId !== undefined ? { botId } : {},
    of: ({ botId, organizationId }) => {
      if (organizationId !== undefined) return Listings.organizationConversations.of({ organizationId })
      return botId === undefined ? noList : Listings.conversations.of({ botId })
    }
  }
})

const noBot = InvalidRequest.refuse(
  "OpenCopilot's messages are read by bot; give botId, or a conversation from the organization's list"
)
const noList = InvalidRequest.refuse(
  "OpenCopilot lists conversations by bot or by organization; give botId or organizationId"
)
