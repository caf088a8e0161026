/**
 * Canonical values as a vendor's rows, by its codecs.
 */
import type { Conversation, Message } from "@colloquy/core"
import { type Codec, Memory, type Vendor } from "@colloquy/core/vendor"
import type * as Schema from "effect/Schema"

/** Why a definition cannot be served. */
export class Unservable extends Error {}

/** Makes the rows of one operation. */
export interface Encoder<in Canonical> {
  readonly operation: string
  /** A value's row. Throws for a value that the vendor cannot have. */
  readonly row: (canonical: Canonical) => Schema.JsonObject
  /** The first field whose undocumented type makes a row undecodable. */
  readonly spoils: string
}

/** The encoders of a vendor, in the order of its codecs. */
export interface Encoders {
  readonly messages: ReadonlyArray<Encoder<Message>>
  readonly conversations: ReadonlyArray<Encoder<Conversation>>
}

/** Makes the encoders. Throws for a codec without `encode`, and for one whose rows lack something. */
export const make = (
  { conversations, messages, name }: Pick<Vendor.Any["definition"], "name" | "messages" | "conversations">,
  more: ReadonlyMap<string, Schema.JsonObject> = new Map()
): Encoders => {
  const owner = { vendor: name, account: "default" }
  const said = Memory.messageOf(owner, "1", { id: "1", role: "user", text: "hi", createdAt: null }, 0)
  const listed = Memory.conversationOf(owner, { id: "1", messages: [] })
  return {
    messages: messages.codecs.map((codec) => encoderOf(codec, more, said)),
    conversations: conversations.codecs.map((codec) => encoderOf(codec, more, listed))
  }
}

/** The encoder of an operation; the first one without a name. */
export const named = <Canonical>(
  encoders: ReadonlyArray<Encoder<Canonical>>,
  operation: string | undefined
): Encoder<Canonical> => {
  const found = operation === undefined ? encoders[0] : ofOperation(encoders, operation)
  if (found === undefined) throw new Unservable(`there is no codec of ${operation ?? "anything"}`)
  return found
}

/** The encoder of an operation, if there is one. */
export const ofOperation = <Canonical>(
  encoders: ReadonlyArray<Encoder<Canonical>>,
  operation: string
): Encoder<Canonical> | undefined => encoders.find((encoder) => encoder.operation === operation)

const encoderOf = <Canonical>(
  { encode, operation, row }: Codec.RowDecoder<Canonical> & Partial<Codec.Encodes<Canonical>>,
  more: ReadonlyMap<string, Schema.JsonObject>,
  sample: Canonical
): Encoder<Canonical> => {
  if (encode === undefined || row === undefined)
    throw new Unservable(`the codec of ${operation} has no encode`)
  const encoded = (canonical: Canonical): Schema.JsonObject => {
    const json = { ...more.get(operation), ...encode(canonical) }
    if (row.is(json)) return json
    throw new Unservable(
      `what encode gives is no row of ${operation}: ${row.problem(json)}; require fewer fields in its wire schema`
    )
  }
  const json = encoded(sample)
  const spoils = Object.keys(json).find((field) => !row.is({ ...json, [field]: [false] })) ?? ""
  return { operation, row: encoded, spoils }
}
