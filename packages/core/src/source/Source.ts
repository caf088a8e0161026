/**
 * The service that an application depends on: conversations and messages, whichever vendor is behind it.
 *
 * Vendor packages provide it: `Chatling.layerSource({ chatbotId })` and the like. Swapping the vendor is swapping
 * that layer.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Conversation } from "../model/Conversation.ts"
import type { Message } from "../model/Message.ts"
import type { Origin, Page } from "../model/Page.ts"
import * as Pagination from "../walk/Pagination.ts"
import type { ReadOptions } from "../walk/Pagination.ts"
import type { SourceError } from "../model/SourceError.ts"

/** Which messages to read, and how. */
export interface MessagesOptions extends ReadOptions {
  /** The vendor's id of the conversation. */
  readonly conversationId: string
  /**
   * The conversation as the list gave it, if you have it. It tells a source where to look (OpenCopilot's bot id) and
   * how many messages to expect.
   */
  readonly conversation?: Conversation | undefined
}

/** A message's row that a walk kept (see `Page.Undecodable`), with what else its message is made of. */
export interface KeptRow {
  /** The vendor's id of the conversation that was read. */
  readonly conversationId: string
  /** Its place among the rows of the walk, from 0. */
  readonly index: number
  readonly json: Schema.Json
  /** Where it stood, as its page told. Default: in the listing that this source reads. */
  readonly origin?: Origin | undefined
  /**
   * Which it is, from 0, of the messages of this conversation that are equal to it and of the same second. Default 0:
   * where another row has that id already, try 1, and so on. Only Chatling's ids depend on it.
   */
  readonly ordinal?: number | undefined
}

/** What every source can do. */
export interface SourceService {
  /** The vendor's name in lower case. */
  readonly vendor: string
  /** The name of the credential. */
  readonly account: string
  /**
   * The options that choose what is on the list of conversations (a bot, a span of time), as text: with vendor and account
   * they name the list, and what is concluded from one list is not applied to another.
   */
  readonly listFilter: string
  /**
   * The fields of a conversation's `extra` that are nobody's words and no name: ids, flags, counts, times. What is not among
   * them goes from an archive with a person who is forgotten. Default none.
   */
  readonly impersonalExtra?: ReadonlyArray<string> | undefined
  /** How messages run by their times, where the vendor documents it, else `unknown`. */
  readonly messageOrder: Pagination.Order
  /** The pages of a conversation, oldest message first where the vendor can sort. */
  readonly messagePages: (options: MessagesOptions) => Stream.Stream<Page<Message>, SourceError>
  /** The pages of the list of conversations, in the vendor's order, read by the source's defaults unless told. */
  readonly conversationPages: (options?: ReadOptions) => Stream.Stream<Page<Conversation>, SourceError>
  /**
   * Decodes a row that an earlier walk kept, without asking the vendor: the same message that a walk would give. For
   * rows of `Page.undecodable`, once the schema that they did not fit is mended. Fails with `InvalidResponse` (kind
   * `record`, position `index`) if the row still does not fit.
   */
  readonly messageOf: (row: KeptRow) => Effect.Effect<Message, SourceError>
  /** The same for a row of the list of conversations. */
  readonly conversationOf: (
    json: Schema.Json,
    origin?: Origin | undefined
  ) => Effect.Effect<Conversation, SourceError>
}

/**
 * Any vendor's conversation history.
 *
 * **Example** (Questions that people asked)
 *
 * ```ts
 * import { Source } from "@colloquy/core"
 * import { Stream } from "effect"
 *
 * export const questions = Source.messages({ conversationId: "42" }).pipe(
 *   Stream.filter((message) => message.role === "user")
 * )
 * ```
 */
export class Source extends Context.Service<Source, SourceService>()("@colloquy/core/Source") {
  /**
   * Every message of one conversation, in the listing's order. If the stream ends, it was all of them.
   *
   * Fails with `SourceError`; what was emitted before a failure is good.
   */
  static messages(
    options: Omit<MessagesOptions, "undecodable">
  ): Stream.Stream<Message, SourceError, Source> {
    return Pagination.items(Source.messagePages(options))
  }

  /** The same as pages: each with its checkpoint, and the last with the proof of the end. */
  static messagePages(options: MessagesOptions): Stream.Stream<Page<Message>, SourceError, Source> {
    return Stream.unwrap(Source.useSync((source) => source.messagePages(options)))
  }

  /**
   * The list of conversations as pages, the last with the proof of the end. To read it in another way than by default,
   * call the service's own `conversationPages` with a `ReadOptions`.
   */
  static readonly conversationPages: Stream.Stream<Page<Conversation>, SourceError, Source> = Stream.unwrap(
    Source.useSync((source) => source.conversationPages())
  )

  /** Every conversation of the account, in the vendor's order. If the stream ends, it was all of them. */
  static readonly conversations: Stream.Stream<Conversation, SourceError, Source> = Pagination.items(
    Source.conversationPages
  )
}
