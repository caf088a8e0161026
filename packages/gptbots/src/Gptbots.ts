/**
 * GPTBots' API as a service, and as a `Source`.
 */
import {
  Credential,
  InvalidRequest,
  Page,
  Pagination,
  Source,
  SourceError,
  type SourceService
} from "@colloquy/core"
import { Listing, VendorClient } from "@colloquy/core/vendor"
import * as Clock from "effect/Clock"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type { RateLimiter } from "effect/persistence/RateLimiter"
import * as Stream from "effect/Stream"
import { errors } from "./Errors.ts"
import * as Listings from "./Listings.ts"
import * as Mapping from "./Mapping.ts"
import type * as Wire from "./Wire.ts"

// ---------------------------------------------------------------------------------------------------------------
// Facts
// ---------------------------------------------------------------------------------------------------------------

/**
 * Where the API of a data centre is: `sg` Singapore, `th` Thailand, `jp` Japan, or another that the vendor names.
 * Paths begin with `/v1` or `/v2`. Source: GPTBots API overview.
 */
export const baseUrlOf = (endpoint: string): string => `https://api-${endpoint}.gptbots.ai`

/** The data centre of the documents' first example. */
export const defaultEndpoint = "sg"

/** The variable that holds the API key; `GPTBOTS_API_KEY_EU` for the account `eu`. */
export const tokenVariable = "GPTBOTS_API_KEY"

// ---------------------------------------------------------------------------------------------------------------
// Service
// ---------------------------------------------------------------------------------------------------------------

/** A credential, and the data centre that it belongs to. */
export interface Options extends Credential.Options {
  /** `sg` (the default), `th`, `jp`, …: letters, digits and hyphens. A `baseUrl` overrides it. */
  readonly endpoint?: string | undefined
}

/** GPTBots in its own types. Every stream fails with `SourceError` and ends only on a proof. */
export interface GptbotsService {
  readonly account: string
  /** Pages of one conversation's messages by v1, in the vendor's order, 100 to a page unless told otherwise. */
  readonly messagePages: (
    options: Listings.MessagesOptions
  ) => Stream.Stream<Page.Page<Wire.Message>, SourceError>
  /** The same, message by message. */
  readonly messages: (options: Listings.MessagesOptions) => Stream.Stream<Wire.Message, SourceError>
  /** Pages of one conversation's messages by v2, with roles, files and feedback. */
  readonly messageV2Pages: (
    options: Listings.MessagesOptions
  ) => Stream.Stream<Page.Page<Wire.MessageV2>, SourceError>
  /** The same, message by message. */
  readonly messagesV2: (options: Listings.MessagesOptions) => Stream.Stream<Wire.MessageV2, SourceError>
  /** Pages of the agent's conversations in a span of time, in the vendor's order. */
  readonly conversationPages: (
    options: Listings.ConversationsOptions
  ) => Stream.Stream<Page.Page<Wire.Conversation>, SourceError>
  /** The same, conversation by conversation. */
  readonly conversations: (
    options: Listings.ConversationsOptions
  ) => Stream.Stream<Wire.Conversation, SourceError>
}

/** What `layerSource` takes: what to read, and the credential (from configuration by default). */
export interface SourceOptions extends Credential.ConfigOptions, Listings.Paging, Pagination.ReadDefaults {
  readonly endpoint?: string | undefined
  /** Which API reads messages. Default `v1`. */
  readonly api?: "v1" | "v2" | undefined
  /** Sent as `user_id` with every request. It filters the list; whether it filters v1 messages is not documented. */
  readonly userId?: string | undefined
  /** Only conversations of this channel, the vendor's word. Default `ALL`. */
  readonly type?: string | undefined
  /** Only conversations with a recent chat at or after this time, epoch milliseconds. Default 0. */
  readonly since?: number | undefined
  /**
   * Only conversations with a recent chat at or before this time, epoch milliseconds. Default: when a walk starts, so
   * that the list's checkpoints fit no later walk; give it where one is to go on.
   */
  readonly until?: number | undefined
}

/**
 * GPTBots, in its own types.
 *
 * **Example** (The vendor's own pages)
 *
 * ```ts
 * import { Gptbots } from "@colloquy/gptbots"
 * import { Stream } from "effect"
 *
 * export const pages = Stream.unwrap(
 *   Gptbots.useSync((gptbots) => gptbots.messagePages({ conversationId: "6455f1b8", pageSize: 50 }))
 * )
 * ```
 */
export class Gptbots extends Context.Service<Gptbots, GptbotsService>()("@colloquy/gptbots/Gptbots") {
  /** Builds the service. Fails with `InvalidRequest` if the endpoint or base URL may not be given a token. */
  static readonly make = Effect.fnUntraced(function* (
    options: Options
  ): Effect.fn.Return<GptbotsService, SourceError, HttpClient.HttpClient | RateLimiter> {
    const { endpoint = defaultEndpoint } = options
    if (!/^[a-z0-9-]+$/.test(endpoint)) return yield* wrongEndpoint(endpoint)
    const client = yield* VendorClient.make({
      ...options,
      vendor: Mapping.vendor,
      baseUrl: options.baseUrl ?? baseUrlOf(endpoint),
      errors
    })
    const messagePages: GptbotsService["messagePages"] = (options) =>
      Listing.pages(client, Listings.messages(options), options)
    const messageV2Pages: GptbotsService["messageV2Pages"] = (options) =>
      Listing.pages(client, Listings.messagesV2(options), options)
    const conversationPages: GptbotsService["conversationPages"] = (options) =>
      Listing.pages(client, Listings.conversations(options), options)
    return {
      account: client.account,
      messagePages,
      messages: (options) => Pagination.items(messagePages(options)),
      messageV2Pages,
      messagesV2: (options) => Pagination.items(messageV2Pages(options)),
      conversationPages,
      conversations: (options) => Pagination.items(conversationPages(options))
    }
  })

  /** The service with this credential. */
  static layer(options: Options): Layer.Layer<Gptbots, SourceError, HttpClient.HttpClient> {
    return Layer.effect(Gptbots, Gptbots.make(options)).pipe(Layer.provide(VendorClient.layerRateLimiter))
  }

  /** The service with the token from `GPTBOTS_API_KEY`, unless one is given. */
  static layerConfig(
    options: Partial<Options> = {}
  ): Layer.Layer<Gptbots, SourceError | Config.ConfigError, HttpClient.HttpClient> {
    return Layer.unwrap(Effect.map(Credential.config(tokenVariable, options), Gptbots.layer))
  }

  /** A `Source` of the agent's history, the token from `GPTBOTS_API_KEY` unless one is given. */
  static layerSource(
    options: SourceOptions = {}
  ): Layer.Layer<Source, SourceError | Config.ConfigError, HttpClient.HttpClient> {
    return Layer.effect(
      Source,
      Gptbots.useSync((gptbots) => source(gptbots, options))
    ).pipe(Layer.provide(Gptbots.layerConfig(options)))
  }
}

const wrongEndpoint = (endpoint: string): SourceError =>
  new SourceError({
    vendor: Mapping.vendor,
    operation: "connect",
    reason: InvalidRequest.refuse(`"${endpoint}" is not an endpoint; give one such as sg, th or jp`)
  })

// ---------------------------------------------------------------------------------------------------------------
// Source
// ---------------------------------------------------------------------------------------------------------------

const source = (gptbots: GptbotsService, options: SourceOptions): SourceService => ({
  vendor: Mapping.vendor,
  account: gptbots.account,
  listFilter: listFilter(options),
  impersonalExtra: Mapping.impersonalExtra,
  messageOrder: "unknown",
  messagePages: ({ conversationId, conversation, ...call }) => {
    const { api, pageSize, userId } = options
    const context = { account: gptbots.account, conversationId }
    const expectedCount = conversation?.messageCount
    const which = {
      conversationId,
      userId,
      pageSize,
      expectedCount,
      ...Pagination.readOptions(options, call)
    }
    return api === "v2"
      ? Stream.map(gptbots.messageV2Pages(which), (page) =>
          Page.map(page, (wire) => Mapping.toMessageV2(context, wire))
        )
      : Stream.map(gptbots.messagePages(which), (page) =>
          Page.map(page, (wire) => Mapping.toMessage(context, wire))
        )
  },
  conversationPages: (call) =>
    Stream.unwrap(
      Effect.map(Clock.currentTimeMillis, (now) => {
        const { pageSize, since = beginning, type, until = now, userId } = options
        const which = { pageSize, since, type, until, userId, ...Pagination.readOptions(options, call) }
        return Stream.map(gptbots.conversationPages(which), (page) =>
          Page.map(page, (wire) => Mapping.toConversation(gptbots.account, wire))
        )
      })
    ),
  messageOf: ({ conversationId, index, json, origin }) => {
    const context = { account: gptbots.account, conversationId }
    const { messageRows, messageV2Rows } = Listings
    const read = options.api === "v2" ? messageV2Rows : messageRows
    return (origin?.listing ?? read.operation) === messageV2Rows.operation
      ? Effect.map(Listing.decodeRow(Mapping.vendor, Listings.messageV2Rows, json, index), (wire) =>
          Mapping.toMessageV2(context, wire)
        )
      : Effect.map(Listing.decodeRow(Mapping.vendor, Listings.messageRows, json, index), (wire) =>
          Mapping.toMessage(context, wire)
        )
  },
  conversationOf: (json) =>
    Effect.map(Listing.decodeRow(Mapping.vendor, Listings.conversationRows, json, null), (wire) =>
      Mapping.toConversation(gptbots.account, wire)
    )
})

/** The start of the span where none is given. */
const beginning = 0

/** The end of the span is not of it where it is the present. */
const listFilter = ({
  endpoint = defaultEndpoint,
  since = beginning,
  type,
  until,
  userId
}: SourceOptions): string => JSON.stringify({ endpoint, type: type ?? "ALL", since, until, userId })
