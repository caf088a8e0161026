/**
 * The service that an application depends on: conversations and messages of any vendor.
 *
 * Vendors' packages make sources as values (`Chatling.source({ chatbotId })`) for programs that read several, and as
 * a layer (`Chatling.layerSource({ chatbotId })`) for programs that read one. A context holds one service per tag: of
 * two merged layers of {@link Source}, only the second remains, without an error.
 */
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { Conversation } from "../model/Conversation.ts"
import type { Message } from "../model/Message.ts"
import type { Page } from "../model/Page.ts"
import * as Pagination from "../walk/Pagination.ts"
import type { ReadOptions } from "../walk/Pagination.ts"
import type { SourceError } from "../model/SourceError.ts"
import * as Memory from "./memory.ts"

/** Which messages to read, and how. */
export interface MessagesOptions extends ReadOptions {
  /** The vendor's id of the conversation. */
  readonly conversationId: string
  /**
   * The conversation from the list, if you have it. Sources take the expected message count from it, and OpenCopilot
   * the bot id.
   */
  readonly conversation?: Conversation | undefined
}

/** A source: the conversations and messages of one account at one vendor. */
export interface SourceService {
  /** The vendor's name in lower case. */
  readonly vendor: string
  /** The name of the credential. */
  readonly account: string
  /**
   * The options that choose the list's conversations (a bot, a span of time), as JSON. Together with vendor and
   * account it identifies a list. Conclusions from one list do not apply to another.
   */
  readonly listFilter: string
  /**
   * The fields of a conversation's `extra` that contain neither words nor names: ids, flags, counts, times. An
   * archive erases the other fields together with a person. Default none.
   */
  readonly impersonalExtra?: ReadonlyArray<string> | undefined
  /** The order of messages by time, if the vendor documents it; else `unknown`. */
  readonly messageOrder: Pagination.Order
  /** The pages of a conversation, oldest message first if the vendor can sort. Fails with `SourceError`. */
  readonly messagePages: (options: MessagesOptions) => Stream.Stream<Page<Message>, SourceError>
  /**
   * The pages of the list of conversations, in the vendor's order. Options left out come from the source. Fails with
   * `SourceError`.
   */
  readonly conversationPages: (options?: ReadOptions) => Stream.Stream<Page<Conversation>, SourceError>
}

/**
 * A source of conversations and messages, from any vendor.
 *
 * Depend on it in programs that read one account, and provide a vendor's `layerSource`. A stream that ends is
 * complete; a stream that cannot prove its end fails with `SourceError`. Everything that it emitted before is valid.
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
   * Every message of one conversation, in the listing's order.
   *
   * Fails with `SourceError`. Messages that were emitted before are valid.
   */
  static messages(
    options: Omit<MessagesOptions, "undecodable">
  ): Stream.Stream<Message, SourceError, Source> {
    return Pagination.items(Source.messagePages(options))
  }

  /** The same as pages. Each page has a checkpoint, and the last one the proof of the end. */
  static messagePages(options: MessagesOptions): Stream.Stream<Page<Message>, SourceError, Source> {
    return Stream.unwrap(Source.useSync((source) => source.messagePages(options)))
  }

  /**
   * The list of conversations as pages; the last one has the proof of the end. For other options than the source's,
   * call `conversationPages` of the service.
   */
  static readonly conversationPages: Stream.Stream<Page<Conversation>, SourceError, Source> = Stream.unwrap(
    Source.useSync((source) => source.conversationPages())
  )

  /** Every conversation of the list, in the vendor's order. Fails with `SourceError`. */
  static readonly conversations: Stream.Stream<Conversation, SourceError, Source> = Pagination.items(
    Source.conversationPages
  )

  /**
   * A source of conversations in memory, for tests of programs that read sources. Its walks end on a proof, as
   * vendors' do. A conversation that does not exist fails with `NotFound`.
   *
   * **Example** (A test's source)
   *
   * ```ts
   * import { Source } from "@colloquy/core"
   *
   * export const source = Source.fromConversations([
   *   { id: "42", messages: [{ role: "user", text: "Where is my order?" }] }
   * ])
   * ```
   */
  static fromConversations(
    conversations: ReadonlyArray<Memory.MemoryConversation>,
    options?: Memory.MemoryOptions
  ): SourceService {
    return Memory.fromConversations(conversations, options)
  }

  /** The same as a layer. */
  static layerConversations(
    conversations: ReadonlyArray<Memory.MemoryConversation>,
    options?: Memory.MemoryOptions
  ): Layer.Layer<Source> {
    return Layer.succeed(Source, Memory.fromConversations(conversations, options))
  }

  /**
   * Every message of every conversation in the list, one conversation after the other. To read several accounts, merge
   * their histories. Fails with `SourceError`.
   *
   * **Example** (Two vendors in one stream)
   *
   * ```ts
   * import { Botuj } from "@colloquy/botuj"
   * import { Chatling } from "@colloquy/chatling"
   * import { Source } from "@colloquy/core"
   * import { Effect, Stream } from "effect"
   *
   * export const everything = Stream.unwrap(
   *   Effect.gen(function* () {
   *     const botuj = yield* Botuj.source({})
   *     const chatling = yield* Chatling.source({ chatbotId: "123" })
   *     return Stream.merge(Source.history(botuj), Source.history(chatling))
   *   })
   * )
   * ```
   */
  static history(
    source: SourceService,
    read: Omit<ReadOptions, "from" | "undecodable"> = {}
  ): Stream.Stream<Message, SourceError> {
    return Pagination.items(Source.historyPages(source, read))
  }

  /**
   * The same as pages. Takes the options of a read without `from`. `undecodable: "keep"` applies to messages only: a
   * conversation that cannot be decoded always fails the stream.
   */
  static historyPages(
    source: SourceService,
    read: Omit<ReadOptions, "from"> = {}
  ): Stream.Stream<Page<Message>, SourceError> {
    return source.conversationPages({ ...read, undecodable: "fail" }).pipe(
      Stream.flatMap(({ items }) => Stream.fromArray(items)),
      Stream.flatMap((conversation) =>
        source.messagePages({ conversationId: conversation.id, conversation, ...read })
      )
    )
  }
}
