/**
 * Decoding rows that an earlier walk kept, without asking the vendor: for rows of `Page.undecodable`, once the schema that
 * they did not fit is mended.
 */
import type * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Conversation } from "../model/Conversation.ts"
import type { Message } from "../model/Message.ts"
import type { Origin } from "../model/Page.ts"
import type { SourceError } from "../model/SourceError.ts"

/** A message's row that a walk kept, with what else its message is made of. */
export interface KeptMessage {
  /** The name of the credential that it was read with. */
  readonly account: string
  /** The vendor's id of the conversation that was read. */
  readonly conversationId: string
  /** Its place among the rows of the walk, from 0. */
  readonly index: number
  readonly json: Schema.Json
  /** Where it stood, as its page told. Default: the first of the vendor's listings whose rows it fits. */
  readonly origin?: Origin | undefined
  /**
   * Which it is, from 0, of the messages of this conversation that are equal to it and of the same second. Default 0:
   * where another row has that id already, try 1, and so on. Only Chatling's ids depend on it.
   */
  readonly ordinal?: number | undefined
}

/** A conversation's row that a walk kept. */
export interface KeptConversation {
  readonly account: string
  readonly json: Schema.Json
  /** Where it stood, as its page told. Default: the first of the vendor's listings whose rows it fits. */
  readonly origin?: Origin | undefined
}

/**
 * A vendor's decoder: the same value that a walk would give, or `InvalidResponse` (kind `record`) for a row that still does
 * not fit. Vendors' packages have one each, such as `Botuj.decoder`.
 */
export interface Decoder {
  readonly message: (row: KeptMessage) => Result.Result<Message, SourceError>
  readonly conversation: (row: KeptConversation) => Result.Result<Conversation, SourceError>
}
