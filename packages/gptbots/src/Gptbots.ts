/**
 * GPTBots as one value: a service in its own types, and sources.
 */
import { InvalidRequest } from "@colloquy/core"
import { Vendor } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import { errors } from "./Errors.ts"
import * as Listings from "./Listings.ts"

const defaultEndpoint = "sg"
const beginning = 0

/** A data centre. Any name is accepted; editors offer those that are known. */
export type Endpoint = "sg" | "th" | "jp" | (string & {})

const isEndpoint = Schema.is(Schema.String.check(Schema.isPattern(/^[a-z0-9-]+$/)))

/** The base URL of a data centre. */
const baseUrlOf = ({ endpoint = defaultEndpoint }: { readonly endpoint?: Endpoint | undefined }) =>
  isEndpoint(endpoint)
    ? `https://api-${endpoint}.gptbots.ai`
    : InvalidRequest.refuse(`"${endpoint}" is not an endpoint; give one such as sg, th or jp`)

/** The options of a source. */
export interface Options {
  /** The data centre: `sg` Singapore, `th` Thailand, `jp` Japan, or another that the vendor names. Default `sg`. */
  readonly endpoint?: Endpoint | undefined
  /** Only this user's conversations. Default: all users'. */
  readonly userId?: string | undefined
  /** Which API reads the messages; `v2` tells roles, files and feedback. Default `v1`. */
  readonly api?: "v1" | "v2" | undefined
  /** Only conversations of this channel, such as `API` or `WIDGET`. Default `ALL`. */
  readonly type?: string | undefined
  /** Only conversations with a chat at or after this time, in epoch milliseconds. Default 0. */
  readonly since?: number | undefined
  /** Only conversations with a chat at or before this time, in epoch milliseconds. Default: now. */
  readonly until?: number | undefined
}

const options: Vendor.OptionsSchema<Options> = Schema.Struct({
  endpoint: Schema.optional(
    Schema.Union([Schema.Literals(["sg", "th", "jp"]), Schema.String]).annotate({
      description: "The data centre: sg, th, jp, or another that the vendor names",
      metavar: "REGION",
      default: defaultEndpoint
    })
  ),
  userId: Schema.optional(
    Vendor.Id.annotate({ description: "Only this user's conversations (sent as user_id)", metavar: "ID" })
  ),
  api: Schema.optional(
    Schema.Literals(["v1", "v2"]).annotate({
      description: "Which API reads the messages; v2 tells roles, files and feedback",
      default: "v1",
      chooses: "messages"
    })
  ),
  type: Schema.optional(
    Schema.NonEmptyString.annotate({
      description: "Only conversations of this channel, such as API or WIDGET",
      metavar: "TYPE",
      default: "ALL"
    })
  ),
  since: Schema.optional(
    Schema.Finite.annotate({
      description:
        "Only conversations with a recent chat at or after T: 2024-06-01, 2024-06-01T12:00Z or epoch ms (default: all)",
      format: "epoch-millis"
    })
  ),
  until: Schema.optional(
    Schema.Finite.annotate({
      description: "Only conversations with a recent chat at or before T (default: now)",
      format: "epoch-millis"
    })
  )
})

/**
 * GPTBots. The token comes from `GPTBOTS_API_KEY`, unless one is given.
 *
 * Source: GPTBots API overview; paths begin with `/v1` or `/v2`.
 *
 * **Example** (The vendor's own pages)
 *
 * ```ts
 * import { Gptbots } from "@colloquy/gptbots"
 * import { Stream } from "effect"
 *
 * export const pages = Stream.unwrap(
 *   Gptbots.useSync((gptbots) => gptbots.messages.pages({ conversationId: "6455f1b8", pageSize: 50 }))
 * )
 * ```
 */
export const Gptbots = Vendor.make({
  name: Codecs.vendor,
  title: "GPTBots",
  baseUrl: baseUrlOf,
  tokenVariable: "GPTBOTS_API_KEY",
  errors,
  options,
  service: (read) => ({
    messages: read(Listings.messages),
    messagesV2: read(Listings.messagesV2),
    conversations: read(Listings.conversations)
  }),
  messages: {
    codecs: [Codecs.messages, Codecs.messagesV2],
    of: ({ api, userId }, { conversationId }) =>
      api === "v2"
        ? Listings.messagesV2.of({ conversationId, userId })
        : Listings.messages.of({ conversationId, userId })
  },
  conversations: {
    codecs: [Codecs.conversations],
    // Without `until`, the span ends at the time of the read, which must not change the filter.
    filter: ({ endpoint = defaultEndpoint, since = beginning, type = "ALL", until, userId }) => ({
      endpoint,
      type,
      since,
      ...(until === undefined ? {} : { until }),
      ...(userId === undefined ? {} : { userId })
    }),
    of: ({ since = beginning, type, until, userId }, now) =>
      until !== undefined && since > until
        ? endsBefore
        : Listings.conversations.of({ since, type, until: until ?? now, userId })
  }
})

const endsBefore = InvalidRequest.refuse("until is before since, so that no time is between them; swap them")
