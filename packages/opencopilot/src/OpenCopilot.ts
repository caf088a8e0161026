/**
 * OpenCopilot's API as a service, and as a `Source`.
 */
import {
  type Conversation,
  Credential,
  InvalidRequest,
  type Message,
  type MessagesOptions,
  Page,
  Pagination,
  Source,
  SourceError,
  type SourceService
} from "@colloquy/core"
import { Listing, VendorClient } from "@colloquy/core/vendor"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type { RateLimiter } from "effect/persistence/RateLimiter"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { errors } from "./Errors.ts"
import * as Listings from "./Listings.ts"
import * as Mapping from "./Mapping.ts"
import type * as Wire from "./Wire.ts"

// ---------------------------------------------------------------------------------------------------------------
// Facts
// ---------------------------------------------------------------------------------------------------------------

/** Where messages and the conversations of a bot are. Paths begin with `/backend`. Source: the seed document. */
export const baseUrl = "https://api.opencopilot.so"

/** Where the conversations of an organization are. Paths begin with `/backend`. Source: the seed document. */
export const baseUrlV2 = "https://api-v2.opencopilot.so"

/** The variable that holds the token; `OPENCOPILOT_TOKEN_EU` for the account `eu`. */
export const tokenVariable = "OPENCOPILOT_TOKEN"

// ---------------------------------------------------------------------------------------------------------------
// Service
// ---------------------------------------------------------------------------------------------------------------

/** OpenCopilot in its own types. Every stream fails with `SourceError` and ends only on a proof. */
export interface OpenCopilotService {
  readonly account: string
  /** Pages of one conversation's messages, in the vendor's order, 50 to a page unless told otherwise. */
  readonly messagePages: (
    options: Listings.MessagesOptions
  ) => Stream.Stream<Page.Page<Wire.Message>, SourceError>
  /** The same, message by message. */
  readonly messages: (options: Listings.MessagesOptions) => Stream.Stream<Wire.Message, SourceError>
  /** Pages of a bot's conversations (v1), in the vendor's order, 50 to a page unless told otherwise. */
  readonly conversationPages: (
    options: Listings.ConversationsOptions
  ) => Stream.Stream<Page.Page<Wire.Conversation>, SourceError>
  /** The same, conversation by conversation. */
  readonly conversations: (
    options: Listings.ConversationsOptions
  ) => Stream.Stream<Wire.Conversation, SourceError>
  /** Pages of an organization's conversations (v2), oldest first, 10 to a page unless told otherwise. */
  readonly organizationConversationPages: (
    options: Listings.OrganizationConversationsOptions
  ) => Stream.Stream<Page.Page<Wire.OrganizationConversation>, SourceError>
  /** The same, conversation by conversation. */
  readonly organizationConversations: (
    options: Listings.OrganizationConversationsOptions
  ) => Stream.Stream<Wire.OrganizationConversation, SourceError>
}

/**
 * What `layerSource` takes: whose history it reads, and the credential (from configuration by default).
 *
 * Give `botId` for the conversations of one bot (v1 list), `organizationId` for those of an organization (v2 list);
 * messages are then read by each conversation's own bot, unless `botId` is there, too.
 */
export interface SourceOptions extends Credential.ConfigOptions, Listings.Paging, Pagination.ReadDefaults {
  readonly botId?: string | undefined
  readonly organizationId?: string | undefined
}

/**
 * OpenCopilot, in its own types.
 *
 * **Example** (The vendor's own pages)
 *
 * ```ts
 * import { OpenCopilot } from "@colloquy/opencopilot"
 * import { Stream } from "effect"
 *
 * export const pages = Stream.unwrap(
 *   OpenCopilot.useSync((opencopilot) =>
 *     opencopilot.messagePages({ botId: "4ef0737b", conversationId: "web|1710711935", pageSize: 20 })
 *   )
 * )
 * ```
 */
export class OpenCopilot extends Context.Service<OpenCopilot, OpenCopilotService>()(
  "@colloquy/opencopilot/OpenCopilot"
) {
  /** Builds the service. Fails with `InvalidRequest` if the base URL may not be given a token. */
  static readonly make = Effect.fnUntraced(function* (
    options: Credential.Options
  ): Effect.fn.Return<OpenCopilotService, SourceError, HttpClient.HttpClient | RateLimiter> {
    const common = { ...options, vendor: Mapping.vendor, errors }
    const client = yield* VendorClient.make({ ...common, baseUrl: options.baseUrl ?? baseUrl })
    const clientV2 = yield* VendorClient.make({ ...common, baseUrl: options.baseUrl ?? baseUrlV2 })
    const messagePages: OpenCopilotService["messagePages"] = (options) =>
      Listing.pages(client, Listings.messages(options), options)
    const conversationPages: OpenCopilotService["conversationPages"] = (options) =>
      Listing.pages(client, Listings.conversations(options), options)
    const organizationConversationPages: OpenCopilotService["organizationConversationPages"] = (options) =>
      Listing.pages(clientV2, Listings.organizationConversations(options), options)
    return {
      account: client.account,
      messagePages,
      messages: (options) => Pagination.items(messagePages(options)),
      conversationPages,
      conversations: (options) => Pagination.items(conversationPages(options)),
      organizationConversationPages,
      organizationConversations: (options) => Pagination.items(organizationConversationPages(options))
    }
  })

  /** The service with this credential. */
  static layer(options: Credential.Options): Layer.Layer<OpenCopilot, SourceError, HttpClient.HttpClient> {
    return Layer.effect(OpenCopilot, OpenCopilot.make(options)).pipe(
      Layer.provide(VendorClient.layerRateLimiter)
    )
  }

  /** The service with the token from `OPENCOPILOT_TOKEN`, unless one is given. */
  static layerConfig(
    options: Credential.ConfigOptions = {}
  ): Layer.Layer<OpenCopilot, SourceError | Config.ConfigError, HttpClient.HttpClient> {
    return Layer.unwrap(Effect.map(Credential.config(tokenVariable, options), OpenCopilot.layer))
  }

  /** A `Source` of a bot's or an organization's history, the token from `OPENCOPILOT_TOKEN` unless one is given. */
  static layerSource(
    options: SourceOptions
  ): Layer.Layer<Source, SourceError | Config.ConfigError, HttpClient.HttpClient> {
    return Layer.effect(
      Source,
      OpenCopilot.useSync((opencopilot) => source(opencopilot, options))
    ).pipe(Layer.provide(OpenCopilot.layerConfig(options)))
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Source
// ---------------------------------------------------------------------------------------------------------------

const source = (opencopilot: OpenCopilotService, options: SourceOptions): SourceService => ({
  vendor: Mapping.vendor,
  account: opencopilot.account,
  listFilter: JSON.stringify(
    options.organizationId === undefined
      ? { botId: options.botId }
      : { organizationId: options.organizationId }
  ),
  impersonalExtra: Mapping.impersonalExtra,
  messageOrder: "unknown",
  messagePages: (call) => messagesOf(opencopilot, options, call),
  conversationPages: (call) => conversationsOf(opencopilot, options, call),
  messageOf: ({ conversationId, index, json }) =>
    Effect.map(Listing.decodeRow(Mapping.vendor, Listings.messageRows, json, index), (wire) =>
      Mapping.toMessage({ account: opencopilot.account, conversationId }, wire, index)
    ),
  conversationOf: (json, origin) => conversationOf(opencopilot, options, json, origin)
})

const messagesOf = (
  opencopilot: OpenCopilotService,
  options: SourceOptions,
  { conversationId, conversation, ...call }: MessagesOptions
): Stream.Stream<Page.Page<Message>, SourceError> => {
  const botId = options.botId ?? (conversation === undefined ? null : Mapping.botIdOf(conversation))
  if (botId === null) {
    const problem =
      "OpenCopilot's messages are read by bot; give botId, or a conversation from the organization's list"
    return Stream.fail(refused("OpenCopilot.messages", problem))
  }
  const context = { account: opencopilot.account, conversationId }
  const which = {
    botId,
    conversationId,
    pageSize: options.pageSize,
    expectedCount: conversation?.messageCount
  }
  const pages = opencopilot.messagePages({ ...which, ...Pagination.readOptions(options, call) })
  return Stream.map(pages, (page) => Page.map(page, (wire, index) => Mapping.toMessage(context, wire, index)))
}

const conversationsOf = (
  opencopilot: OpenCopilotService,
  options: SourceOptions,
  call: Pagination.ReadOptions | undefined
): Stream.Stream<Page.Page<Conversation>, SourceError> => {
  const { account } = opencopilot
  const { botId, organizationId, pageSize } = options
  const reading = Pagination.readOptions(options, call)
  if (organizationId !== undefined) {
    return Stream.map(
      opencopilot.organizationConversationPages({ organizationId, pageSize, ...reading }),
      (page) => Page.map(page, (wire) => Mapping.toOrganizationConversation(account, wire))
    )
  }
  if (botId !== undefined) {
    return Stream.map(opencopilot.conversationPages({ botId, pageSize, ...reading }), (page) =>
      Page.map(page, (wire) => Mapping.toConversation(account, wire))
    )
  }
  return Stream.fail(noList())
}

/** By the list that it stood in, or that {@link conversationsOf} reads. */
const conversationOf = (
  { account }: OpenCopilotService,
  { botId, organizationId }: SourceOptions,
  json: Schema.Json,
  origin: Page.Origin | undefined
): Effect.Effect<Conversation, SourceError> => {
  const { conversationRows, organizationRows } = Listings
  const read =
    organizationId !== undefined ? organizationRows : botId !== undefined ? conversationRows : undefined
  switch (origin?.listing ?? read?.operation) {
    case organizationRows.operation:
      return Effect.map(Listing.decodeRow(Mapping.vendor, organizationRows, json, null), (wire) =>
        Mapping.toOrganizationConversation(account, wire)
      )
    case conversationRows.operation:
      return Effect.map(Listing.decodeRow(Mapping.vendor, conversationRows, json, null), (wire) =>
        Mapping.toConversation(account, wire)
      )
    default:
      return Effect.fail(noList())
  }
}

const noList = (): SourceError =>
  refused(
    "OpenCopilot.conversations",
    "OpenCopilot lists conversations by bot or by organization; give botId or organizationId"
  )

const refused = (operation: string, problem: string): SourceError =>
  new SourceError({ vendor: Mapping.vendor, operation, reason: InvalidRequest.refuse(problem) })
