/**
 * A vendor's emulation, derived from its definition: listings, paging, envelopes and codecs.
 *
 * It serves what the definition says, so it shows whether a vendor's parts fit together. It cannot show that the
 * definition is right: an emulation that is written from the vendor's documents, or a real server, can.
 *
 * **Example** (The emulation of a source, from the codecs that encode its rows)
 *
 * ```ts
 * import { Botuj, Codecs } from "@colloquy/botuj"
 * import { Derived } from "@colloquy/engine"
 *
 * export const emulation = Derived.make({
 *   vendor: Botuj,
 *   name: "Botuj",
 *   options: {},
 *   messages: [{ codec: Codecs.messages }],
 *   conversations: [{ codec: Codecs.conversations }]
 * })
 * ```
 */
import { type Conversation, InvalidRequest, type Message } from "@colloquy/core"
import { type Codec, Listing, Memory, Timestamp, type Vendor } from "@colloquy/core/vendor"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Struct from "effect/Struct"
import { type Answer, type Api, type ApiRequest, ok, statusOf } from "./Api.ts"
import * as Dialogue from "./Dialogue.ts"
import * as Emulation from "./Emulation.ts"
import * as Fixtures from "./Fixtures.ts"
import * as IdCodec from "./IdCodec.ts"
import * as Paging from "./Paging.ts"
import * as Rows from "./Rows.ts"

// ---------------------------------------------------------------------------------------------------------------
// What it is made from
// ---------------------------------------------------------------------------------------------------------------

/** A vendor, as the value of `Vendor.make` has it. */
export interface Definable<Options> {
  readonly definition: Pick<
    Vendor.Definition<string, Options, unknown>,
    "name" | "tokenVariable" | "service" | "messages" | "conversations" | "serverChoosesPageSize"
  >
  readonly sourceFrom: Vendor.Any["sourceFrom"]
  readonly decoder: Vendor.Any["decoder"]
}

/** How canonical values become rows of a listing. */
export interface Encoded<in Canonical> {
  readonly codec: {
    readonly operation: string
    readonly row: Codec.RowSchema<unknown>
    readonly encode: (value: Canonical) => Schema.JsonObject
  }
  /** Fields that every row has and no canonical field gives. Default none. */
  readonly more?: Schema.JsonObject | undefined
}

/** What an emulation is derived from. */
export interface Parts<Options> {
  readonly vendor: Definable<Options>
  /** The source's name. */
  readonly name: string
  /** The source's options. */
  readonly options: Options
  readonly messages: ReadonlyArray<Encoded<Message>>
  readonly conversations: ReadonlyArray<Encoded<Conversation>>
  /** A failure in the vendor's own shape. Default: the status, and an object with a `message`. */
  readonly failure?: Api["failure"] | undefined
}

// ---------------------------------------------------------------------------------------------------------------
// Listings of a definition
// ---------------------------------------------------------------------------------------------------------------

/** What serving a listing needs of its definition. */
export interface Facts {
  readonly codec: {
    readonly operation: string
    readonly key: ((row: unknown) => string | undefined) | undefined
  }
  readonly path: string
  readonly query: Readonly<Record<string, unknown>>
  readonly paging: Listing.Paging
  readonly render?: ((rows: ReadonlyArray<unknown>, claims: Listing.Claims) => unknown) | undefined
  readonly pastEndCode?: string | undefined
}

/** The listings that a vendor's service reads, by operation. */
export const listingsOf = ({
  service
}: {
  readonly service: (read: Vendor.Read) => unknown
}): ReadonlyMap<string, Facts> => {
  const listings = new Map<string, Facts>()
  service((listing) => {
    listings.set(listing.codec.operation, listing)
    return { pages: () => Stream.empty, items: () => Stream.empty }
  })
  return listings
}

/** The operation of a chosen listing. Throws if the options choose none: a mistake of whoever gave them. */
const chosen = (what: string, listing: { readonly operation: string } | InvalidRequest): string => {
  if (listing instanceof InvalidRequest)
    throw new TypeError(`these options choose no ${what}: ${listing.message}`)
  return listing.operation
}

const named = <A>(what: string, all: ReadonlyMap<string, A>, operation: string): A => {
  const found = all.get(operation)
  if (found === undefined) throw new TypeError(`${what} ${operation} is missing`)
  return found
}

interface Side<Canonical> {
  readonly listing: Facts
  readonly encoded: Encoded<Canonical>
  /** The first field whose undocumented type makes a row undecodable. */
  readonly spoils: string
}

const sideOf = <Canonical>(
  listings: ReadonlyMap<string, Facts>,
  operation: string,
  all: ReadonlyArray<Encoded<Canonical>>,
  sample: Canonical
): Side<Canonical> => {
  const encoded = named("the codec of", new Map(all.map((each) => [each.codec.operation, each])), operation)
  const row = rowOf(encoded)(sample)
  const spoils = Object.keys(row).find((field) => !encoded.codec.row.is({ ...row, [field]: [false] }))
  return {
    listing: named("the service's reader of", listings, operation),
    encoded,
    spoils: spoils ?? ""
  }
}

const rowOf =
  <Canonical>({ codec, more = {} }: Encoded<Canonical>) =>
  (value: Canonical): object => {
    const row = Fixtures.fitting(codec, { ...more, ...codec.encode(value) })
    return Object(row)
  }

// ---------------------------------------------------------------------------------------------------------------
// The emulation
// ---------------------------------------------------------------------------------------------------------------

const defaultFailure: Api["failure"] = (failure, message) => ({
  status: statusOf[failure],
  body: { message }
})

/** Derives the emulation of one source. Throws `TypeError` if a codec or a reader of its listings is missing. */
export const make = <Options>(given: Parts<Options>): Emulation.Emulation => {
  const { failure = defaultFailure, name, options, vendor } = given
  const { conversations, messages, serverChoosesPageSize = false, ...definition } = vendor.definition
  const listings = listingsOf(definition)
  const owner = { vendor: definition.name, account: "default" }
  const sample = Memory.messageOf(owner, "1", turn(0, "user", "hi", firstTime), 0)
  const ofMessages = messages.of(options, { conversationId: "1", conversation: undefined })
  const ofConversations = conversations.of(options, 0)
  const said = sideOf(listings, chosen("messages", ofMessages), given.messages, sample)
  const listed = sideOf(
    listings,
    chosen("conversations", ofConversations),
    given.conversations,
    Memory.conversationOf(owner, { id: "1", messages: [] })
  )
  const connectionOf = (how: Emulation.ReaderOptions) => ({
    ...Struct.omit(how, ["since", "until"]),
    pageSize: serverChoosesPageSize ? undefined : how.pageSize
  })
  const isNewestFirst = messages.order?.(options) === "newestFirst"
  const inOrder = <A>(rows: Rows.Rows<A>) => (isNewestFirst ? Rows.reverse(rows) : rows)
  const corpus = ({ conversationIds, conversations, messages }: Fixtures.Given): Emulation.Corpus => ({
    conversationIds,
    conversations: Rows.reverse(conversations(rowOf(listed.encoded))),
    messages: messages(rowOf(said.encoded))
  })
  return Emulation.make({
    vendor: definition.name,
    assumptions: [],
    owns: () => true,
    corpus: ({ options, view }) => corpus(Fixtures.make(definition.name, conversationsOf(options), view)),
    fixtures: corpus,
    api: (corpus) => ({
      failure,
      handle: (request) => answer({ corpus, failure, inOrder, listed, said }, request)
    }),
    readers: (corpus) => [
      {
        name,
        source: (how) => vendor.sourceFrom(options, connectionOf(how)),
        conversations: corpus.conversations,
        messages: (id) => {
          const rows = corpus.messages(id)
          return rows === undefined ? undefined : inOrder(rows)
        },
        conversationRow: rowOf(listed.encoded),
        messageRow: rowOf(said.encoded),
        decoder: vendor.decoder,
        spoils: { conversation: listed.spoils, message: said.spoils }
      }
    ],
    usage: { variable: definition.tokenVariable, flags: [] }
  })
}

const firstTime = 1_704_103_200_000

const turn = (id: number, role: "user" | "assistant", text: string, time: number) => ({
  id: String(id),
  role,
  text,
  createdAt: Timestamp.fromMillis(time)
})

/** Conversations from a seed. Ids are digits, which a vendor's ids can be whether they are numbers or text. */
const conversationsOf = (options: Dialogue.CorpusOptions): Fixtures.Fixtures => {
  const dialogues = Dialogue.make(options, 97, "user")
  const ids = IdCodec.counted(dialogues.length, 7001, 3)
  return Rows.toArray(Rows.range(dialogues.length)).map((index) => {
    const { end, size, start, turn: at } = dialogues.at(index)
    return {
      id: ids.idOf(index),
      createdAt: Timestamp.fromMillis(start),
      updatedAt: Timestamp.fromMillis(end),
      messages: Array.from({ length: size }, (_, nth) => {
        const { from, text, time } = at(nth)
        return turn((index + 1) * 1_000_000 + nth, from === "user" ? "user" : "assistant", text, time)
      })
    }
  })
}

// ---------------------------------------------------------------------------------------------------------------
// Answers
// ---------------------------------------------------------------------------------------------------------------

interface Served {
  readonly corpus: Emulation.Corpus
  readonly failure: Api["failure"]
  readonly inOrder: <A>(rows: Rows.Rows<A>) => Rows.Rows<A>
  readonly listed: Side<Conversation>
  readonly said: Side<Message>
}

const answer = ({ corpus, failure, inOrder, listed, said }: Served, request: ApiRequest): Answer => {
  const { path, query } = request
  if (Listing.match(said.listing, path) !== undefined) {
    const ids = [...path, ...query.values()]
    const id = ids.find((each) => corpus.messages(each) !== undefined)
    const rows = id === undefined ? undefined : corpus.messages(id)
    if (rows !== undefined) return page(said, inOrder(rows), request, failure)
  }
  return Listing.match(listed.listing, path) === undefined
    ? failure("notFound", "not found")
    : page(listed, corpus.conversations, request, failure)
}

/** The size that a server chooses, and the largest that it serves, where the definition names none. */
const defaultSize = 20
const largestSize = 100

const page = (
  { listing, spoils }: Pick<Side<never>, "listing" | "spoils">,
  rows: Rows.Rows<object>,
  { faults, path, query }: ApiRequest,
  failure: Api["failure"]
): Answer => {
  const { paging, render } = listing
  const nameOf = (slot: Listing.Slot) => Object.entries(listing.query).find(([, each]) => each === slot)?.[0]
  const numberAt = (slot: Listing.Slot, otherwise: number) => {
    const name = nameOf(slot)
    return name === undefined ? otherwise : (Paging.whole(query, name, otherwise) ?? -1)
  }
  const asked = numberAt("size", paging.size ?? defaultSize)
  const number = numberAt("page", 1)
  const tokenName = nameOf("cursor") ?? "cursor"
  const token = query.get(tokenName)
  const isByToken = paging.by === "cursor" || paging.by === "link"
  const offset = isByToken ? Number((token ?? "t0").slice(1)) : numberAt("offset", 0)
  if (asked < 1 || number < 1 || !(offset >= 0)) return failure("badRequest", "there is no such page")
  const start = paging.by === "page" ? { page: number } : { offset }
  const size = Math.min(asked, paging.maxSize ?? largestSize)
  const served = Paging.serve<Readonly<Record<string, unknown>>>(
    Rows.map(rows, (row) => ({ ...row })),
    start,
    size,
    spoils,
    faults
  )
  const end = served.start + served.size
  const next = isByToken && end < rows.length ? `t${end}` : null
  const link = `/${path.map(encodeURIComponent).join("/")}?${new URLSearchParams({ ...Object.fromEntries(query), [tokenName]: next ?? "" })}`
  const body = Listing.render({ render }, served.rows, {
    page: number,
    lastPage: Math.max(1, Math.ceil(rows.length / served.size)),
    size: served.size,
    total: Paging.claimed(rows.length, faults),
    next: next !== null && paging.by === "link" ? link : next
  })
  return paging.by === "link" && next !== null
    ? { ...ok(body), headers: { link: `<${link}>; rel="next"` } }
    : ok(body)
}
