/**
 * A vendor as one value: its facts, options, listings and codecs.
 *
 * {@link make} derives everything else from it: a service in the vendor's own types, sources of canonical values,
 * layers for both, and a decoder without a network.
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
 *   errors: { codes: {}, read: (body) => ErrorTable.readMessage(body) },
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
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
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
import type { Encodes, ImpersonalFields, RowDecoder } from "./Codec.ts"
import * as Decoding from "./decoding.ts"
import type * as Listing from "./Listing.ts"
import * as Readers from "./readers.ts"

/**
 * The version of this package. A vendor carries the version that made it: a program that takes vendors from elsewhere
 * refuses those of another minor version.
 */
export const version = "0.1.0"

/** The field of a vendor with that version. It tells a vendor of any copy of this package from other values. */
export const TypeId = "~@colloquy/core/Vendor"

// ---------------------------------------------------------------------------------------------------------------
// Definition
// ---------------------------------------------------------------------------------------------------------------

/** A reader of one listing, in the vendor's own types. */
export interface Reader<Params, Wire> {
  /** The pages, in the vendor's order; the last one has the proof of the end. */
  readonly pages: (options: Params & Listing.ReadOptions) => Stream.Stream<Page<Wire>, SourceError>
  /** The same, row by row. */
  readonly items: (options: Params & Listing.ReadOptions) => Stream.Stream<Wire, SourceError>
}

/** Makes a reader of a listing. */
export type Read = <Params, Wire, Canonical, Carried>(
  listing: Listing.Listing<Params, Wire, Canonical, Carried>
) => Reader<Params, Wire>

/** The codecs of all rows of a kind. A kept row without an `origin` is decoded by the first codec that accepts it. */
export type Codecs<Canonical, More = {}> = Arr.NonEmptyReadonlyArray<RowDecoder<Canonical> & More>

/** The conversation that a source has to read; `conversation` is its entry in the list, if the caller has it. */
export interface MessagesRequest {
  readonly conversationId: string
  readonly conversation: Conversation | undefined
}

/** The schema of an option that is an id: of a chatbot, of a user. */
export const Id = Schema.String.check(
  Schema.isNonEmpty({ message: "an id is empty; give the id that the vendor shows" })
)

/**
 * A schema of options: a struct whose fields have descriptions. It must not transform, because sources use options as
 * given.
 *
 * Declare an interface of the options and give the schema the type `OptionsSchema<Options>`: editors show the texts of
 * an interface's fields, but not of fields that TypeScript derives from a schema. Types that differ do not compile.
 */
export interface OptionsSchema<in out A> extends Schema.ConstraintCodec<A, A> {
  readonly fields: Schema.Struct.Fields
}

/** The facts that do not depend on options. */
export interface Facts {
  /** The vendor's name in canonical values and on the command line, such as `gptbots`. */
  readonly name: string
  /** The vendor's own spelling of its name, such as `GPTBots`. */
  readonly title: string
  /** Base URLs of other hosts, by the name that listings use. A connection's `baseUrl` replaces them too. */
  readonly hosts?: Readonly<Record<string, string>> | undefined
  /** The variable with the token; `ACME_TOKEN_EU` for the account `eu`. */
  readonly tokenVariable: string
  /** The header or query parameter with the token. Default the header `Authorization: Bearer …`. */
  readonly authorization?: Authorization | undefined
  /** The documented limit of requests. Default none. */
  readonly rateLimit?: RateLimit | undefined
  /** Whether the server chooses the page size. Default false. */
  readonly serverChoosesPageSize?: boolean | undefined
  readonly errors: ErrorTable
}

/** A vendor as its author writes it. */
export interface Definition<Name extends string, Options, Own> extends Facts {
  readonly name: Name
  /** The base URL of the API, or a function if options choose it, such as a data centre. */
  readonly baseUrl: string | ((options: Partial<Options>) => string | InvalidRequest)
  /**
   * The options that choose a source's conversations and messages. Their descriptions also become the help of the
   * command's flags.
   */
  readonly options: OptionsSchema<Options>
  /** The options of which a list of conversations needs one. Default none. */
  readonly listedBy?: ReadonlyArray<keyof Options & string> | undefined
  /** The option that messages need unless the conversation has it. Default none. */
  readonly messagesBy?: (keyof Options & string) | undefined
  /** The service: a reader for each listing. */
  readonly service: (read: Read) => Own
  readonly messages: {
    readonly codecs: Codecs<Message, Partial<Encodes<Message>>>
    /** The order of messages by time, if the vendor documents it. Default `unknown`. */
    readonly order?: ((options: Options) => Pagination.Order) | undefined
    /** The listing to read, or why there is none. */
    readonly of: (options: Options, asked: MessagesRequest) => Listing.Chosen<Message> | InvalidRequest
  }
  readonly conversations: {
    readonly codecs: Codecs<Conversation, Partial<Encodes<Conversation>> & ImpersonalFields>
    /**
     * The options that choose the list's conversations. They identify the list: conclusions from one list do not
     * apply to another.
     */
    readonly filter: (options: Options) => Schema.JsonObject
    /** The listing to read, or why there is none; `now` is in epoch milliseconds. */
    readonly of: (options: Options, now: number) => Listing.Chosen<Conversation> | InvalidRequest
  }
}

// ---------------------------------------------------------------------------------------------------------------
// What follows from it
// ---------------------------------------------------------------------------------------------------------------

/** A vendor's service in its own types. Every stream ends only on a proof, and fails with `SourceError`. */
export type Service<Name extends string, Own> = Own & { readonly vendor: Name; readonly account: string }

/** How a source reads, unless a call says otherwise. */
export interface SourceReadOptions extends Pagination.ReadDefaults {
  /** Rows per request, if the vendor lets the caller choose. Default: the listing's. */
  readonly pageSize?: number | undefined
}

/**
 * The options of a source: what to read, how to read, and the connection. The token comes from configuration by
 * default.
 */
export type SourceOptions<Options> = Options & Connection.ConfigConnection & SourceReadOptions

type Failure = SourceError | Config.ConfigError

/** A vendor: its definition and what {@link make} derives from it. */
export interface Vendor<Name extends string, Options, Own>
  extends
    Context.Service<Service<Name, Own>, Service<Name, Own>>,
    Pick<Definition<Name, Options, Own>, "tokenVariable"> {
  readonly [TypeId]: string
  readonly definition: Definition<Name, Options, Own>
  /** Makes the service in the vendor's own types. Fails with `InvalidRequest` for an invalid connection. */
  readonly make: (
    options: Connection.Connection & Partial<Options>
  ) => Effect.Effect<Service<Name, Own>, SourceError, HttpClient.HttpClient>
  /** The service with this connection, as a layer. */
  readonly layer: (
    options: Connection.Connection & Partial<Options>
  ) => Layer.Layer<Service<Name, Own>, SourceError, HttpClient.HttpClient>
  /** The service as a layer; the token comes from the vendor's variable, unless one is given. */
  readonly layerConfig: (
    options?: Connection.ConfigConnection & Partial<Options>
  ) => Layer.Layer<Service<Name, Own>, Failure, HttpClient.HttpClient>
  /**
   * Makes a source of canonical values; the token comes from the vendor's variable, unless one is given. Fails with
   * `InvalidRequest` for invalid options or an invalid connection, and with `ConfigError` without a token.
   */
  readonly source: (
    options: SourceOptions<Options>
  ) => Effect.Effect<SourceService, Failure, HttpClient.HttpClient>
  /** A source as a layer, for programs with one source. */
  readonly layerSource: (
    options: SourceOptions<Options>
  ) => Layer.Layer<Source, Failure, HttpClient.HttpClient>
  /**
   * Makes a source from options of unknown type, from flags or a file. A name that is not an option fails with
   * `InvalidRequest` too.
   */
  readonly sourceFrom: (
    options: unknown,
    how: Connection.ConfigConnection & SourceReadOptions
  ) => Effect.Effect<SourceService, Failure, HttpClient.HttpClient>
  /** Decodes rows that an earlier walk kept, without a client. */
  readonly decoder: Decoder
  /**
   * Makes a token of a text. Only the copy of Effect that made a `Redacted` can read it: a program that took the vendor
   * from elsewhere makes the tokens of its connections by this.
   */
  readonly redacted: (token: string) => Redacted.Redacted
}

/**
 * Makes a vendor from its definition. Call it once, at module level.
 *
 * Use it for each vendor package; the example at the head of this module is complete. Making a vendor cannot fail and
 * makes no request: connections and options are checked when a service or a source is made.
 */
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
    const own = definition.service((listing) => Readers.reader(clients, listing))
    return { ...own, vendor: name, account: clients.account }
  })
  const layer = (options: Given) => Layer.effect(tag, make(options))
  const source = Effect.fnUntraced(function* (
    options: SourceOptions<Options>
  ): Effect.fn.Return<SourceService, Failure, HttpClient.HttpClient> {
    yield* Readers.checkOptions(definition, options, options.account)
    const clients = yield* Clients.make(definition, yield* Connection.config(tokenVariable, options))
    return Readers.source(definition, clients, options)
  })
  return Object.assign(tag, {
    [TypeId]: version,
    definition,
    tokenVariable,
    make,
    layer,
    layerConfig: (options: Connection.ConfigConnection & Partial<Options> = {}) =>
      Layer.unwrap(Effect.map(Connection.config(tokenVariable, options), layer)),
    source,
    sourceFrom: (options: unknown, how: Connection.ConfigConnection & SourceReadOptions) =>
      Effect.flatMap(Readers.checkAllOptions(definition, options, how.account), (options) =>
        source({ ...options, ...how })
      ),
    layerSource: (options: SourceOptions<Options>) => Layer.effect(Source, source(options)),
    decoder: Decoding.make(definition),
    redacted: (token: string) => Redacted.make(token)
  })
}

/** A vendor of any type, for a registry of several. */
export interface Any {
  readonly [TypeId]: string
  readonly definition: Facts & {
    readonly options: { readonly fields: Schema.Struct.Fields }
    readonly listedBy?: ReadonlyArray<string> | undefined
    readonly messagesBy?: string | undefined
    readonly service: (read: Read) => unknown
    readonly messages: Pick<Definition<string, unknown, unknown>["messages"], "codecs">
    readonly conversations: Pick<Definition<string, unknown, unknown>["conversations"], "codecs">
  }
  readonly sourceFrom: Vendor<string, unknown, unknown>["sourceFrom"]
  readonly decoder: Decoder
  readonly redacted: (token: string) => Redacted.Redacted
}

/** Whether a value is a vendor, of this or another copy of this package. */
export const isVendor = (value: unknown): value is Any => Predicate.hasProperty(value, TypeId)
