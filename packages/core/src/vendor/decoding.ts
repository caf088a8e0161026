/**
 * A vendor's decoder: converts kept rows to canonical values by the codec of their listing.
 */
import * as Result from "effect/Result"
import type { Conversation } from "../model/Conversation.ts"
import type { Message } from "../model/Message.ts"
import type { Origin } from "../model/Page.ts"
import { SourceError } from "../model/SourceError.ts"
import type { Decoder } from "../source/Decoder.ts"
import type { KeptRow, RowDecoder } from "./Codec.ts"
import type { Codecs } from "./Vendor.ts"

/** The part of a definition that decoding needs. */
interface Decodable {
  readonly name: string
  readonly messages: { readonly codecs: Codecs<Message> }
  readonly conversations: { readonly codecs: Codecs<Conversation> }
}

/** Makes the decoder of a vendor. */
export const make = ({ conversations, messages, name }: Decodable): Decoder => ({
  message: ({ index, ordinal = 0, origin, ...row }) =>
    decode(name, messages.codecs, { ...row, index, ordinal, options: origin?.options ?? {} }, origin),
  conversation: ({ origin, ...row }) =>
    decode(
      name,
      conversations.codecs,
      { ...row, conversationId: "", index: null, ordinal: 0, options: origin?.options ?? {} },
      origin
    )
})

/** Decodes by the codec of the row's listing; without an origin, by the first codec that accepts the row. */
const decode = <Canonical>(
  vendor: string,
  codecs: Codecs<Canonical>,
  row: KeptRow,
  origin: Origin | undefined
): Result.Result<Canonical, SourceError> => {
  const own = codecs.find(({ operation }) => operation === origin?.listing)
  const decodeBy = ({ decodeRow, operation }: RowDecoder<Canonical>) =>
    Result.mapError(
      decodeRow(row),
      (reason) => new SourceError({ vendor, account: row.account, operation, reason })
    )
  const first = decodeBy(own ?? codecs[0])
  if (own !== undefined || Result.isSuccess(first)) return first
  return codecs.slice(1).map(decodeBy).find(Result.isSuccess) ?? first
}
