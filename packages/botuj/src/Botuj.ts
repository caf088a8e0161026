/**
 * Botuj's API as a service, and as a `Source`.
 */
import { Credential, Page, Pagination, Source, type SourceError, type SourceService } from "@colloquy/core"
import { Listing, VendorClient } from "@colloquy/core/vendor"
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

/** Where the API is. Paths begin with `/v1/api`. Source: Botuj API documentation. */
export const baseUrl = "https://botuj.pl"

/** The variable that holds the API key; `BOTUJ_API_KEY_EU` for the account `eu`. */
export const tokenVariable = "BOTUJ_API_KEY"

// ---------------------------------------------------------------------------------------------------------------
// Service
// ---------------------------------------------------------------------------------------------------------------

/** Botuj in its own types. Every stream fails with `SourceError` and ends only on a proof. */
export interface BotujService {
  readonly account: string
  /** Pages of one conversation's messages, in the vendor's order, 100 to a page unless told otherwise. */
  readonly messagePages: (
    options: Listings.MessagesOptions
  ) => Stream.Stream<Page.Page<Wire.Message>, SourceError>
  /** The same, message by message. */
  readonly messages: (options: Listings.MessagesOptions) => Stream.Stream<Wire.Message, SourceError>
  /** Pages of the account's conversations, in the vendor's order. */
  readonly conversationPages: (
    options: Listings.ConversationsOptions
  ) => Stream.Stream<Page.Page<Wire.Conversation>, SourceError>
  /** The same, conversation by conversation. */
  readonly conversations: (
    options: Listings.ConversationsOptions
  ) => Stream.Stream<Wire.Conversation, SourceError>
}

/** What `layerSource` takes: the paging, and the credential (from configuration by default). */
export interface SourceOptions extends Credential.ConfigOptions, Listings.Paging, Pagination.ReadDefaults {}

/**
 * Botuj, in its own types.
 *
 * **Example** (The vendor's own pages)
 *
 * ```ts
 * import { Botuj } from "@colloquy/botuj"
 * import { Stream } from "effect"
 *
 * export const pages = Stream.unwrap(
 *   Botuj.useSync((botuj) => botuj.messagePages({ conversationId: "1234", pageSize: 50 }))
 * )
 * ```
 */
export class Botuj extends Context.Service<Botuj, BotujService>()("@colloquy/botuj/Botuj") {
  /** Builds the service. Fails with `InvalidRequest` if the base URL may not be given a token. */
  static readonly make = Effect.fnUntraced(function* (
    options: Credential.Options
  ): Effect.fn.Return<BotujService, SourceError, HttpClient.HttpClient | RateLimiter> {
    const client = yield* VendorClient.make({
      ...options,
      vendor: Mapping.vendor,
      baseUrl: options.baseUrl ?? baseUrl,
      errors
    })
    const messagePages: BotujService["messagePages"] = (options) =>
      Listing.pages(client, Listings.messages(options), options)
    const conversationPages: BotujService["conversationPages"] = (options) =>
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
  static layer(options: Credential.Options): Layer.Layer<Botuj, SourceError, HttpClient.HttpClient> {
    return Layer.effect(Botuj, Botuj.make(options)).pipe(Layer.provide(VendorClient.layerRateLimiter))
  }

  /** The service with the token from `BOTUJ_API_KEY`, unless one is given. */
  static layerConfig(
    options: Credential.ConfigOptions = {}
  ): Layer.Layer<Botuj, SourceError | Config.ConfigError, HttpClient.HttpClient> {
    return Layer.unwrap(Effect.map(Credential.config(tokenVariable, options), Botuj.layer))
  }

  /** A `Source` of the account's history, the token from `BOTUJ_API_KEY` unless one is given. */
  static layerSource(
    options: SourceOptions = {}
  ): Layer.Layer<Source, SourceError | Config.ConfigError, HttpClient.HttpClient> {
    return Layer.effect(
      Source,
      Botuj.useSync((botuj) => source(botuj, options))
    ).pipe(Layer.provide(Botuj.layerConfig(options)))
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Source
// ---------------------------------------------------------------------------------------------------------------

const source = (botuj: BotujService, options: SourceOptions): SourceService => ({
  vendor: Mapping.vendor,
  account: botuj.account,
  listFilter: "{}",
  impersonalExtra: Mapping.impersonalExtra,
  messageOrder: "unknown",
  messagePages: ({ conversationId, conversation, ...call }) => {
    const { pageSize } = options
    const context = { account: botuj.account, conversationId }
    const expectedCount = conversation?.messageCount
    return Stream.map(
      botuj.messagePages({
        conversationId,
        pageSize,
        expectedCount,
        ...Pagination.readOptions(options, call)
      }),
      (page) => Page.map(page, (wire) => Mapping.toMessage(context, wire))
    )
  },
  conversationPages: (call) =>
    Stream.map(
      botuj.conversationPages({ pageSize: options.pageSize, ...Pagination.readOptions(options, call) }),
      (page) => Page.map(page, (wire) => Mapping.toConversation(botuj.account, wire))
    ),
  messageOf: ({ conversationId, index, json }) =>
    Effect.map(Listing.decodeRow(Mapping.vendor, Listings.messageRows, json, index), (wire) =>
      Mapping.toMessage({ account: botuj.account, conversationId }, wire)
    ),
  conversationOf: (json) =>
    Effect.map(Listing.decodeRow(Mapping.vendor, Listings.conversationRows, json, null), (wire) =>
      Mapping.toConversation(botuj.account, wire)
    )
})
