/**
 * A vendor's emulation as a value: its rows from a seed, its API over them, and its assumptions.
 *
 * Each vendor package exports one from its subpath `emulation`. An emulator derives everything from this value.
 *
 * **Example** (A vendor with one listing of messages)
 *
 * ```ts
 * import { Dialogue, Emulation, IdCodec, ok, Paging, Rows, statusOf } from "@colloquy/engine"
 * import type { Failure } from "@colloquy/engine"
 *
 * const failure = (failure: Failure, message: string) => ({ status: statusOf[failure], body: { message } })
 *
 * const corpus = ({ options, view }: Emulation.CorpusInput): Emulation.Corpus => {
 *   const dialogues = Dialogue.make(options, 5, "user")
 *   const ids = IdCodec.counted(dialogues.length, 1000, 3)
 *   const row = (dialogue: Dialogue.Dialogue) => (turn: number) => ({ id: turn, text: dialogue.turn(turn).text })
 *   return {
 *     conversationIds: Rows.map(Rows.range(dialogues.length), ids.idOf),
 *     conversations: Rows.map(Rows.range(dialogues.length), (index) => ({ id: ids.idOf(index) })),
 *     messages: (id) => {
 *       const index = ids.indexOf(id)
 *       if (index === undefined) return undefined
 *       const dialogue = dialogues.at(index)
 *       return view({ length: dialogue.size, at: row(dialogue) })
 *     }
 *   }
 * }
 *
 * export const emulation = Emulation.make({
 *   vendor: "acme",
 *   assumptions: [],
 *   owns: ([first]) => first === "acme",
 *   corpus,
 *   fixtures: ({ conversationIds, conversations, messages }) => ({
 *     conversationIds,
 *     conversations: conversations(({ id }) => ({ id })),
 *     messages: messages(({ id, text }) => ({ id: Number(id), text }))
 *   }),
 *   api: (corpus) => ({
 *     failure,
 *     handle: ({ path: [, id = ""], query }) => {
 *       const rows = corpus.messages(id)
 *       const page = Paging.whole(query, "page", 1) ?? 1
 *       return rows === undefined
 *         ? failure("notFound", "no such conversation")
 *         : ok(Rows.slice(rows, page * 20 - 20, page * 20))
 *     }
 *   }),
 *   readers: () => [],
 *   usage: { variable: "ACME_TOKEN", flags: [] }
 * })
 * ```
 */
import type { Connection, Conversation, Decoder, Message, SourceError, SourceService } from "@colloquy/core"
import { Vendor, type VendorClient } from "@colloquy/core/vendor"
import type * as Config from "effect/Config"
import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Predicate from "effect/Predicate"
import type { Api } from "./Api.ts"
import * as Assumption from "./Assumption.ts"
import type { CorpusOptions } from "./Dialogue.ts"
import * as Fixtures from "./Fixtures.ts"
import * as Edits from "./internal/edits.ts"
import * as RateLimit from "./internal/rateLimit.ts"
import type { Fault } from "./Faults.ts"
import type { RequestLog } from "./RequestLog.ts"
import type * as Rows from "./Rows.ts"
import * as Server from "./Server.ts"

// ---------------------------------------------------------------------------------------------------------------
// What a vendor defines
// ---------------------------------------------------------------------------------------------------------------

/** A vendor's rows. A vendor's own corpus narrows the types of rows, and may have more listings. */
export interface Corpus {
  /** Oldest first. */
  readonly conversationIds: Rows.Rows<string>
  /** The list's rows, in the vendor's order. */
  readonly conversations: Rows.Rows<object>
  /** A conversation's rows, oldest first; undefined for an unknown id. */
  readonly messages: (conversationId: string) => Rows.Rows<object> | undefined
}

/** What a corpus is made from. */
export interface CorpusInput {
  readonly options: CorpusOptions
  readonly assumed: Assumption.Assumed
  /** Applies the faults `insert`, `append` and `remove`. Every conversation's rows must go through it. */
  readonly view: <A>(rows: Rows.Rows<A>) => Rows.Rows<A>
}

/** The options of a source that reads an emulation. */
export interface ReaderOptions extends Connection.Connection {
  readonly baseUrl: string
  /** Default the vendor's. Ignored if the server chooses the size. */
  readonly pageSize?: number | undefined
  /** For lists by time: the span in epoch milliseconds. Default the vendor's. */
  readonly since?: number | undefined
  readonly until?: number | undefined
}

/** A source of the vendor, and the rows that it must give. A vendor has one for each way to read it. */
export interface Reader {
  /** A name, unique among all vendors, such as "GPTBots, v2". */
  readonly name: string
  readonly source: (
    options: ReaderOptions
  ) => Effect.Effect<SourceService, SourceError | Config.ConfigError, HttpClient.HttpClient>
  /** The rows of its list of conversations, in the list's order. */
  readonly conversations: Rows.Rows<object>
  /** The rows of a conversation, in its listing's order; undefined for an unknown id. */
  readonly messages: (conversationId: string) => Rows.Rows<object> | undefined
  /** The wire row of a conversation. */
  readonly conversationRow: (conversation: Conversation) => object
  /** The wire row of a message. */
  readonly messageRow: (message: Message) => object
  /** Decodes rows that a walk kept. */
  readonly decoder: Decoder
  /** The fields that the fault `malformed-record` corrupts. */
  readonly spoils: { readonly conversation: string; readonly message: string }
  /** Whether its list is derived from messages: one that cannot be decoded then fails the list. Default false. */
  readonly hasDerivedList?: boolean | undefined
}

/** An emulation as the vendor's package defines it. */
export interface Definition<
  Vendor extends string,
  C extends Corpus,
  Assumptions extends ReadonlyArray<Assumption.Assumption>
> {
  /** The vendor's name in commands, faults, the log and the truth. */
  readonly vendor: Vendor
  readonly assumptions: Assumptions
  /** Whether a path belongs to the vendor. Paths of two vendors must not overlap. */
  readonly owns: (path: ReadonlyArray<string>) => boolean
  /** Makes the rows. The same options give the same bytes, on every platform. */
  readonly corpus: (input: CorpusInput) => C
  /** Makes the rows of conversations that a test gives. */
  readonly fixtures: (given: Fixtures.Given, input: Pick<CorpusInput, "assumed">) => C
  readonly api: (corpus: C, assumed: Assumption.Assumed) => Api
  /** The header or query parameter with the token. Default the header `Authorization: Bearer …`. */
  readonly authorization?: VendorClient.Authorization | undefined
  /** The maximum of requests per minute of the clock. Default: no limit. */
  readonly requestsPerMinute?: number
  /** Fields beside the conversation's id in the truth, such as `{ botId }`. Default none. */
  readonly owner?: Readonly<Record<string, string>>
  /** The rows in the truth, if its query selects them. Default: `messages` of the corpus. */
  readonly truth?: (
    corpus: C,
    conversationId: string,
    query: URLSearchParams
  ) => Rows.Rows<object> | undefined
  /** The ways to read the vendor. A demo uses the first. */
  readonly readers: (corpus: C) => ReadonlyArray<Reader>
  /** The variable with the token, and the flags that `colloquy pull` needs to find the emulated conversations. */
  readonly usage: { readonly variable: string; readonly flags: ReadonlyArray<string> }
}

// ---------------------------------------------------------------------------------------------------------------
// What an emulator does with it
// ---------------------------------------------------------------------------------------------------------------

/** How a vendor is emulated. */
export interface Options extends CorpusOptions {
  /** Values of assumptions, by name; unknown names are ignored. Default: the first value of each. */
  readonly assumptions?: { readonly [name: string]: unknown } | undefined
  /** Conversations of your own, instead of those from the seed. */
  readonly fixtures?: Fixtures.Fixtures | undefined
}

/** An emulated vendor: its current rows, and its API over them. */
export interface Emulated<out C extends Corpus = Corpus> {
  readonly vendor: string
  readonly corpus: C
  readonly api: Api
  readonly authorization?: VendorClient.Authorization | undefined
  readonly owns: (path: ReadonlyArray<string>) => boolean
  readonly readers: ReadonlyArray<Reader>
  /** A conversation's entry in the truth. */
  readonly entry: (conversationId: string) => object
  /** A conversation's rows in the truth; undefined for an unknown id. */
  readonly truth: (conversationId: string, query: URLSearchParams) => Rows.Rows<object> | undefined
  /** Changes every conversation by these faults. */
  readonly change: (faults: ReadonlyArray<Fault>) => void
  /** Counts a request at this time, in epoch milliseconds, and returns whether it exceeds the limit. */
  readonly isOverLimit: (now: number) => boolean
}

/** The field of an emulation with the version of core that it was made with, in any copy of this package. */
export const TypeId = "~@colloquy/engine/Emulation"

/** Whether a value is an emulation, of this or another copy of this package. */
export const isEmulation = (value: unknown): value is Emulation => Predicate.hasProperty(value, TypeId)

/** A vendor's emulation. */
export interface Emulation<
  out Vendor extends string = string,
  out C extends Corpus = Corpus,
  out Assumptions extends ReadonlyArray<Assumption.Assumption> = ReadonlyArray<Assumption.Assumption>
> {
  readonly [TypeId]: string
  readonly vendor: Vendor
  readonly assumptions: Assumptions
  /** Starts an emulation with unchanged rows and a count of zero requests. */
  readonly start: (options?: Options) => Emulated<C>
  /** The shell command that reads everything from an emulator. */
  readonly usage: (server: { readonly token: string; readonly baseUrl: string }) => string
  /** The flags that `colloquy pull` needs to find the emulated conversations. */
  readonly flags: ReadonlyArray<string>
}

/**
 * Makes a vendor's emulation from its definition. Call it once, at module level.
 *
 * Use it in the `emulation.ts` of a vendor package; the example at the head of this module is complete. It starts
 * nothing and cannot fail. `start` of the result takes a seed (default 1), the number of conversations (default 12),
 * the size of the largest (default 120) and values of assumptions.
 */
export const make = <
  const Name extends string,
  C extends Corpus,
  const Assumptions extends ReadonlyArray<Assumption.Assumption>
>(
  definition: Definition<Name, C, Assumptions>
): Emulation<Name, C, Assumptions> => {
  const { assumptions, usage, vendor } = definition
  return {
    [TypeId]: Vendor.version,
    vendor,
    assumptions,
    start: (options = {}) => start(definition, options),
    flags: usage.flags,
    usage: ({ baseUrl, token }) =>
      [
        `${usage.variable}=${token} colloquy pull ${vendor}`,
        ...usage.flags,
        `--all --base-url ${baseUrl}`
      ].join(" ")
  }
}

const start = <C extends Corpus>(
  definition: Definition<string, C, ReadonlyArray<Assumption.Assumption>>,
  options: Options
): Emulated<C> => {
  const { authorization, owner, owns, requestsPerMinute, vendor } = definition
  const edits = Edits.make()
  const assumed = Assumption.assumed(options.assumptions ?? {})
  const corpus =
    options.fixtures === undefined
      ? definition.corpus({ options, assumed, view: edits.view })
      : definition.fixtures(Fixtures.make(vendor, options.fixtures, edits.view), { assumed })
  return {
    vendor,
    corpus,
    authorization,
    owns,
    api: definition.api(corpus, assumed),
    readers: definition.readers(corpus),
    entry: (conversationId) => ({
      ...owner,
      conversationId,
      messages: corpus.messages(conversationId)?.length ?? 0
    }),
    truth: (conversationId, query) =>
      definition.truth?.(corpus, conversationId, query) ?? corpus.messages(conversationId),
    change: edits.change,
    isOverLimit: requestsPerMinute === undefined ? () => false : RateLimit.minutely(requestsPerMinute)
  }
}

/** What a server of emulated vendors needs. */
export interface Serving {
  /** The one token that is accepted. */
  readonly token: string
  readonly faults: ReadonlyArray<Fault>
  readonly log: RequestLog
  /** The seed of faults that occur by chance. */
  readonly seed: number
}

/** Makes the handler of requests to these vendors, with counts at zero. */
export const answering = (
  vendors: ReadonlyArray<Emulated>,
  { faults, log, seed, token }: Serving
): Server.Answering => {
  const sites = vendors.map(({ api, authorization, change, isOverLimit, owns, vendor }) => ({
    owns,
    site: { vendor, api, authorization, token, isOverLimit, before: change }
  }))
  const siteOf = (path: ReadonlyArray<string>) => sites.find(({ owns }) => owns(path))?.site
  return Server.make({ siteOf, faults, log, seed })
}
