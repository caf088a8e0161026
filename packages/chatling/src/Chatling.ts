/**
 * Chatling's API as a service, and as a `Source`.
 */
import { Credential, Page, Pagination, Source, SourceError, type SourceService } from "@colloquy/core"
import { Listing, Check, VendorClient } from "@colloquy/core/vendor"
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

/** Where the API is. Paths begin with `/v2`. Source: Chatling API reference. */
export const baseUrl = "https://api.chatling.ai"

/** The variable that holds the API key; `CHATLING_API_KEY_EU` for the account `eu`. */
export const tokenVariable = "CHATLING_API_KEY"

/** 300 requests a minute and key, to be spent at once. Source: Chatling API reference, rate limits. */
export const rateLimit: VendorClient.RateLimit = { limit: 300, window: "1 minute" }

// ---------------------------------------------------------------------------------------------------------------
// Service
// ---------------------------------------------------------------------------------------------------------------

/** Chatling in its own types. Every stream fails with `SourceError` and ends only on a proof. */
export interface ChatlingService {
  readonly account: string
  /** Pages of one conversation's messages, `date_asc` unless told otherwise. The server chooses the page size. */
  readonly messagePages: (
    options: Listings.MessagesOptions
  ) => Stream.Stream<Page.Page<Wire.Message>, SourceError>
  /** The same, message by message. */
  readonly messages: (options: Listings.MessagesOptions) => Stream.Stream<Wire.Message, SourceError>
  /** Pages of a chatbot's conversations, in the vendor's order. */
  readonly conversationPages: (
    options: Listings.ConversationsOptions
  ) => Stream.Stream<Page.Page<Wire.Conversation>, SourceError>
  /** The same, conversation by conversation. */
  readonly conversations: (
    options: Listings.ConversationsOptions
  ) => Stream.Stream<Wire.Conversation, SourceError>
}

/** What `layerSource` takes: the chatbot whose history it reads, and the credential (from configuration by default). */
export interface SourceOptions extends Credential.ConfigOptions, Pagination.ReadDefaults {
  readonly chatbotId: string
  /** `date_asc` (the default) or `date_desc`. */
  readonly sort?: Listings.Sort | undefined
}

/**
 * Chatling, in its own types.
 *
 * **Example** (The vendor's own pages, newest first)
 *
 * ```ts
 * import { Chatling } from "@colloquy/chatling"
 * import { Stream } from "effect"
 *
 * export const pages = Stream.unwrap(
 *   Chatling.useSync((chatling) =>
 *     chatling.messagePages({ chatbotId: "123", conversationId: "42", sort: "date_desc" })
 *   )
 * )
 * ```
 */
export class Chatling extends Context.Service<Chatling, ChatlingService>()("@colloquy/chatling/Chatling") {
  /** Builds the service. Fails with `InvalidRequest` if the base URL may not be given a token. */
  static readonly make = Effect.fnUntraced(function* (
    options: Credential.Options
  ): Effect.fn.Return<ChatlingService, SourceError, HttpClient.HttpClient | RateLimiter> {
    const client = yield* VendorClient.make({
      ...options,
      vendor: Mapping.vendor,
      baseUrl: options.baseUrl ?? baseUrl,
      errors,
      rateLimit
    })
    const messagePages: ChatlingService["messagePages"] = (options) =>
      Listing.pages(client, Listings.messages(options), options)
    const conversationPages: ChatlingService["conversationPages"] = (options) =>
      Listing.pages(client, Listings.conversations(options), options)
    return {
      account: client.account,
      messagePages,
      messages: (options) => Pagination.items(messagePages(options)),
      conversationPages,
      conversations: (options) => Pagination.items(conversationPages(options))
    }
  })

  /** The service with this credential. */
  static layer(options: Credential.Options): Layer.Layer<Chatling, SourceError, HttpClient.HttpClient> {
    return Layer.effect(Chatling, Chatling.make(options)).pipe(Layer.provide(VendorClient.layerRateLimiter))
  }

  /** The service with the token from `CHATLING_API_KEY`, unless one is given. */
  static layerConfig(
    options: Credential.ConfigOptions = {}
  ): Layer.Layer<Chatling, SourceError | Config.ConfigError, HttpClient.HttpClient> {
    return Layer.unwrap(Effect.map(Credential.config(tokenVariable, options), Chatling.layer))
  }

  /** A `Source` of one chatbot's history, the token from `CHATLING_API_KEY` unless one is given. */
  static layerSource(
    options: SourceOptions
  ): Layer.Layer<Source, SourceError | Config.ConfigError, HttpClient.HttpClient> {
    return Layer.effect(
      Source,
      Chatling.useSync((chatling) => source(chatling, options))
    ).pipe(Layer.provide(Chatling.layerConfig(options)))
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Source
// ---------------------------------------------------------------------------------------------------------------

const source = (chatling: ChatlingService, options: SourceOptions): SourceService => ({
  vendor: Mapping.vendor,
  account: chatling.account,
  listFilter: JSON.stringify({ chatbotId: options.chatbotId }),
  impersonalExtra: Mapping.impersonalExtra,
  messageOrder: Listings.orderOf(options.sort),
  messagePages: ({ conversationId, conversation, ...call }) => {
    const { chatbotId, sort = "date_asc" } = options
    const reading = Pagination.readOptions(options, call)
    const context = {
      account: chatling.account,
      conversationId,
      oldestFirst: sort === "date_asc",
      outOfOrder: reading.verify
    }
    const pages = chatling.messagePages({
      chatbotId,
      conversationId,
      sort,
      expectedCount: conversation?.messageCount,
      ...reading
    })
    return Stream.mapAccum(
      pages,
      () => Mapping.ordinals(reading.from?.identity),
      (before, page) => {
        const ordinals = page.restarted === null ? before : Mapping.ordinals()
        const messages = Page.map(page, (wire, index) => Mapping.toMessage(context, wire, index, ordinals))
        const checkpoint = { ...page.checkpoint, identity: Mapping.ordinalsState(ordinals) }
        return [ordinals, [{ ...messages, checkpoint }]]
      }
    )
  },
  conversationPages: (call) =>
    Stream.map(
      chatling.conversationPages({ chatbotId: options.chatbotId, ...Pagination.readOptions(options, call) }),
      (page) => Page.map(page, (wire) => Mapping.toConversation(chatling.account, wire))
    ),
  messageOf: ({ conversationId, index, json, ordinal = 0, origin }) => {
    const sort = origin?.options["sort"] ?? options.sort
    const context = { account: chatling.account, conversationId, oldestFirst: sort !== "date_desc" }
    const { operation } = Listings.messageRows
    return Check.wholeNumber("ordinal", ordinal).pipe(
      Effect.mapError((reason) => new SourceError({ vendor: Mapping.vendor, operation, reason })),
      Effect.andThen(Listing.decodeRow(Mapping.vendor, Listings.messageRows, json, index)),
      Effect.map((wire) => Mapping.toMessage(context, wire, index, ordinalsAt(context, wire, ordinal)))
    )
  },
  conversationOf: (json) =>
    Effect.map(Listing.decodeRow(Mapping.vendor, Listings.conversationRows, json, null), (wire) =>
      Mapping.toConversation(chatling.account, wire)
    )
})

/** Ordinals as a walk has them that has come by so many messages equal to this one, of the same second. */
const ordinalsAt = (context: Mapping.Context, wire: Wire.Message, ordinal: number): Mapping.Ordinals => {
  const { createdAt, id } = Mapping.toMessage(context, wire, 0, Mapping.ordinals())
  const counts = (): Map<string, number> => new Map([[id, ordinal]])
  return { second: createdAt, inSecond: counts(), timeless: counts() }
}
