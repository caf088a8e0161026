/**
 * A vendor as one value: its facts, its options, its listings and what they mean.
 *
 * From it follow the service in the vendor's own types, sources of canonical values, layers for both, and a decoder that
 * needs no network.
 *
 * **Example** (A vendor with one listing for each kind)
 *
 * ```ts
 * import { Codec, ErrorTable, Listing, Vendor } from "@colloquy/core/vendor"
 * import { Schema } from "effect"
 *
 * const Message = Schema.Struct({ id: Schema.String, text: Schema.String, bot: Schema.Boolean })
 * const Chat = Schema.Struct({ id: Schema.String })
 * const isList = Schema.is(Schema.Array(Schema.Unknown))
 * const paging: Listing.Paging = { by: "page", size: 50, ends: ["emptyPage"] }
 * const common = {
 *   query: { page: "page", limit: "size" },
 *   paging,
 *   envelope: (body: unknown) => (isList(body) ? { rows: body } : undefined)
 * } as const
 *
 * const messages = Listing.make({
 *   ...common,
 *   path: "/chats/:conversationId/messages",
 *   codec: Codec.messages({
 *     vendor: "acme",
 *     operation: "Acme.messages",
 *     wire: Message,
 *     id: "id",
 *     decode: ({ bot, id, text }) => ({ id, text, role: bot ? "assistant" : "user" }),
 *     encode: ({ id, role, text }) => ({ id, text, bot: role === "assistant" })
 *   })
 * })
 *
 * const conversations = Listing.make({
 *   ...common,
 *   path: "/chats",
 *   codec: Codec.conversations({
 *     vendor: "acme",
 *     operation: "Acme.conversations",
 *     wire: Chat,
 *     id: "id",
 *     decode: ({ id }) => ({ id }),
 *     encode: ({ id }) => ({ id }),
 *     impersonal: ["id"]
 *   })
 * })
 *
 * export const Acme = Vendor.make({
 *   name: "acme",
 *   title: "Acme",
 *   baseUrl: "https://api.acme.example",
 *   tokenVariable: "ACME_TOKEN",
 *   errors: { codes: {}, read: (body) => ErrorTable.readWords(body) },
 *   options: Schema.Struct({}),
 *   service: (read) => ({ messages: read(messages), conversations: read(conversations) }),
 *   messages: {
 *     codecs: [messages.codec],
 *     of: (_, { conversationId }) => messages.of({ conversationId })
 *   },
 *   conversations: { codecs: [conversations.codec], filter: () => ({}), of: () => conversations.of({}) }
 * })
 * ```
 */
import type * as Arr from "effect/Array"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import * as Connection from "../http/Connection.ts"
import type { ErrorTable } from "../http/ErrorTable.ts"
import type { RateLimit } from "../http/RequestBudget.ts"
import type { Authorization } from "../http/exchange.ts"
import type { Conversation } from "../model/Conversation.ts"
import type { Message } from "../model/Message.ts"
import type { Page } from "../model/Page.ts"
import type { InvalidRequest, SourceError } from "../model/SourceError.ts"
import type { Decoder } from "../source/Decoder.ts"
import { Source, type SourceService } from "../source/Source.ts"
import type * as Pagination from "../walk/Pagination.ts"
import * as Clients from "./clients.ts"
import type { ImpersonalFields, RowDecoder } from "./Codec.ts"
import * as Decoding from "./decoding.ts"
import type * as Listing from "./Listing.ts"
import * as Reading from "./reading.ts"

// ---------------------------------------------------------------------------------------------------------------
// Definition
// ---------------------------------------------------------------------------------------------------------------

/** One of a vendor's listings, in the vendor's own types. */
export interface Reader<Params, Wire> {
  /** Its pages, in the vendor's order, the last with the proof of the end. */
  readonly pages: (options: Params & Listing.ReadOptions) => Stream.Stream<Page<Wire>, SourceError>
  /** The same, row by row. */
  readonly items: (options: Params & Listing.ReadOptions) => Stream.Stream<Wire, SourceError>
}

/** Makes a reader of a listing. */
export type Read = <Params, Wire, Canonical, Carried>(
  listing: Listing.Listing<Params, Wire, Canonical, Carried>
) => Reader<Params, Wire>

/** The codecs of all rows of a kind; where a kept row does not say where it stood, the first that fits decodes it. */
export type Codecs<Canonical, More = {}> = Arr.NonEmptyReadonlyArray<RowDecoder<Canonical> & More>

/** What a source is asked for: one conversation, as the list gave it if it did. */
export interface Asked {
  readonly conversationId: string
  readonly conversation: Conversation | undefined
}

/** An option that names something of the vendor's: a chatbot, a user. */
export const Id = Schema.String.check(
  Schema.isNonEmpty({ message: "an id is empty; give the id that the vendor shows" })
)

/** Options as a struct whose fields have descriptions. */
export interface OptionsSchema<out A> extends Schema.ConstraintDecoder<A> {
  readonly fields: Schema.Struct.Fields
}

/** The facts that need no options. */
export interface Facts {
  /** The vendor's name in canonical values and on the command line, such as `gptbots`. */
  readonly name: string
  /** The vendor's name as it writes it, such as `GPTBots`. */
  readonly title: string
  /** Other hosts that listings name, each with its base URL. A `baseUrl` that is given replaces them, too. */
  readonly hosts?: Readonly<Record<string, string>> | undefined
  /** The variable that holds the token; `ACME_TOKEN_EU` for the account `eu`. */
  readonly tokenVariable: string
  /** How a request shows the token. Default `Authorization: Bearer …`. */
  readonly authorization?: Authorization | undefined
  /** The limit that the vendor documents. Default none. */
  readonly rateLimit?: RateLimit | undefined
  /** Whether the vendor's server chooses how many rows a page has. Default false. */
  readonly serverChoosesPageSize?: boolean | undefined
  readonly errors: ErrorTable
}

/** What a vendor's author writes. */
export interface Definition<Name extends string, Options, Own> extends Facts {
  readonly name: Name
  /** Where the API is; a function where options choose it, such as a data centre. */
  readonly baseUrl: string | ((options: Partial<Options>) => string | InvalidRequest)
  /** What chooses a source's conversations and messages: fields with descriptions, for the command's flags, too. */
  readonly options: OptionsSchema<Options>
  /** The options of which a list of conversations needs one. Default none. */
  readonly listedBy?: ReadonlyArray<keyof Options & string> | undefined
  /** The option that messages need, unless the conversation tells it. Default none. */
  readonly messagesBy?: (keyof Options & string) | undefined
  /** The vendor in its own types: a reader for each of its listings. */
  readonly service: (read: Read) => Own
  readonly messages: {
    readonly codecs: Codecs<Message>
    /** How a source's messages run by their times, where the vendor documents it. Default `unknown`. */
    readonly order?: ((options: Options) => Pagination.Order) | undefined
    /** The listing to read, or why there is none. */
    readonly of: (options: Options, asked: Asked) => Listing.Chosen<Message> | InvalidRequest
  }
  readonly conversations: {
    readonly codecs: Codecs<Conversation, ImpersonalFields>
    /** The options that choose what is on the list: they name it, and what is concluded from one is not applied to another. */
    readonly filter: (options: Options) => Schema.JsonObject
    /** The listing to read at this time in epoch milliseconds, or why there is none. */
    readonly of: (options: Options, now: number) => Listing.Chosen<Conversation> | InvalidRequest
  }
}

// ---------------------------------------------------------------------------------------------------------------
// What follows from it
// ---------------------------------------------------------------------------------------------------------------

/** A vendor in its own types. Every stream fails with `SourceError` and ends only on a proof. */
export type Service<Name extends string, Own> = Own & { readonly vendor: Name; readonly account: string }

/** How a source reads, whatever it reads. */
export interface HowToRead extends Pagination.ReadDefaults {
  /** Rows to ask for in each request, where the vendor lets the caller choose. */
  readonly pageSize?: number | undefined
}

/** What a source takes: what to read, how, and the connection (the token from configuration by default). */
export type SourceOptions<Options> = Options & Connection.ConfigConnection & HowToRead

type Failure = SourceError | Config.ConfigError

/** A vendor: its definition, and what follows from it. */
export interface Vendor<Name extends string, Options, Own>
  extends
    Context.Service<Service<Name, Own>, Service<Name, Own>>,
    Pick<Definition<Name, Options, Own>, "tokenVariable"> {
  readonly definition: Definition<Name, Options, Own>
  /** The service in the vendor's own types. Fails with `InvalidRequest` if the base URL may not be given a token. */
  readonly make: (
    options: Connection.Connection & Partial<Options>
  ) => Effect.Effect<Service<Name, Own>, SourceError, HttpClient.HttpClient>
  /** The service with this connection. */
  readonly layer: (
    options: Connection.Connection & Partial<Options>
  ) => Layer.Layer<Service<Name, Own>, SourceError, HttpClient.HttpClient>
  /** The service with the token from the vendor's variable, unless one is given. */
  readonly layerConfig: (
    options?: Connection.ConfigConnection & Partial<Options>
  ) => Layer.Layer<Service<Name, Own>, Failure, HttpClient.HttpClient>
  /** A source of canonical values: the token comes from the vendor's variable, unless one is given. */
  readonly source: (
    options: SourceOptions<Options>
  ) => Effect.Effect<SourceService, Failure, HttpClient.HttpClient>
  /** The same as a layer, for programs with one source. */
  readonly layerSource: (
    options: SourceOptions<Options>
  ) => Layer.Layer<Source, Failure, HttpClient.HttpClient>
  /** A source of options that are known at run time only: flags, a file. Fails with `InvalidRequest` where they do not fit. */
  readonly sourceFrom: (
    options: unknown,
    how: Connection.ConfigConnection & HowToRead
  ) => Effect.Effect<SourceService, Failure, HttpClient.HttpClient>
  /** Decodes rows that an earlier walk kept, without a client. */
  readonly decoder: Decoder
}

/** Makes a vendor of its definition. Call it once, at module level. */
export const make = <const Name extends string, Options, Own>(
  definition: Definition<Name, Options, Own>
): Vendor<Name, Options, Own> => {
  type Made = Service<Name, Own>
  type Given = Connection.Connection & Partial<Options>
  const { name, tokenVariable } = definition
  const tag = Context.Service<Made>(`@colloquy/${name}`)
  const make = Effect.fnUntraced(function* (
    options: Given
  ): Effect.fn.Return<Made, SourceError, HttpClient.HttpClient> {
    const clients = yield* Clients.make(definition, options)
    const own = definition.service((listing) => Reading.reader(clients, listing))
    return { ...own, vendor: name, account: clients.account }
  })
  const layer = (options: Given) => Layer.effect(tag, make(options))
  const source = Effect.fnUntraced(function* (
    options: SourceOptions<Options>
  ): Effect.fn.Return<SourceService, Failure, HttpClient.HttpClient> {
    yield* Reading.checked(definition, options, options.account)
    const clients = yield* Clients.make(definition, yield* Connection.config(tokenVariable, options))
    return Reading.source(definition, clients, options)
  })
  return Object.assign(tag, {
    definition,
    tokenVariable,
    make,
    layer,
    layerConfig: (options: Connection.ConfigConnection & Partial<Options> = {}) =>
      Layer.unwrap(Effect.map(Connection.config(tokenVariable, options), layer)),
    source,
    sourceFrom: (options: unknown, how: Connection.ConfigConnection & HowToRead) =>
      Effect.flatMap(Reading.checked(definition, options, how.account), (options) =>
        source({ ...options, ...how })
      ),
    layerSource: (options: SourceOptions<Options>) => Layer.effect(Source, source(options)),
    decoder: Decoding.make(definition)
  })
}

/** Any vendor, for what is done with each of several: a registry. */
export interface Any {
  readonly definition: Pick<
    Definition<string, unknown, unknown>,
    "name" | "title" | "tokenVariable" | "serverChoosesPageSize"
  > & {
    readonly options: { readonly fields: Schema.Struct.Fields }
    readonly listedBy?: ReadonlyArray<string> | undefined
    readonly messagesBy?: string | undefined
  }
  readonly sourceFrom: Vendor<string, unknown, unknown>["sourceFrom"]
  readonly decoder: Decoder
}
