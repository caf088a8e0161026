/**
 * A vendor's emulation from its definition alone: its listings say the paths, the paging and the answers, its codecs the
 * rows.
 *
 * It knows no more than the definition does. What a vendor's documents leave open, an emulation that is written by hand
 * can serve either way.
 *
 * **Example** (An emulator that serves a vendor of your own, too)
 *
 * ```ts
 * import type { Vendor } from "@colloquy/core/vendor"
 * import { Emulator } from "@colloquy/emulator"
 * import { FromDefinition } from "@colloquy/engine"
 * import { Effect } from "effect"
 *
 * export const emulating = (vendor: Vendor.Any) =>
 *   Effect.map(Effect.fromResult(FromDefinition.make(vendor)), (emulation) => Emulator.layer({ also: [emulation] }))
 * ```
 */
import type { Conversation, Message } from "@colloquy/core"
import { type Codec, Listing, Memory, Timestamp, type Vendor } from "@colloquy/core/vendor"
import * as Headers from "effect/http/Headers"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type Answer, type Api, type ApiRequest, ok, statusOf } from "./Api.ts"
import * as Dialogue from "./Dialogue.ts"
import * as Emulation from "./Emulation.ts"
import type * as Fixtures from "./Fixtures.ts"
import * as IdCodec from "./IdCodec.ts"
import * as Paging from "./Paging.ts"
import * as Random from "./Random.ts"
import * as Rows from "./Rows.ts"

/** The vendor's rows, and what they are made of. */
interface Corpus extends Emulation.Corpus {
  /** Oldest first. */
  readonly listed: Rows.Rows<Conversation>
  /** Oldest first; undefined for an unknown id. */
  readonly said: (conversationId: string) => Rows.Rows<Message> | undefined
}

/** Why a definition cannot be served. */
class Unservable extends Error {}

/**
 * Makes the emulation of a vendor. Fails with words that say what the definition lacks: a codec without `encode`, a wire
 * schema that needs more than `encode` gives, a listing whose `envelope` does not read what its `render` writes.
 *
 * `flags` are those that `colloquy pull` needs to read it.
 */
export const make = (
  vendor: Vendor.Any,
  flags: ReadonlyArray<string> = []
): Result.Result<Emulation.Emulation<string, Corpus>, Error> =>
  Result.try({
    try: () => emulationOf(vendor, flags),
    catch: (cause) => (cause instanceof Error ? cause : new Unservable(String(cause)))
  })

const emulationOf = ({ definition }: Vendor.Any, flags: ReadonlyArray<string>) => {
  const { authorization, name, tokenVariable } = definition
  const messages = encoderOf(definition.messages.codecs[0])
  const conversations = encoderOf(definition.conversations.codecs[0])
  const listings = listingsOf(definition)
  const corpusOf = (made: Pick<Corpus, "conversationIds" | "listed" | "said">): Corpus => ({
    ...made,
    conversations: Rows.map(made.listed, conversations),
    messages: (id) => {
      const said = made.said(id)
      return said === undefined ? undefined : Rows.map(said, messages)
    }
  })
  const emulation = Emulation.make({
    vendor: name,
    assumptions: [],
    authorization,
    owns: (path) => listings.some((listing) => Listing.paramsIn(listing.path, path) !== undefined),
    corpus: (input) => corpusOf(seeded(name, input)),
    fixtures: (given) => corpusOf(of(given)),
    api: (corpus) => apiOf(listings, corpus),
    readers: () => [],
    usage: { variable: tokenVariable, flags }
  })
  tryOut(listings, emulation.start().corpus)
  return emulation
}

// ---------------------------------------------------------------------------------------------------------------
// Rows
// ---------------------------------------------------------------------------------------------------------------

/** Ids are whole numbers as text, which vendors with numbers for ids can have, too. */
const seeded = (vendor: string, { options, view }: Emulation.CorpusInput) => {
  const dialogues = Dialogue.make(options, Random.hash(vendor.length, vendor.codePointAt(0) ?? 0), "user")
  const ids = IdCodec.counted(dialogues.length, 7000, 3)
  const owner = { vendor, account: "default" }
  const listed = Rows.map(Rows.range(dialogues.length), (index) => {
    const { end, size, start } = dialogues.at(index)
    const times = { createdAt: Timestamp.fromMillis(start), updatedAt: Timestamp.fromMillis(end) }
    return Memory.conversationOf(owner, {
      ...times,
      id: ids.idOf(index),
      messageCount: size,
      messages: []
    })
  })
  return {
    conversationIds: Rows.map(Rows.range(dialogues.length), ids.idOf),
    listed,
    said: (conversationId: string) => {
      const index = ids.indexOf(conversationId)
      if (index === undefined) return undefined
      const dialogue = dialogues.at(index)
      return view({
        length: dialogue.size,
        at: (turn) => {
          const { from, text, time } = dialogue.turn(turn)
          const id = String(10_000 + index * 100_000_000 + turn)
          const role = from === "user" ? ("user" as const) : ("assistant" as const)
          return Memory.messageOf(
            owner,
            conversationId,
            { id, role, text, createdAt: Timestamp.fromMillis(time) },
            turn
          )
        }
      })
    }
  }
}

const of = ({ conversationIds, conversations, messages }: Fixtures.Given) => ({
  conversationIds,
  listed: conversations((conversation) => conversation),
  said: messages((message) => message)
})

/** Encodes canonical values; throws for one that the vendor cannot have. */
const encoderOf = <Canonical>({
  encode,
  operation,
  row
}: Codec.RowDecoder<Canonical> & Partial<Codec.Encodes<Canonical>>) => {
  if (encode === undefined || row === undefined)
    throw new Unservable(`the codec of ${operation} has no encode`)
  return (canonical: Canonical): Schema.JsonObject => {
    const json = encode(canonical)
    if (row.is(json)) return json
    throw new Unservable(
      `what encode gives is no row of ${operation}: ${row.problem(json)}; require fewer fields in its wire schema`
    )
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Listings
// ---------------------------------------------------------------------------------------------------------------

/** A listing as it is served. */
interface Served {
  readonly operation: string
  readonly path: string
  readonly paging: Listing.Paging
  readonly isNewestFirst: boolean
  /** The query parameters of the page request's slots. */
  readonly slots: ReadonlyMap<Listing.Slot, string>
  /** The query parameter with the conversation's id; undefined if the path has it, or none. */
  readonly idIn: string | undefined
  /** Whether its rows are of one conversation that no parameter names. */
  readonly isNameless: boolean
  readonly rows: (corpus: Corpus, conversationId: string) => Rows.Rows<Schema.JsonObject> | undefined
  readonly isKey: (row: unknown) => boolean
  readonly render: (rows: ReadonlyArray<unknown>, claims: Listing.Claims) => unknown
  /** The number of rows that a reader finds in an answer. */
  readonly read: (body: unknown) => number | undefined
}

/** The parameter that a listing of messages has its conversation in. */
const conversationId = "conversationId"

/** The listings that a vendor's service reads. */
const listingsOf = (definition: Vendor.Any["definition"]): ReadonlyArray<Served> => {
  const listings: Array<Served> = []
  const read: Vendor.Read = (listing) => {
    const { operation } = listing.codec
    const ofMessages = definition.messages.codecs.find((codec) => codec.operation === operation)
    const ofList = definition.conversations.codecs.find((codec) => codec.operation === operation)
    const rows = ofMessages === undefined ? ofList && listedBy(ofList) : saidBy(ofMessages)
    if (rows !== undefined) {
      const request = requestOf(listing.path, listing.query)
      listings.push({
        ...request,
        isNameless: ofMessages !== undefined && request.idIn === undefined && !hasId(listing.path),
        operation,
        rows,
        path: listing.path,
        paging: listing.paging,
        isNewestFirst: answerOf(listing.order) === "newestFirst",
        isKey: (row) => listing.codec.key?.(row) !== undefined,
        render: (rows, claims) => Listing.render(listing, rows, claims),
        read: (body) => listing.envelope(body, Headers.empty)?.rows.length
      })
    }
    return { pages: () => Stream.empty, items: () => Stream.empty }
  }
  definition.service(read)
  return listings
}

const listedBy = (codec: Vendor.Any["definition"]["conversations"]["codecs"][0]): Served["rows"] => {
  const encode = encoderOf(codec)
  return ({ listed }) => Rows.map(listed, encode)
}

const saidBy = (codec: Vendor.Any["definition"]["messages"]["codecs"][0]): Served["rows"] => {
  const encode = encoderOf(codec)
  return ({ said }, id) => {
    const rows = said(id)
    return rows === undefined ? undefined : Rows.map(rows, encode)
  }
}

/** Parameters each of which is its own name, so that a query shows which parameter of it carries which. */
const names = new Proxy({}, { get: (_, name) => String(name) })

const requestOf = (
  path: string,
  query: Readonly<Record<string, unknown>>
): Pick<Served, "slots" | "idIn"> => {
  const entries = Object.entries(query)
  const slots = new Map<Listing.Slot, string>()
  for (const [name, slot] of entries) if (isSlot(slot)) slots.set(slot, name)
  const [idIn] = entries.find(([, slot]) => answerOf(slot, names) === conversationId) ?? []
  return { slots, idIn: hasId(path) ? undefined : idIn }
}

const hasId = (path: string): boolean => path.split("/").includes(`:${conversationId}`)

const isSlot = (slot: unknown): slot is Listing.Slot => typeof slot === "string"

/** What a function of a listing's parameters gives; undefined if it needs others than these. */
const answerOf = (asked: unknown, params: object = {}): unknown => {
  if (!Predicate.isFunction(asked)) return undefined
  const answer: Result.Result<unknown, unknown> = Result.try(() => Reflect.apply(asked, undefined, [params]))
  return Result.getOrUndefined(answer)
}

// ---------------------------------------------------------------------------------------------------------------
// Answers
// ---------------------------------------------------------------------------------------------------------------

/** The body is the emulation's choice: readers of errors look for `message` or `error`. */
const failure: Api["failure"] = (failure, message) => ({ status: statusOf[failure], body: { message } })

const apiOf = (listings: ReadonlyArray<Served>, corpus: Corpus): Api => ({
  failure,
  handle: (request) => {
    for (const listing of listings) {
      const params = Listing.paramsIn(listing.path, request.path)
      if (params === undefined) continue
      const { idIn } = listing
      const id = idIn === undefined ? params.get(conversationId) : request.query.get(idIn)
      const rows = listing.rows(corpus, id ?? "")
      return rows === undefined
        ? failure("notFound", "There is no such conversation")
        : serve(listing, listing.isNewestFirst ? Rows.reverse(rows) : rows, request)
    }
    return failure("notFound", "There is no such path")
  }
})

/** The rows of a page that a vendor serves if neither the request nor the definition names a number. */
const standardSize = 20

const serve = (
  listing: Served,
  rows: Rows.Rows<Schema.JsonObject>,
  { faults, query }: ApiRequest
): Answer => {
  const { paging, slots } = listing
  const asked = Paging.whole(query, slots.get("size") ?? "", paging.size ?? standardSize)
  const start = startOf(listing, query)
  if (start === undefined || !Paging.isFromOne(asked)) {
    return failure("badRequest", "The page, or the number of rows, is none")
  }
  const page = Paging.serve(
    rows,
    start,
    Math.min(asked, paging.maxSize ?? asked),
    keyIn(listing, rows),
    faults
  )
  const total = Paging.claimed(rows.length, faults)
  const end = "offset" in start ? start.offset + page.size : start.page * page.size
  return ok(
    listing.render(page.rows, {
      page: "page" in start ? start.page : Math.floor(start.offset / page.size) + 1,
      lastPage: Math.max(1, Math.ceil(total / page.size)),
      size: page.size,
      total,
      next: end < rows.length ? `after-${end}` : null
    })
  )
}

/** Where a page starts; undefined for a page that is none. */
const startOf = ({ paging, slots }: Served, query: URLSearchParams): Paging.Start | undefined => {
  if (paging.by === "page") {
    const page = Paging.whole(query, slots.get("page") ?? "", 1)
    return Paging.isFromOne(page) ? { page } : undefined
  }
  if (paging.by === "offset") {
    const offset = Paging.whole(query, slots.get("offset") ?? "", 0)
    return offset === undefined ? undefined : { offset }
  }
  const token = query.get(slots.get("cursor") ?? "")
  if (token === null) return { offset: 0 }
  const [, offset] = /^after-(\d{1,15})$/.exec(token) ?? []
  return offset === undefined ? undefined : { offset: Number(offset) }
}

/** The field with a row's id; the first field if rows have none. */
const keyIn = ({ isKey }: Served, rows: Rows.Rows<Schema.JsonObject>): string => {
  if (rows.length === 0) return "id"
  const fields = Object.entries(rows.at(0))
  const [name = "id"] = fields.find(([name, value]) => isKey({ [name]: value })) ?? fields[0] ?? []
  return name
}

/** Throws unless every listing can be served and read. */
const tryOut = (listings: ReadonlyArray<Served>, corpus: Corpus): void => {
  const first = corpus.conversationIds.at(0)
  for (const listing of listings) {
    const { isNameless, operation, paging } = listing
    const isLink = paging.by === "link"
    if (isLink || isNameless) {
      const why = isLink ? "is paged by links" : `has no parameter called ${conversationId}`
      throw new Unservable(`${operation} ${why}; export an emulation of your own`)
    }
    const rows = listing.rows(corpus, first) ?? Rows.map(Rows.range(0), () => ({}))
    const answer = serve(listing, rows, { path: [], query: new URLSearchParams(), faults: [] })
    if (listing.read(answer.body) === undefined) {
      throw new Unservable(
        `the envelope of ${operation} does not read what its render writes; give the listing a render`
      )
    }
  }
}
