/**
 * Decodes rows that an earlier walk kept, without a request: the rows of `Page.undecodable`, once their schema is
 * corrected.
 */
import type * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Conversation } from "../model/Conversation.ts"
import type { Message } from "../model/Message.ts"
import type { Origin } from "../model/Page.ts"
import type { SourceError } from "../model/SourceError.ts"

/** A kept row of a message, with what else its decoding needs. */
export interface KeptMessage {
  /** The name of the credential that read it. */
  readonly account: string
  /** The vendor's id of the conversation. */
  readonly conversationId: string
  /** Its index among the rows of the walk, from 0. */
  readonly index: number
  readonly json: Schema.Json
  /** The `origin` that its page gave. Default: the first of the vendor's listings whose schema accepts the row. */
  readonly origin?: Origin | undefined
  /**
   * Its ordinal, from 0, among equal messages of the same second in this conversation. Default 0. If another row
   * already has the resulting id, try 1, and so on. Only Chatling's ids depend on it.
   */
  readonly ordinal?: number | undefined
}

/** A kept row of a conversation. */
export interface KeptConversation {
  readonly account: string
  readonly json: Schema.Json
  /** The `origin` that its page gave. Default: the first of the vendor's listings whose schema accepts the row. */
  readonly origin?: Origin | undefined
}

/**
 * A vendor's decoder, such as `Botuj.decoder`. It gives the same value as a walk. For a row that still does not fit
 * it gives `InvalidResponse` (kind `record`), for an `index` or `ordinal` that is not a whole number from 0
 * `InvalidRequest`.
 */
export interface Decoder {
  readonly message: (row: KeptMessage) => Result.Result<Message, SourceError>
  readonly conversation: (row: KeptConversation) => Result.Result<Conversation, SourceError>
}
