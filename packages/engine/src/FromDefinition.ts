/**
 * A vendor's emulation from its definition alone: its listings say the paths, the paging and the answers, its codecs the
 * rows.
 *
 * It knows no more than the definition does, so it shows whether a vendor's parts fit together, and not whether they are
 * right. An emulation that is written from the vendor's documents, or a real server, can show that.
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
import type { Conversation, InvalidRequest, Message } from "@colloquy/core"
import { Memory, Timestamp, type Vendor } from "@colloquy/core/vendor"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { type Api, statusOf } from "./Api.ts"
import * as Dialogue from "./Dialogue.ts"
import * as Emulation from "./Emulation.ts"
import type * as Fixtures from "./Fixtures.ts"
import * as IdCodec from "./IdCodec.ts"
import * as Answers from "./internal/answers.ts"
import * as Encoders from "./internal/encoders.ts"
import * as Listings from "./internal/listings.ts"
import * as Random from "./Random.ts"
import * as Rows from "./Rows.ts"

/** What is needed of a vendor. */
export interface Definable {
  readonly definition: Pick<
    Vendor.Any["definition"],
    | "name"
    | "tokenVariable"
    | "authorization"
    | "serverChoosesPageSize"
    | "service"
    | "messages"
    | "conversations"
  >
  readonly sourceFrom: Vendor.Any["sourceFrom"]
  readonly decoder: Vendor.Any["decoder"]
}

/** A way to read the emulation: a source with these options, and the operations of the listings that it reads. */
export interface SourceFacts {
  readonly name: string
  readonly options: unknown
  readonly messages: string
  readonly conversations: string
}

/** What a definition does not say. */
export interface Options {
  /** The flags that `colloquy pull` needs to read it. Default none. */
  readonly flags?: ReadonlyArray<string> | undefined
  /** The source that reads it. Without one, the emulation has no readers. */
  readonly source?: SourceFacts | undefined
  /** By operation, fields that every row has and no canonical field gives. Default none. */
  readonly more?: ReadonlyMap<string, Schema.JsonObject> | undefined
  /** A failure in the vendor's own shape. Default the status, and an object with a `message`. */
  readonly failure?: Api["failure"] | undefined
}

/** An emulation from a definition, which assumes nothing. */
export interface DerivedEmulation extends Emulation.Emulation<string, Emulation.Corpus, readonly []> {}

/**
 * Makes the emulation of a vendor. Fails with words that say what the definition lacks: a codec without `encode`, a wire
 * schema that needs more than `encode` gives, a listing whose `envelope` does not read what its `render` writes.
 *
 * A list that the vendor derives from messages is served where all messages can be asked for at once.
 */
export const make = (vendor: Definable, options: Options = {}): Result.Result<DerivedEmulation, Error> =>
  Result.try({
    try: () => {
      const parts = partsOf(vendor, options)
      const emulation = emulationOf(vendor, options, () => parts)
      Answers.tryOut(parts.listings, emulation.start().corpus)
      return emulation
    },
    catch: (cause) => (cause instanceof Error ? cause : new Encoders.Unservable(String(cause)))
  })

/**
 * The same for a vendor whose tests try it: nothing is made before the emulation is used, so that a program which only may
 * use it starts sooner. What `make` would fail with, the first use throws.
 */
export const tried = (vendor: Definable, options: Options = {}): DerivedEmulation => {
  let made: Parts | undefined
  return emulationOf(vendor, options, () => (made ??= partsOf(vendor, options)))
}

/**
 * The facts of a source with these options. Throws `TypeError` if the options choose no listing: a mistake of whoever gave
 * them.
 */
export const sourceOf = <Options>(
  {
    messages,
    conversations
  }: Pick<Vendor.Definition<string, Options, unknown>, "messages" | "conversations">,
  name: string,
  options: Options
): SourceFacts => ({
  name,
  options,
  messages: operationOf(messages.of(options, { conversationId: "1", conversation: undefined })),
  conversations: operationOf(conversations.of(options, 0))
})

/** What a definition says of the listings that its service reads. For tests of vendors. */
export const listingsOf: (
  definition: Pick<Vendor.Any["definition"], "service">
) => ReadonlyArray<Listings.Facts> = Listings.facts

const operationOf = (listing: { readonly operation: string } | InvalidRequest): string => {
  // Not by its class: the vendor may have a copy of core of its own.
  if ("_tag" in listing) throw new TypeError(`options choose no listing: ${listing.message}`)
  return listing.operation
}

/** What requests are answered with. */
interface Parts {
  readonly said: Encoders.Encoder<Message>
  readonly listed: Encoders.Encoder<Conversation>
  readonly listings: ReadonlyArray<Listings.Served>
}

const partsOf = ({ definition }: Definable, { more, source }: Options): Parts => {
  const encoders = Encoders.make(definition, more)
  return {
    said: Encoders.named(encoders.messages, source?.messages),
    listed: Encoders.named(encoders.conversations, source?.conversations),
    listings: Listings.make(definition, encoders, source?.options)
  }
}

const emulationOf = (
  vendor: Definable,
  { failure = messageOnly, flags = [], source }: Options,
  parts: () => Parts
) => {
  const { authorization, name, tokenVariable } = vendor.definition
  return Emulation.make({
    vendor: name,
    assumptions: [],
    authorization,
    owns: (path) => parts().listings.some((listing) => Listings.hasPath(listing, path)),
    corpus: (input) => corpusOf(name, parts(), seeded(name, input)),
    fixtures: (given) => corpusOf(name, parts(), of(given)),
    api: (corpus) => Answers.apiOf(parts().listings, corpus, failure),
    readers: (corpus) => (source === undefined ? [] : [readerOf({ ...parts(), vendor, source, corpus })]),
    usage: { variable: tokenVariable, flags }
  })
}

const corpusOf = (vendor: string, { listed, listings, said }: Parts, given: Made): Answers.Corpus => {
  const made = listings.some(({ servesAll }) => servesAll) ? derived(vendor, given) : given
  return {
    ...made,
    conversations: Rows.map(made.listed, listed.row),
    messages: (id) => {
      const rows = made.said(id)
      return rows === undefined ? undefined : Rows.map(rows, said.row)
    }
  }
}

/** The body is the emulation's choice: readers of errors look for `message` or `error`. */
const messageOnly: Api["failure"] = (failure, message) => ({ status: statusOf[failure], body: { message } })

// ---------------------------------------------------------------------------------------------------------------
// Its reader
// ---------------------------------------------------------------------------------------------------------------

interface Read extends Parts {
  readonly vendor: Definable
  readonly source: SourceFacts
  readonly corpus: Answers.Corpus
}

const readerOf = ({ corpus, listed, listings, said, source, vendor }: Read): Emulation.Reader => {
  const { decoder, definition, sourceFrom } = vendor
  const inOrderOf = (operation: string) =>
    listings.find((listing) => listing.operation === operation)?.isNewestFirst === true
      ? Rows.reverse
      : <A>(rows: Rows.Rows<A>) => rows
  return {
    name: source.name,
    source: (how) => {
      const { pageSize, ...connection } = Struct.omit(how, ["since", "until"])
      const asked = definition.serverChoosesPageSize === true ? undefined : pageSize
      return sourceFrom(source.options, { ...connection, pageSize: asked })
    },
    conversations: inOrderOf(source.conversations)(corpus.conversations),
    messages: (id) => {
      const rows = corpus.messages(id)
      return rows === undefined ? undefined : inOrderOf(source.messages)(rows)
    },
    conversationRow: listed.row,
    messageRow: said.row,
    decoder,
    spoils: { conversation: listed.spoils, message: said.spoils },
    hasDerivedList: listings.every(({ rows }) => rows.of === "messages")
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Its conversations
// ---------------------------------------------------------------------------------------------------------------

type Made = Pick<Answers.Corpus, "conversationIds" | "listed" | "said">

/** A list that is derived from messages: it has no conversation without any, and tells of the others what they tell. */
const derived = (vendor: string, { conversationIds, said }: Made): Made => {
  const there = Rows.toArray(conversationIds).flatMap((id) => {
    const rows = said(id)
    return rows === undefined || rows.length === 0 ? [] : [{ id, rows }]
  })
  const listed = ({ id, rows }: (typeof there)[number]) => {
    const times = { createdAt: rows.at(0).createdAt, updatedAt: rows.at(rows.length - 1).createdAt }
    return Memory.conversationOf(
      { vendor, account: "default" },
      { ...times, id, messageCount: rows.length, messages: [] }
    )
  }
  return {
    said,
    conversationIds: Rows.fromArray(there.map(({ id }) => id)),
    listed: Rows.map(Rows.fromArray(there), listed)
  }
}

/** Ids are whole numbers as text, which vendors with numbers for ids can have, too. */
const seeded = (vendor: string, { options, view }: Emulation.CorpusInput) => {
  const own = Array.from(vendor, (letter) => letter.codePointAt(0) ?? 0)
  const dialogues = Dialogue.make(options, Random.hash(...own), "user")
  const ids = IdCodec.counted(dialogues.length, 7000, 3)
  const owner = { vendor, account: "default" }
  const listed = Rows.map(Rows.range(dialogues.length), (index) => {
    const { end, size, start } = dialogues.at(index)
    const times = { createdAt: Timestamp.fromMillis(start), updatedAt: Timestamp.fromMillis(end) }
    const id = ids.idOf(index)
    return Memory.conversationOf(owner, { ...times, id, messageCount: size, messages: [] })
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
          const given = { id, role, text, createdAt: Timestamp.fromMillis(time) }
          return Memory.messageOf(owner, conversationId, given, turn)
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
