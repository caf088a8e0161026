/**
 * What a suite tests: a vendor, what is known of it, and the servers that it is read from.
 */
import type { Conversation, Decoder, Message, Reason } from "@colloquy/core"
import type { Codec, ErrorTable, Vendor } from "@colloquy/core/vendor"
import { type Api, type Emulation, FromDefinition } from "@colloquy/engine"
import type * as Arbitrary from "effect/Arbitrary"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"

// ---------------------------------------------------------------------------------------------------------------
// What an author gives
// ---------------------------------------------------------------------------------------------------------------

/** A codec and rows for it. */
export interface RowsOf<in out Canonical> {
  readonly codec: Codec.RowDecoder<Canonical> & Codec.Encodes<Canonical>
  /** Rows of every kind that the vendor's documents allow, such as `Conformance.rows` makes. */
  readonly rows: Arbitrary.Arbitrary<Schema.JsonObject>
  /** Fields that every row of a derived server has and no canonical field gives. Default none. */
  readonly more?: Schema.JsonObject | undefined
}

/** An answer that the vendor is known to give. */
export interface KnownAnswer {
  /** One status, or several. */
  readonly status: number | ReadonlyArray<number>
  readonly body: unknown
  /** The reason that it means. */
  readonly means: Reason["_tag"] | "success"
}

/** The fingerprints of a source's checkpoints, for the conversation `c-1`. They must never change. */
export interface KeptCheckpoints<out Options> {
  readonly options: Options
  readonly account?: string | undefined
  readonly pageSize?: number | undefined
  readonly messages: string
  readonly conversations: string
}

/** A vendor, as `Vendor.make` gives it. */
export interface Tested<Options> extends FromDefinition.Definable {
  readonly definition: Vendor.Definition<string, Options, unknown>
}

interface Common<Options> {
  readonly vendor: Tested<Options>
  /** For each codec of messages, its rows. */
  readonly messages: ReadonlyArray<RowsOf<Message>>
  /** For each codec of conversations, its rows. */
  readonly conversations: ReadonlyArray<RowsOf<Conversation>>
  /** Answers with their meaning: at least one for each code of the error table. Default none. */
  readonly answers?: ReadonlyArray<KnownAnswer> | undefined
  /** Bodies that look like an answer and have no list, beside those that the suite makes itself. Default none. */
  readonly notLists?: ReadonlyArray<unknown> | undefined
  /**
   * What checkpoints are bound to, as the vendor's first version had it: put in what the first run says. Default none.
   */
  readonly checkpoints?: ReadonlyArray<KeptCheckpoints<Options>> | undefined
  /** How many histories of syncs are drawn for each source. Default 4. */
  readonly histories?: number | undefined
}

/** What a suite needs. Without an emulation it derives one for each source from the vendor's definition. */
export type Given<Options> = Common<Options> &
  (
    | { readonly emulation: Emulation.Emulation }
    | {
        /** The options of each source to test, by a name. */
        readonly sources: Readonly<Record<string, Options>>
        /** A failure in the vendor's own shape. Default: the status, and an object with a `message`. */
        readonly failure?: Api["failure"] | undefined
      }
  )

// ---------------------------------------------------------------------------------------------------------------
// What the checks read
// ---------------------------------------------------------------------------------------------------------------

/** One way to read the vendor. */
export interface SourceOf {
  readonly name: string
  readonly emulation: Emulation.Emulation
}

/** A codec of either kind, and rows for it. */
export interface CodecOf {
  readonly operation: string
  readonly of: "messages" | "conversations"
  readonly rows: Arbitrary.Arbitrary<Schema.JsonObject>
  /** Decodes a row; `back` encodes the value again. */
  readonly decode: (
    row: Codec.KeptRow
  ) => Result.Result<{ readonly value: unknown; readonly back: () => Schema.JsonObject }, Reason>
}

const codecOf = <Canonical>(of: CodecOf["of"], { codec, rows }: RowsOf<Canonical>): CodecOf => ({
  operation: codec.operation,
  of,
  rows,
  decode: (row) => Result.map(codec.decodeRow(row), (value) => ({ value, back: () => codec.encode(value) }))
})

/** A vendor under test. */
export interface Subject {
  readonly vendor: string
  readonly title: string
  readonly errors: ErrorTable.ErrorTable
  readonly options: { readonly fields: Schema.Struct.Fields }
  readonly sourceFrom: Vendor.Any["sourceFrom"]
  readonly decoder: Decoder
  readonly codecs: ReadonlyArray<CodecOf>
  readonly listings: ReadonlyMap<string, ReturnType<typeof FromDefinition.listingsOf>[number]>
  readonly answers: ReadonlyArray<KnownAnswer>
  readonly notLists: ReadonlyArray<unknown>
  readonly checkpoints: ReadonlyArray<KeptCheckpoints<unknown>>
  readonly sources: ReadonlyArray<SourceOf>
  readonly histories: number
}

/**
 * Prepares a vendor for the checks. Throws `TypeError` if rows for one of its codecs are missing, or if no emulation
 * can be derived.
 */
export const make = <Options>(given: Given<Options>): Subject => {
  const {
    answers = [],
    checkpoints = [],
    conversations,
    histories = 4,
    messages,
    notLists = [],
    vendor
  } = given
  const { definition, sourceFrom, decoder } = vendor
  const codecs = [
    ...messages.map((each) => codecOf("messages", each)),
    ...conversations.map((each) => codecOf("conversations", each))
  ]
  const operations = new Set(codecs.map(({ operation }) => operation))
  for (const { operation } of [...definition.messages.codecs, ...definition.conversations.codecs]) {
    if (!operations.has(operation)) throw new TypeError(`give rows for the codec of ${operation}`)
  }
  return {
    vendor: definition.name,
    title: definition.title,
    errors: definition.errors,
    options: definition.options,
    sourceFrom,
    decoder,
    codecs,
    listings: new Map(FromDefinition.listingsOf(definition).map((each) => [each.operation, each])),
    answers,
    notLists,
    checkpoints,
    sources: emulationsOf(given).flatMap((emulation) =>
      emulation.start({ conversations: 0 }).readers.map(({ name }) => ({ name, emulation }))
    ),
    histories
  }
}

/** Whether listings of a kind come in one answer. */
export const isInOneAnswer = ({ codecs, listings }: Subject, what: CodecOf["of"]): boolean =>
  codecs.some(({ of, operation }) => of === what && listings.get(operation)?.paging.by === "oneAnswer")

/** Whether listings of a kind are in the vendor's answers. Otherwise they are derived from others, and read from their start. */
export const isAnswered = ({ codecs, listings }: Subject, what: CodecOf["of"]): boolean =>
  codecs.some(({ of, operation }) => of === what && listings.has(operation))

const emulationsOf = <Options>(given: Given<Options>): ReadonlyArray<Emulation.Emulation> => {
  if ("emulation" in given) return [given.emulation]
  const { conversations, failure, messages, sources, vendor } = given
  const more = new Map(
    [...messages, ...conversations].map(({ codec: { operation }, more = {} }) => [operation, more])
  )
  return Object.entries(sources).map(([name, options]) => {
    const source = FromDefinition.sourceOf(vendor.definition, name, options)
    return Result.getOrThrow(FromDefinition.make(vendor, { source, more, failure }))
  })
}
